"""
The rules at work on the way of a message: at the door, at dispatch, before it goes.
"""

import attrs

from smsgw.directory import Frequency, Rule, SendWindow
from smsgw.gateway.brakes import HUSH
from smsgw.message import Inbound
from smsgw.numbering.plan import NumberPlan
from smsgw.numbering.ported import PortedNumber
from smsgw.rules.blocked import BY_REPLY, Block
from smsgw.rules.book import Rulebook
from tests.support.shards import NOW, PHONE, World, directory

OTHER = "13900139000"


def blocked(world: World, *blocks: Block) -> None:
    """
    These become known to the node.
    """
    gateway = world.shard.gateway
    lists = gateway.book.lists
    lists = attrs.evolve(lists, blocked=lists.blocked.with_changes(blocks))
    gateway.book = Rulebook.of(gateway.directory, lists)


def test_a_blocked_number_ends_at_dispatch() -> None:
    """
    Its message is rejected with the scope; others go.
    """
    world = World()
    blocked(world, Block(PHONE))
    world.accept(PHONE, OTHER)
    world.move()
    assert [OTHER] == [one.message.to for one in world.cm.flights]
    [fact] = world.facts("rejected")
    assert ("rejected", "4101", "all") == (fact.state, fact.code, fact.note)


def test_an_opt_out_reaches_what_waits_in_the_queue() -> None:
    """
    Dispatched already, it is looked at once more when a channel takes it.
    """
    world = World()
    world.cm.segments = 0
    world.accept(PHONE, category="report")
    world.move()
    blocked(world, Block(PHONE, source=BY_REPLY))
    world.cm.segments = 100
    world.move()
    world.move()
    assert world.cm.flights == []
    [fact] = world.facts("final")
    assert ("rejected", "4101") == (fact.state, fact.code)


def test_an_opt_out_does_not_stop_a_critical_value() -> None:
    """
    Nor a code that somebody waits for.
    """
    world = World()
    blocked(world, Block(PHONE, source=BY_REPLY))
    world.accept(PHONE, category="critical")
    world.accept(PHONE, category="otp")
    world.move()
    assert ["critical", "otp"] == [one.message.category for one in world.cm.flights]


def test_a_newer_directory_keeps_the_lists() -> None:
    """
    What an operator changes elsewhere lifts no block.
    """
    world = World()
    blocked(world, Block(PHONE))
    world.shard.gateway.directory = attrs.evolve(world.directory, version=9)
    scope = world.shard.gateway.book.blocked_for(PHONE, "his", "notice", NOW)
    assert "all" == scope


def test_what_waits_for_someone_who_just_opted_out() -> None:
    """
    It is given back until the lists know; what is urgent goes.
    """
    world = World()
    world.cm.segments = 0
    world.accept(PHONE)
    world.accept(PHONE, category="otp")
    world.move()
    world.reply(
        Inbound("cm", "d", f"86{PHONE}", "1069", "ＴＤ".encode("utf-16-be"), 8, NOW)
    )
    world.move()
    world.cm.segments = 100
    world.move()
    world.move()
    assert ["otp"] == [one.message.category for one in world.cm.flights]
    world.move(HUSH + 1)
    world.move()
    assert ["otp", "notice"] == [one.message.category for one in world.cm.flights]


def test_too_many_to_a_number_are_told() -> None:
    """
    The rule that was reached is in the fact.
    """
    world = World()
    gateway = world.shard.gateway
    few = {"few": Frequency("few", 1, 60)}
    gateway.directory = attrs.evolve(world.directory, frequencies=few)
    world.accept(PHONE, OTHER, PHONE)
    world.move()
    assert [PHONE, OTHER] == [one.message.to for one in world.cm.flights]
    assert ["few"] == [one.note for one in world.facts("rejected")]


def test_marketing_waits_for_the_morning() -> None:
    """
    In the queue, until the window opens; a wish to ignore it is granted.
    """
    world = World()
    gateway = world.shard.gateway
    opens = NOW + 3 * 3600 - (NOW + 8 * 3600) % 3600
    hour = int((opens + 8 * 3600) % 86400 // 3600)
    window = SendWindow("day", f"{hour:02}:00-{(hour + 5) % 24:02}:00")
    gateway.directory = attrs.evolve(world.directory, windows={"day": window})
    world.accept(PHONE, category="marketing")
    world.accept(OTHER, category="marketing", any_hour=True)
    world.move()
    assert [OTHER] == [one.message.to for one in world.cm.flights]
    world.move(opens - NOW)
    assert [OTHER, PHONE] == [one.message.to for one in world.cm.flights]


def test_a_ported_number_goes_by_its_new_carrier() -> None:
    """
    As soon as the node knows.
    """
    world = World(directory("cm", "cu"))
    gateway = world.shard.gateway
    plan = NumberPlan().with_ported([PortedNumber(PHONE, "unicom")])
    rules = (Rule("u", 1, "nowhere", carrier="unicom"),)
    lists = attrs.evolve(gateway.book.lists, numbers=plan)
    gateway.book = Rulebook.of(attrs.evolve(world.directory, rules=rules), lists)
    world.accept(PHONE)
    world.move()
    [fact] = world.facts("rejected")
    assert "no channel of nowhere" in fact.note
