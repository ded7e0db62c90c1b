"""
Requests that wait, and those given up.
"""

from smsgw.protocols import pending
from smsgw.protocols.pending import Pending, Request


def request(due: float = 60.0) -> Request:
    """
    A request of command 4.
    """
    return Request("token", 4, b"frame", due)


def test_take() -> None:
    """
    An answer finds its request by sequence and command, once.
    """
    waiting = Pending()
    waiting.add(1, request())
    assert waiting.take(1, 5) is None
    found = waiting.take(1, 4)
    assert found is not None
    assert ("token", False) == (found[0].token, found[1])
    assert waiting.take(1, 4) is None


def test_overdue() -> None:
    """
    What is due comes out, oldest first; adding it again makes it wait.
    """
    waiting = Pending()
    waiting.add(1, request(10.0))
    waiting.add(2, request(20.0))
    waiting.add(3, request(30.0))
    assert 10.0 == waiting.due()
    assert [1, 2] == [sequence for sequence, _ in waiting.overdue(25.0)]
    assert (1, True, False) == (len(waiting), 3 in waiting, 1 in waiting)


def test_give_up() -> None:
    """
    A request given up is found late, until it is forgotten.
    """
    waiting = Pending()
    for sequence in (1, 2):
        waiting.give_up(sequence, request(), 60.0)
    assert 2 == waiting.missed
    found = waiting.take(1, 4)
    assert found is not None
    assert found[1]
    assert 0 == waiting.missed
    waiting.forget(60.0 + pending.LATE_KEPT)
    assert waiting.take(2, 4) is None


def test_late_is_bounded() -> None:
    """
    Not more than so many are kept, however young.
    """
    waiting = Pending()
    for sequence in range(pending.LATE_MOST + 5):
        waiting.give_up(sequence, request(), 60.0)
    waiting.forget(60.0)
    assert waiting.take(4, 4) is None
    assert waiting.take(5, 4) is not None


def test_clear() -> None:
    """
    Clearing hands the tokens back.
    """
    waiting = Pending()
    waiting.add(1, request())
    assert ["token"] == waiting.clear()
    assert waiting.due() is None
