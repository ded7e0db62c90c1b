"""
What a session tells its owner.
"""

from typing import Any

import attrs

from smsgw.protocols.rows import Pdu

__all__ = [
    "Answered",
    "Bound",
    "Closing",
    "Event",
    "Expired",
    "LoginRefused",
    "LoginRequested",
    "Received",
]


@attrs.define
class LoginRequested:
    """
    The peer wants in: answer with C{accept_login} or C{refuse_login}.
    """

    sequence: int
    pdu: Pdu


@attrs.define
class LoginRefused:
    """
    The peer does not let us in; C{Closing} follows. C{version}: what it offers.
    """

    code: int
    version: int
    pdu: Pdu


@attrs.define
class Bound:
    """
    Logged in, in a version fixed from now on; C{pdu} is the answer to the login.
    """

    version: int
    pdu: Pdu


@attrs.define
class Answered:
    """
    A request's answer; C{pdu} is None when its body was bad (C{error}).

    C{late}: it came after the request had been given up. C{again}: the request
    had been sent more than once.
    """

    sequence: int
    token: Any
    pdu: Pdu | None
    error: str = ""
    late: bool = False
    again: bool = False


@attrs.define
class Received:
    """
    A request of the peer; answer it with C{answer}.
    """

    sequence: int
    pdu: Pdu


@attrs.define
class Expired:
    """
    A request given up after its last try; whether it was taken is unknown.
    """

    sequence: int
    token: Any


@attrs.define
class Closing:
    """
    The session is over: write what is left, then close the transport.

    C{reason}: terminated, peer_terminated, login_refused, login_timeout,
    silent (no answers), framing, unexpected, violations, unknown_commands,
    version. C{tokens} are of the requests still unanswered.
    """

    reason: str
    code: int = 0
    tokens: list[Any] = attrs.field(factory=list)


Event = LoginRequested | LoginRefused | Bound | Answered | Received | Expired | Closing
