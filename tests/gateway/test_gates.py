"""
Tests of L{smsgw.gateway.gates}.
"""

import attrs

from smsgw.gateway.dispatch import Depth
from smsgw.gateway.gates import Gates
from smsgw.gateway.wants import Room
from smsgw.rules.health import Health
from smsgw.rules.signs import Sample
from tests.support.shards import directory
from tests.support.worlds import World

REFUSES = Sample(refused=99)
SLOW = Sample(delays=(9.0,) * 9)
ROOM = Room(40, 30, 5)


def ill(sample: Sample, tried: bool = False) -> Health:
    """
    A channel that showed a sign at time 0.
    """
    health = Health()
    health.look(sample, 0.0)
    if tried:
        health.look(Sample(), health.until)
    return health


@attrs.define(eq=False)
class Two:
    """
    Channel C{a}, its backup C{b}, and which of them are live.
    """

    live: set[str] = attrs.field(factory=lambda: {"a", "b"})
    gates: Gates = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        known = directory("a", backups=["b"])
        self.gates = Gates(lambda: known, self.live.__contains__, Depth())

    def of(self, health: Health) -> tuple[list[str], Room]:
        """
        What C{a} may take from, and how much, if that is its health.
        """
        self.gates.healths["a"] = health
        sets = self.gates.sets("a", ["all", "all!b"])
        return sets, self.gates.room("a", ROOM, sets)


def test_who_is_well_may_all() -> None:
    """
    So may who is not known.
    """
    two = Two()
    assert (["all", "all!b"], ROOM) == two.of(Health())
    assert two.gates.counts_on("a")
    assert two.gates.counts_on("b")
    two.live.clear()
    assert not two.gates.counts_on("a")


def test_who_refuses_gets_nothing_but_canaries() -> None:
    """
    Even if nobody else is there: it would fail.
    """
    two = Two({"a"})
    assert [] == two.of(ill(REFUSES))[0]
    assert (["all", "all!b"], Room(40, 5)) == two.of(ill(REFUSES, tried=True))
    two.gates.took("a")
    assert 4 == two.gates.healths["a"].allowance
    for _ in range(4):
        two.gates.took("a")
    assert Room(0, 0) == two.gates.room("a", ROOM, ["all"])
    assert not two.gates.counts_on("a")


def test_who_is_slow_takes_what_is_nobody_elses() -> None:
    """
    With its backup there that is only what failed at the backup; after the hold it
    gets canaries.
    """
    two = Two()
    assert (["all!b"], ROOM) == two.of(ill(SLOW))
    assert (["all", "all!b"], Room(40, 5)) == two.of(ill(SLOW, tried=True))
    two.live.discard("b")
    assert (["all", "all!b"], ROOM) == two.of(ill(SLOW))
    assert (["all", "all!b"], ROOM) == two.of(ill(SLOW, tried=True))


def test_waiting_messages_that_are_nobody_elses_go_first() -> None:
    """
    A group that has no other channel is served fully while another is tried.
    """
    two = Two({"a"})
    known = directory("a")
    groups = {**known.groups, "more": directory("a", "b").groups["all"]}
    mixed = attrs.evolve(known, groups=groups)
    two.gates.directory = lambda: mixed
    two.live.add("b")
    two.gates.healths["a"] = ill(SLOW, tried=True)
    assert ["all", "more"] == two.gates.sets("a", ["all", "more"])
    assert Room(40, 5) == two.gates.room("a", ROOM, ["all", "more"])
    two.gates.depth.change("all:bulk", 1)
    assert ["all"] == two.gates.sets("a", ["all", "more"])
    assert ROOM == two.gates.room("a", ROOM, ["all"])


def test_who_was_paused_is_out() -> None:
    """
    Nobody waits for it.
    """
    two = Two()
    paused = Health()
    paused.order("paused", "", "liu", 1.0)
    assert [] == two.of(paused)[0]
    assert ["a"] == two.gates.off()
    two.gates.healths["a"].order("", "", "liu", 2.0)
    assert [] == two.gates.off()


@attrs.define(eq=False)
class Sent:
    """
    A shard with channel C{a} and its backup C{b}, and messages that wait.
    """

    world: World = attrs.field(
        factory=lambda: World(objects=directory("a", backups=["b"]))
    )

    def __attrs_post_init__(self) -> None:
        self.world.accept(*(f"您好{n}" for n in range(90)))

    def moved(self, turns: int = 1) -> tuple[int, int]:
        """
        How many messages each channel was given in some turns.
        """
        before = [len(one.carried) for one in self.world.carriers.values()]
        self.world.turn(turns)
        after = [len(one.carried) for one in self.world.carriers.values()]
        return after[0] - before[0], after[1] - before[1]


def test_a_backup_steps_in_while_a_channel_is_tripped() -> None:
    """
    When it is tried, five canaries go by it; the rest keeps to the backup until
    it is well.
    """
    sent = Sent()
    healths = sent.world.shard.gates.healths
    assert (16, 0) == sent.moved()
    healths["a"] = ill(REFUSES)
    assert (0, 16) == sent.moved()
    healths["a"] = ill(REFUSES, tried=True)
    assert (5, 16) == sent.moved()
    assert (0, 16) == sent.moved()
    assert healths["a"].look(Sample(taken=5), 16.0) is not None
    assert (16, 0) == sent.moved()


def test_what_failed_elsewhere_does_not_wait_for_a_paused_channel() -> None:
    """
    It is the first channel's again.
    """
    world = World(objects=directory("a", "b"))
    assert world.shard.settlement.others("all", ["a"])
    paused = Health()
    paused.order("paused", "", "liu", 1.0)
    world.shard.gates.healths["b"] = paused
    assert not world.shard.settlement.others("all", ["a"])
    world.shard.depth.change("all!a:bulk", 1)
    assert ["all!a", "all"] == world.shard.exchange.sets_of("a")
    assert [] == world.shard.exchange.sets_of("b")
