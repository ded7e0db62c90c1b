"""
Tests for L{smsgw.forwarding}: two shards that get each other's receipts.
"""

from collections.abc import Sequence

import attrs

from smsgw.errors import Unavailable
from smsgw.forwarding import Forwarding
from smsgw.gateway.orphans import Orphans
from smsgw.gateway.outbox import Outbox
from smsgw.message import Receipt
from tests.support.worlds import NOW, Still, run


@attrs.define(eq=False)
class FakeStrays:
    """
    A shard that knows some carrier ids.
    """

    known: set[str]
    kept: dict[str, bytes] = attrs.field(factory=dict)
    asked: list[list[str]] = attrs.field(factory=list)
    away: bool = False

    async def bring(
        self, receipts: Sequence[tuple[str, bytes]], now: float
    ) -> list[bool]:
        """
        Keep what is known.
        """
        if self.away:
            raise Unavailable("away")
        self.asked.append([key for key, _ in receipts])
        for key, body in receipts:
            if key in self.known:
                self.kept[key] = body
        return [key in self.known for key, _ in receipts]

    async def brought(self) -> list[tuple[str, bytes]]:
        """
        All of it.
        """
        if self.away:
            raise Unavailable("away")
        return list(self.kept.items())

    async def drop(self, keys: Sequence[str]) -> None:
        """
        It is in good hands.
        """
        for key in keys:
            del self.kept[key]


def receipt(name: str) -> Receipt:
    """
    One that says: delivered.
    """
    return Receipt("cm", name, "delivered", "DELIVRD", "13800138000", NOW, "")


def pair(*known: str) -> tuple[Forwarding, Forwarding, list[str]]:
    """
    Two shards; the second knows these.
    """
    strays = [FakeStrays(set()), FakeStrays({f"cm|{name}" for name in known})]
    gone: list[str] = []
    made = [
        Forwarding(strays, number, Orphans(gone.append), Outbox(lambda: None), Still())
        for number in (0, 1)
    ]
    return made[0], made[1], gone


def test_a_receipt_finds_its_shard() -> None:
    """
    It leaves the first basket when the other shard has it, and the other's hands
    when it is durable there.
    """
    first, second, gone = pair("a")
    first.orphans.keep(receipt("a"), NOW)
    first.orphans.keep(receipt("b"), NOW)
    run(first.step())
    assert ["cm|a"] == gone
    assert ["cm|b"] == list(first.orphans.waiting())

    run(second.step())
    run(second.step())
    assert [("cm|a", receipt("a"))] == second.outbox.receipts
    other = second.strays[1]
    assert isinstance(other, FakeStrays)
    assert other.kept
    for acknowledge in second.outbox.acks:
        acknowledge()
    run(second.step())
    assert {} == other.kept


def test_asked_again_and_again() -> None:
    """
    The carrier's answer may come after its receipt: the other one is asked later,
    less and less often.
    """
    first, _, _ = pair()
    other = first.strays[1]
    assert isinstance(other, FakeStrays)
    first.orphans.keep(receipt("a"), NOW)
    times = []
    for _ in range(200):
        run(first.step())
        if other.asked:
            times.append(first.clock.monotonic() - NOW)
            other.asked.clear()
        run(first.clock.sleep(0.5))  # type: ignore[arg-type]  # a coroutine here
    assert [0.0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 63.5] == times


def test_another_shard_is_away() -> None:
    """
    Nothing is lost by it.
    """
    first, second, gone = pair("a")
    other = first.strays[1]
    assert isinstance(other, FakeStrays)
    other.away = True
    first.orphans.keep(receipt("a"), NOW)
    run(first.step())
    run(second.step())
    assert [] == gone
    other.away = False
    run(first.clock.sleep(0.5))  # type: ignore[arg-type]  # a coroutine here
    run(first.step())
    assert ["cm|a"] == gone
