"""
Tests of L{smsgw.gateway.patience}.
"""

from smsgw.gateway.patience import Patience
from smsgw.gateway.wants import Room

SOME, NONE = Room(5, 5, 1), Room(1, 1, 1)


def waited(patience: Patience, room: Room, *times: float) -> list[bool]:
    """
    Whether a channel is waited for after each of these looks.
    """
    told = []
    for now in times:
        patience.look({"cm": room}, now)
        told.append(patience.waits_for("cm"))
    return told


def test_a_moment_without_room() -> None:
    """
    It ends after a quarter of a second.
    """
    patience = Patience()
    assert [True, True] == waited(patience, SOME, 1.0, 1.05)
    assert [True, True, False] == waited(patience, NONE, 1.15, 1.25, 1.35)


def test_back_again() -> None:
    """
    Trust comes back when there is room again and again.
    """
    patience = Patience()
    waited(patience, SOME, 1.0)
    assert [True, True, False] == waited(patience, NONE, 1.1, 1.2, 1.3)
    assert [False, False, False, True] == waited(patience, SOME, 1.4, 1.5, 1.6, 1.7)
    assert [True] == waited(patience, NONE, 1.8)


def test_only_time_that_is_watched_counts() -> None:
    """
    A pause of the exchange is nobody's fault.
    """
    patience = Patience()
    waited(patience, SOME, 1.0)
    assert [True, True] == waited(patience, NONE, 60.0, 120.0)


def test_another_login() -> None:
    """
    Who was gone begins anew.
    """
    patience = Patience()
    waited(patience, SOME, 1.0)
    assert [True, True, False] == waited(patience, NONE, 1.1, 1.2, 1.3)
    patience.look({}, 1.4)
    assert [True] == waited(patience, NONE, 1.5)
