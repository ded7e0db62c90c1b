"""
Tests for L{smsgw.tenure}: two processes and one shard.
"""

import attrs

from smsgw.queues.leases import SECONDS
from smsgw.queues.memory_leases import MemoryLeases
from smsgw.tenure import MARGIN, SHARD, Tenure
from tests.support.record import now_or_never


@attrs.define
class Time:
    """
    One clock for the store and for all processes.
    """

    at: float = 1000.0

    def now(self) -> float:
        """
        Epoch seconds.
        """
        return self.at

    monotonic = now

    async def sleep(self, seconds: float) -> None:
        """
        Nobody sleeps here.
        """
        raise AssertionError(seconds)


def two(count: int = 1) -> tuple[Time, Tenure, Tenure]:
    """
    Two processes at the same shard.
    """
    time = Time()
    leases = MemoryLeases(time.now)
    first, second = (Tenure(leases, time, who, 0, count) for who in ("a", "b"))
    return time, first, second


def test_one_sends() -> None:
    """
    The shard is one's; ids are made in different lanes, of this shard.
    """
    _, first, second = two(3)
    now_or_never(first.renew([SHARD]))
    now_or_never(second.renew([SHARD]))

    assert (True, False) == (first.sending, second.sending)
    assert (0, 3) == (first.lane, second.lane)
    assert (1, 2) == (first.holders, second.holders)
    assert second.sure()


def test_sure_for_less_than_the_store_waits() -> None:
    """
    Who sleeps does not send when it wakes up, before anybody else may.
    """
    time, first, second = two()
    now_or_never(first.renew([SHARD]))
    time.at += SECONDS - MARGIN - 0.01
    assert first.sending
    time.at += 0.02
    now_or_never(second.renew([SHARD]))
    assert not first.sending
    assert not second.sending

    time.at += MARGIN
    now_or_never(second.renew([SHARD]))
    assert not first.sending
    assert second.sending
    now_or_never(first.renew([SHARD]))
    assert not first.has(SHARD)


def test_late_and_alone() -> None:
    """
    Who slept and finds that nobody came goes on, in the same lane.
    """
    time, first, _ = two()
    now_or_never(first.renew([SHARD]))
    time.at += 60
    now_or_never(first.renew([SHARD]))

    assert first.sending
    assert 0 == first.lane


def test_given_back() -> None:
    """
    Some of it, or all: the next one has it at once.
    """
    _, first, second = two()
    now_or_never(first.renew([SHARD, "line:cm:0"]))
    now_or_never(first.leave(["line:cm:0", "line:cm:7"]))
    now_or_never(second.renew(["line:cm:0", SHARD]))
    assert second.has("line:cm:0")
    assert not second.has(SHARD)

    now_or_never(first.give_back())
    now_or_never(second.renew([SHARD]))
    assert second.sending
    assert not first.sending
    assert (-1, 1) == (first.lane, second.lane)
