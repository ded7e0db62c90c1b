"""
Tests of L{smsgw.gateway.caps}: alone, and on the way through a shard.
"""

from collections import Counter

import attrs

from smsgw.directory import Directory, Group, Share
from smsgw.gateway.caps import ENDLESS, Caps
from smsgw.gateway.dispatch import Depth
from tests.support.worlds import NOW, FakeCarrier, World, directory

DAY = 86400.0


def objects(*shares: Share, proportional: bool = False) -> Directory:
    """
    A group of these, with a backup.
    """
    found = directory(*(share.channel for share in shares), "spare")
    group = Group("all", shares, ("spare",), proportional)
    return attrs.evolve(found, groups={"all": group})


def caps(most: int) -> Caps:
    """
    Of one channel that is capped; a few messages wait.
    """
    found = objects(Share("cm1", 1, most))
    return Caps(lambda: found, Depth({"all:notice": 3, "all!x:bulk": 4, "alls:x": 9}))


def test_what_is_left() -> None:
    """
    Less with every message, all of it again tomorrow.
    """
    some = caps(3)
    for _ in range(2):
        some.took("cm1", "all", NOW)

    assert 1 == some.left("all", "cm1", NOW)
    assert not some.full("all", "cm1", NOW)
    some.took("cm1", "all", NOW)
    assert some.full("all", "cm1", NOW)
    assert 3 == some.left("all", "cm1", NOW + DAY)
    assert ENDLESS == some.left("all", "spare", NOW)


def test_no_cap() -> None:
    """
    0 is none; it is counted all the same, for the day somebody sets one.
    """
    some = caps(0)
    some.took("cm1", "all", NOW)

    assert ENDLESS == some.left("all", "cm1", NOW)
    capped = objects(Share("cm1", 1, 5))
    some.directory = lambda: capped
    assert 4 == some.left("all", "cm1", NOW)


def test_bounds() -> None:
    """
    Only where less is left than there is room for, and no more than waits.
    """
    some = caps(10)

    assert {} == some.bounds("cm1", 10, NOW)
    assert {"all": 7} == some.bounds("cm1", 11, NOW)
    some.depth.queues.clear()
    assert {"all": 1} == some.bounds("cm1", 11, NOW)
    assert {} == some.bounds("spare", 11, NOW)


def test_what_goes_up() -> None:
    """
    Each count once, under the day it was made.
    """
    some = caps(10)
    some.start({"all|cm1": 4}, NOW)
    for at in (NOW, NOW, NOW + DAY):
        some.took("cm1", "all", at)

    assert [("20260921", "all|cm1", 2), ("20260922", "all|cm1", 1)] == some.raised()
    assert [] == some.raised()
    assert {"all|cm1": 1} == some.counts


# Through a shard, with a queue in memory.


@attrs.define(eq=False)
class Swift(FakeCarrier):
    """
    Sends at once.
    """

    def count(self) -> int:
        """
        How many messages it was given.
        """
        return len(self.carried)


def world(*shares: Share, proportional: bool = False) -> World:
    """
    Channels with these shares.
    """
    found = objects(*shares, proportional=proportional)
    return World(objects=found, carriers={name: Swift(name) for name in found.channels})


def counts_of(one: World) -> Counter[str]:
    """
    How many messages each channel was given.
    """
    return Counter(
        {name: len(carrier.carried) for name, carrier in one.carriers.items()}
    )


def test_others_take_over() -> None:
    """
    At most so many; the rest is shared by the rest as their weights say, exactly.
    """
    one = world(
        Share("cm1", 5, 70), Share("cm2", 3), Share("cm3", 2), proportional=True
    )
    one.accept(*["您好"] * 140)
    one.turn(40)
    assert {"cm1": 70, "cm2": 42, "cm3": 28, "spare": 0} == counts_of(one)
    one.accept(*["您好"] * 200)
    one.turn(60)
    assert {"cm1": 70, "cm2": 42 + 120, "cm3": 28 + 80, "spare": 0} == counts_of(one)


def test_backups_take_over() -> None:
    """
    When every primary is full; urgent messages too.
    """
    one = world(Share("cm1", 1, 7), Share("cm2", 1, 5))
    one.accept(*["您好"] * 20, category="otp")
    one.turn(9)
    assert {"cm1": 7, "cm2": 5, "spare": 8} == counts_of(one)


def test_nobody_left_until_midnight() -> None:
    """
    What nobody may carry today waits for tomorrow.
    """
    one = world(Share("cm1", 1, 7))
    one.carriers["spare"].live = False
    one.accept(*["您好"] * 20)
    one.turn(9)
    assert {"cm1": 7, "spare": 0} == counts_of(one)
    assert 13 == one.counts()["waiting"]
    one.clock.at += DAY / 2
    one.turn(9)
    assert 14 == counts_of(one)["cm1"]


def test_a_restart_knows_the_days_count() -> None:
    """
    What was under way may count twice: then less is sent, never more.
    """
    one = world(Share("cm1", 1, 20), Share("cm2"))
    one.accept(*["您好"] * 12)
    one.carriers["cm2"].live = False
    one.turn(2)
    for flight, part in one.carrier.send():
        one.shard.settlement.taken(flight, part, f"c{flight.message.id}", one.clock.at)
    one.turn()
    again = one.restart()
    assert 8 == again.shard.exchange.shares.caps.left("all", "cm1", again.clock.at)
    again.accept(*["您好"] * 5)
    again.turn()
    killed = again.restart()
    assert 3 >= killed.shard.exchange.shares.caps.left("all", "cm1", NOW)
