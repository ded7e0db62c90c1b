"""
The states of a session and all moves between them.
"""

from smsgw.errors import Unavailable

__all__ = ["MOVES", "RUNG", "move"]

MOVES = {
    ("new", "login"): "login",  # we asked to come in
    ("new", "asked"): "asked",  # the peer asked
    ("login", "granted"): "bound",
    ("asked", "granted"): "bound",
    ("bound", "drain"): "draining",  # no new requests; answers still come
    ("draining", "terminate"): "leaving",  # TERMINATE sent
    ("bound", "terminated"): "left",  # TERMINATE_RESP sent; a short grace
    ("draining", "terminated"): "left",
    ("leaving", "terminated"): "left",
}

RUNG = {  # why a session is over whose time in a state is up
    "new": "login_timeout",
    "login": "login_timeout",
    "asked": "login_timeout",
    "leaving": "terminated",
    "left": "peer_terminated",
}


def move(state: str, cause: str) -> str:
    """
    The next state; C{closed} is reached from everywhere and never left.
    """
    try:
        return MOVES[state, cause]
    except KeyError:
        raise Unavailable(f"{cause}: the session is {state}") from None
