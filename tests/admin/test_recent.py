"""
Tests for L{smsgw.admin.recent}.
"""

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.python.failure import Failure

from smsgw.admin.recent import FRESH, Recent
from smsgw.errors import Unavailable
from tests.support.record import now_or_never
from tests.support.shards import FakeClock


class Source:
    """
    Answers how often it was asked; C{turns} hold it up.
    """

    def __init__(self) -> None:
        self.asked = 0
        self.turns: list[Deferred[None]] = []

    async def at_once(self) -> int:
        """
        Without waiting.
        """
        self.asked += 1
        return self.asked

    async def late(self) -> int:
        """
        When the turn comes.
        """
        self.asked += 1
        self.turns.append(Deferred())
        await self.turns[-1]
        return self.asked


def test_an_answer_is_told_for_a_while() -> None:
    """
    Until it is two seconds old or forgotten; each key has its own.
    """
    clock, source = FakeClock(), Source()
    recent = Recent(clock)
    assert 1 == now_or_never(recent.get("a", source.at_once))
    clock.time += FRESH - 0.1
    assert 1 == now_or_never(recent.get("a", source.at_once))
    assert 2 == now_or_never(recent.get("b", source.at_once))
    clock.time += 0.2
    assert 3 == now_or_never(recent.get("a", source.at_once))
    recent.forget("a")
    assert 4 == now_or_never(recent.get("a", source.at_once))


def test_those_who_ask_together_get_one_answer() -> None:
    """
    It is found out once.
    """
    source, recent = Source(), Recent(FakeClock())
    found: list[int] = []
    for _ in range(3):
        ensureDeferred(recent.get("a", source.late)).addCallback(found.append)
    assert [] == found
    source.turns[0].callback(None)
    assert [1, 1, 1] == found


def test_a_failure_is_one_asker_s_own() -> None:
    """
    The next one tries again.
    """
    source, recent = Source(), Recent(FakeClock())
    failed, found = list[Failure](), list[int]()
    ensureDeferred(recent.get("a", source.late)).addErrback(failed.append)
    ensureDeferred(recent.get("a", source.late)).addCallback(found.append)
    source.turns[0].errback(Unavailable("busy"))
    assert Unavailable is failed[0].type
    source.turns[1].callback(None)
    assert [2] == found
