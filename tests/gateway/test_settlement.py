"""
Outcomes become settles, exactly one of each message.
"""

from smsgw.gateway.settlement import queue_of
from tests.support.worlds import World, directory


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
