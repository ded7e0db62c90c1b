"""
Outcomes become settles, exactly one of each message.
"""

import pytest

from smsgw.gateway import settlement
from smsgw.gateway.settlement import queue_of
from smsgw.message import Receipt
from tests.support.worlds import NOW, World, directory


def receipt(world: World, carrier_id: str) -> None:
    """
    A message was delivered.
    """
    world.shard.outbox.keep_receipt(
        Receipt("cm1", carrier_id, "delivered", "DELIVRD", "13800130000", NOW),
        lambda: None,
    )


def test_answers_of_a_begun_message_are_progress() -> None:
    """A segment's answer is kept although the message goes on."""
    world = World()
    world.accept("您好" * 50)
    world.turn()
    flight, part = world.carrier.send()[0]
    world.shard.settlement.taken(flight, part, "X1", world.clock.now())

    assert {flight.message.id} == set(world.shard.outbox.dirty)
    world.turn()
    assert {"accepted": 1, "leased": 1} == world.counts()


def test_a_refusal_after_a_taken_segment_is_final() -> None:
    """What was taken cannot be recalled, so nothing is sent elsewhere."""
    world = World(objects=directory("cm1", "cm2"))
    (message_id,) = world.accept("您好" * 50)
    world.turn()
    flight, part = world.carrier.send()[0]
    now = world.clock.now()
    world.shard.settlement.taken(flight, part, "X1", now)
    world.shard.settlement.refused(flight, 1, "9", "carrier_fault", now)
    world.turn()

    assert "undelivered" == world.state(message_id)


def test_a_retry_keeps_to_the_validity() -> None:
    """No second attempt after the message's end."""
    world = World()
    (message_id,) = world.accept("您好", expire_at=world.clock.now() + 10)
    world.turn()
    ((flight, part),) = world.carrier.send()
    now = world.clock.now()
    world.shard.settlement.refused(flight, part, "9", "carrier_fault", now)
    world.turn()

    assert "undelivered" == world.state(message_id)


def test_the_only_channel_is_not_excluded() -> None:
    """With nobody else in the group, the same channel tries again."""
    world = World()
    world.accept("您好", category="otp")
    world.turn()
    ((flight, part),) = world.carrier.send()
    world.shard.settlement.refused(
        flight, part, "9", "carrier_fault", world.clock.now()
    )

    assert "all:code" == queue_of(flight)


def test_a_begun_message_stays_with_its_channel() -> None:
    """Connection lost with one segment taken: the rest goes by the same one."""
    world = World()
    world.accept("您好" * 50, category="otp")
    world.turn()
    flight, part = world.carrier.send()[0]
    now = world.clock.now()
    world.shard.settlement.taken(flight, part, "X1", now)
    world.shard.settlement.lost(flight, now)

    assert [flight] == world.carrier.carried
    assert [1] == flight.sendable()


def test_a_known_message_ends_with_its_receipt() -> None:
    """What is known here goes up decided; the store keeps no receipt."""
    world = World()
    (message_id,) = world.accept("您好")
    world.turn()
    ((flight, part),) = world.carrier.send()
    world.shard.settlement.taken(flight, part, "X1", world.clock.now())
    receipt(world, "X1")
    world.turn()

    assert "delivered" == world.state(message_id)
    assert {"accepted": 1, "ended": 1} == world.counts()
    assert ({}, {}) == (
        world.shard.settlement.opened,
        world.shard.settlement.places,
    )


def test_the_oldest_are_left_to_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not stay here is found by asking; nothing is decided twice."""
    monkeypatch.setattr(settlement, "KEPT", 1)
    world = World()
    names = world.accept("您好", "再见")
    world.turn()
    now = world.clock.now()
    for flight, part in world.carrier.send():
        carrier_id = f"X{names.index(flight.message.id)}"
        world.shard.settlement.taken(flight, part, carrier_id, now)
    world.turn(2)
    assert [names[1]] == list(world.shard.settlement.opened)
    assert ["cm1|X1"] == list(world.shard.settlement.places)
    for carrier_id in ("X0", "X1", "X0", "X1"):
        receipt(world, carrier_id)
    world.turn(3)

    assert ["delivered"] * 2 == [world.state(name) for name in names]
    assert {"accepted": 2, "ended": 2} == world.counts()
    assert 2 == len([fact for fact in world.facts() if fact.kind == "final"])
