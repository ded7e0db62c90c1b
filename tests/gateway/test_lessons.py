"""
Sending teaches which carrier a number is with.
"""

import attrs

from smsgw.directory import Directory
from smsgw.gateway.lessons import Lessons
from smsgw.numbering.ported import PortedNumber
from smsgw.rules.book import Rulebook
from tests.support.shards import PHONE, World, directory


def two_carriers() -> Directory:
    """
    Channels C{cm} of mobile and C{cu} of unicom.
    """
    objects = directory("cm", "cu")
    channels = dict(objects.channels)
    channels["cm"] = attrs.evolve(channels["cm"], carrier="mobile")
    channels["cu"] = attrs.evolve(channels["cu"], carrier="unicom")
    return attrs.evolve(objects, channels=channels)


def test_denied_here_and_delivered_there() -> None:
    """
    The number is with the carrier that delivered; told once.
    """
    world = World(two_carriers())
    world.carriers["cu"].segments = 0
    world.accept(PHONE)
    world.move()
    [(flight, part)] = world.cm.send()
    world.shard.settlement.refused(flight, part, "MN", "ported", world.clock.now())
    world.carriers["cu"].segments = 100
    world.move()
    world.move()
    [(again, part)] = world.carriers["cu"].send()
    world.take(again, part, "C9")
    world.deliver("C9", channel="cu")
    world.move()
    world.move()
    assert [PortedNumber(PHONE, "unicom")] == world.shard.lessons.take()
    assert [] == world.shard.lessons.take()


def test_other_failures_teach_nothing() -> None:
    """
    Nor does a delivery without a denial.
    """
    world = World(two_carriers())
    world.accept(PHONE)
    world.move()
    [(flight, part)] = world.cm.send()
    world.shard.settlement.refused(flight, part, "X", "permanent", world.clock.now())
    world.move()
    assert [] == world.shard.lessons.take()


def test_a_channel_that_is_gone_teaches_nothing() -> None:
    """
    Its carrier is not known any more.
    """
    world = World(two_carriers())
    world.accept(PHONE)
    world.move()
    [(flight, _)] = world.cm.send()
    lessons = Lessons(lambda: Rulebook.of(Directory()))
    lessons.failed(flight, "ported")
    lessons.ended(flight, "delivered")
    assert [] == lessons.learned
