"""
Tests for L{smsgw.keeping}: processes that share shards, on one clock.
"""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from smsgw.directory import Directory
from smsgw.errors import Unavailable
from smsgw.keeping import Keeper, Keepers
from smsgw.queues.leases import SECONDS
from smsgw.queues.memory_leases import MemoryLeases
from smsgw.tenure import SHARD, Tenure
from tests.support.worlds import Still, run


@attrs.define(eq=False)
class FakeFleet:
    """
    One login for each shard.
    """

    wanted: list[str]
    seated: list[str] = attrs.field(factory=list)

    def lines(self) -> list[str]:
        """
        What it may want.
        """
        return self.wanted

    def sit(self, has: Callable[[str], bool]) -> None:
        """
        What it has.
        """
        self.seated = [one for one in self.wanted if has(one)]


@attrs.define(eq=False)
class FakeHolding:
    """
    Notes what is asked of it.
    """

    number: int
    held: bool = False
    broken: bool = False
    lane: int = -1
    trouble: bool = False
    done: list[str] = attrs.field(factory=list)
    fleet: FakeFleet = attrs.field(init=False)
    directory: Directory = attrs.field(factory=Directory)
    places: dict[str, str] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.fleet = FakeFleet([f"line:cm:{self.number}"])

    @property
    def gateway(self) -> "FakeHolding":
        """
        Where the rules are, and everything else.
        """
        return self

    shard = settlement = outbox = gateway

    async def follow(self, directory: Directory) -> None:
        """
        Channels.
        """

    async def number_ids(self, lane: int) -> None:
        """
        Ids.
        """
        self.lane = lane

    async def begin(self) -> None:
        """
        Take the shard.
        """
        if self.trouble:
            raise Unavailable("away")
        self.done.append("begin")
        self.held = True

    async def quiet(self) -> None:
        """
        Leave carriers.
        """
        self.done.append("quiet")

    async def end(self) -> None:
        """
        Politely.
        """
        self.done.append("end")
        self.held = False

    async def drop(self) -> None:
        """
        At once.
        """
        self.done.append("drop")
        self.held = self.broken = False

    def renew(self) -> None:
        """
        As new.
        """
        self.lane = -1


@attrs.define(eq=False)
class Cluster:
    """
    Three shards' leases, and processes that come and go.
    """

    clock: Still = attrs.field(factory=Still)
    leases: list[MemoryLeases] = attrs.field(init=False)
    changes: list[str] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.leases = [MemoryLeases(self.clock.now) for _ in range(3)]

    def process(self, who: str) -> Keepers:
        """
        One more.
        """

        async def changed() -> None:
            self.changes.append(who)

        made = Keepers(self.clock, changed)
        for number, leases in enumerate(self.leases):
            holding: Any = FakeHolding(number)
            tenure = Tenure(leases, self.clock, who, number, 3)
            made.all.append(Keeper(holding, tenure, made))
        return made

    def look(self, *processes: Keepers) -> None:
        """
        A second passes.
        """
        self.clock.at += 1
        for process in processes:
            for keeper in process.all:
                run(keeper.look())


def held(process: Keepers) -> list[int]:
    """
    The numbers of what it holds.
    """
    return [one.number for one in process.holdings if one.held]


def test_alone() -> None:
    """
    It asks who else is there, then takes all shards, and their logins at once.
    """
    cluster = Cluster()
    one = cluster.process("one")
    cluster.look(one)
    assert [] == held(one)
    cluster.look(one)
    assert [0, 1, 2] == held(one)
    assert [0, 1, 2] == [holding.lane for holding in one.holdings]
    assert ["line:cm:2"] == one.holdings[2].fleet.seated
    assert one.is_first(0)
    assert not one.is_first(1)
    assert ["one"] * 3 == cluster.changes


