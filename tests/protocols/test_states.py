"""
The moves between a session's states.
"""

import pytest

from smsgw.errors import Unavailable
from smsgw.protocols.states import MOVES, move


def test_every_state_is_left() -> None:
    """
    No state but the last is a trap, and each is reached from the first.
    """
    sources = {state for state, _ in MOVES}
    assert {"left"} == set(MOVES.values()) - sources - {"leaving"}
    assert sources <= {"new", *MOVES.values()}


def test_move() -> None:
    """
    A move that does not exist is unavailable.
    """
    assert "bound" == move("login", "granted")
    with pytest.raises(Unavailable):
        move("closed", "login")
