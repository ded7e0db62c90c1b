"""
Receipts and replies are decided once, whenever they come.
"""

from smsgw.gateway.orphans import ORPHAN_WAIT
from smsgw.message import Inbound, Receipt
from tests.support.worlds import NOW, World


def part(number: int, text: str) -> Inbound:
    """
    One of three parts of a long reply.
    """
    payload = text.encode("utf-16-be")
    return Inbound(
        "cm1", f"d{number}", "13800130000", "1069", payload, 8, NOW, number, 3, 5
    )


def test_parts_of_a_reply_join_in_any_order() -> None:
    """A long reply is one fact, with its text in order."""
    world = World()
    for number, text in ((3, "来"), (1, "我"), (2, "会"), (2, "会")):
        world.shard.outbox.keep_inbound(part(number, text), lambda: None)
        world.turn()
    world.turn()
    (fact,) = [fact for fact in world.facts() if fact.inbound]

    assert fact.inbound is not None
    assert "我会来" == fact.inbound.text


def test_a_torn_reply_is_shown_as_far_as_it_came() -> None:
    """After the wait the text has a gap, and the fact says which part."""
    world = World()
    world.shard.outbox.keep_inbound(part(1, "我"), lambda: None)
    world.turn(2)
    world.clock.at += 700
    world.turn(2)
    (fact,) = [fact for fact in world.facts() if fact.inbound]

    assert fact.inbound is not None
    assert fact.inbound.text.startswith("我…")
    assert "part 2 missing,part 3 missing" == fact.note


def test_parts_survive_a_restart() -> None:
    """A part that was acknowledged is there when the others come later."""
    world = World()
    world.shard.outbox.keep_inbound(part(1, "我"), lambda: None)
    world.turn(2)
    second = world.restart()
    for number, text in ((2, "会"), (3, "来")):
        second.shard.outbox.keep_inbound(part(number, text), lambda: None)
    second.turn(3)
    (fact,) = [fact for fact in second.facts() if fact.inbound]

    assert fact.inbound is not None
    assert "我会来" == fact.inbound.text


def test_an_orphan_goes_to_the_record() -> None:
    """A receipt that nothing claims for ten minutes becomes a fact."""
    world = World()
    world.shard.outbox.keep_receipt(
        Receipt("cm1", "X9", "delivered", "DELIVRD", "13800138000", NOW), lambda: None
    )
    world.turn(2)
    world.clock.at += ORPHAN_WAIT + 1
    world.turn(2)
    (fact,) = [fact for fact in world.facts() if fact.kind == "orphan"]

    assert fact.receipt is not None
    assert "X9" == fact.receipt.carrier_id