def test_another_joins() -> None:
    """
    The last ones are given up politely, down to a fair part.
    """
    cluster = Cluster()
    one, two = cluster.process("one"), cluster.process("two")
    cluster.look(one)
    cluster.look(one)
    for _ in range(3):
        cluster.look(one, two)
    assert ([0, 1], [2]) == (held(one), held(two))
    assert ["begin", "quiet", "end"] == one.holdings[2].done
    assert one.is_first(0)
    assert two.is_first(2)


def test_one_dies() -> None:
    """
    What it held is taken when its leases have run out, not before.
    """
    cluster = Cluster()
    one, two = cluster.process("one"), cluster.process("two")
    for _ in range(4):
        cluster.look(one, two)
    assert 3 == len(held(one) + held(two))
    before = held(two)
    cluster.clock.at += SECONDS - 2
    cluster.look(two)
    assert before == held(two)
    cluster.look(two)
    cluster.look(two)
    assert [0, 1, 2] == held(two)


def test_one_sleeps() -> None:
    """
    It wakes up, finds that others have its shards, and drops them.
    """
    cluster = Cluster()
    one, two = cluster.process("one"), cluster.process("two")
    for _ in range(4):
        cluster.look(one, two)
    for _ in range(8):
        cluster.look(two)
    assert [0, 1, 2] == held(two)
    assert not any(keeper.tenure.sending for keeper in one.all)
    cluster.look(one)
    assert [] == held(one)
    assert "drop" in one.holdings[0].done
    for _ in range(3):
        cluster.look(one, two)
    assert 3 == len(held(one) + held(two))
    assert held(one)


def test_stop() -> None:
    """
    Everything is given up politely, and the next one has it within a second.
    """
    cluster = Cluster()
    one, two = cluster.process("one"), cluster.process("two")
    cluster.look(one)
    cluster.look(one)
    run(one.stop())
    assert [] == held(one)
    cluster.look(two)
    cluster.look(two)
    assert [0, 1, 2] == held(two)


def test_a_loop_ends() -> None:
    """
    A broken shard is dropped and may be taken again.
    """
    cluster = Cluster()
    one = cluster.process("one")
    cluster.look(one)
    cluster.look(one)
    one.holdings[1].broken = True  # type: ignore[misc]  # it is a fake one
    cluster.look(one)
    assert [0, 2] == held(one)
    cluster.look(one)
    assert [0, 1, 2] == held(one)
    assert ["begin", "drop", "begin"] == one.holdings[1].done


def test_it_cannot_begin() -> None:
    """
    A shard that is not reached when it was leased is left to others.
    """
    cluster = Cluster()
    one = cluster.process("one")
    holding: Any = one.holdings[1]
    holding.trouble = True
    cluster.look(one)
    cluster.look(one)
    assert [0, 2] == held(one)
    assert not one.all[1].tenure.has(SHARD)
    assert "away" == one.all[1].trouble
    holding.trouble = False
    cluster.look(one)
    assert [0, 1, 2] == held(one)
    assert "" == one.all[1].trouble


def test_store_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    It goes on with what it has, and is not sure of it for long.
    """

    async def away(*_: object) -> None:
        raise Unavailable("no answer")

    cluster = Cluster()
    one = cluster.process("one")
    cluster.look(one)
    cluster.look(one)
    monkeypatch.setattr(MemoryLeases, "take", away)
    cluster.look(one)
    assert one.all[0].tenure.sending
    for _ in range(4):
        cluster.look(one)
    assert not one.all[0].tenure.sending
    assert [0, 1, 2] == held(one)
    assert "no answer" == one.all[0].trouble


def test_receipts_of_sisters() -> None:
    """
    A receipt goes to the shard of this process that knows its message.
    """
    cluster = Cluster()
    one = cluster.process("one")
    cluster.look(one)
    cluster.look(one)
    first, second, _ = holdings = one.holdings
    second.shard.settlement.places["cm|7"] = "here"  # type: ignore[assignment]
    assert second is one.home_of(0, "cm|7")
    assert one.home_of(1, "cm|7") is None
    assert one.home_of(0, "cm|8") is None
    holdings[1].held = False
    assert one.home_of(0, "cm|7") is None
    assert first.held
