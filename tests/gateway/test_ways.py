"""
A message's whole way through a shard, and what may go wrong on it.
"""

import pytest

from smsgw.message import Inbound, Receipt
from tests.support.worlds import NOW, FakeCarrier, World, directory, run


def receipt(world: World, carrier_id: str, state: str = "delivered") -> None:
    """
    A status report comes in.
    """
    code = "DELIVRD" if state == "delivered" else "UNDELIV"
    world.shard.outbox.keep_receipt(
        Receipt("cm1", carrier_id, state, code, "13800130000", NOW), lambda: None
    )


def take(world: World, flight: object, part: int, carrier_id: str) -> None:
    """
    The carrier takes a segment.
    """
    world.shard.settlement.taken(flight, part, carrier_id, world.clock.now())  # type: ignore[arg-type]


def test_delivered() -> None:
    """Accepted, sent, taken and receipted, a message ends as delivered."""
    world = World()
    (message_id,) = world.accept("您好")
    world.turn()
    ((flight, part),) = world.carrier.send()
    take(world, flight, part, "X1")
    world.turn()
    assert "submitted" == world.state(message_id)
    receipt(world, "X1")
    world.turn(2)

    assert "delivered" == world.state(message_id)
    assert {"accepted": 1, "ended": 1} == world.counts()


def test_receipt_before_the_response() -> None:
    """A receipt that comes first waits for its response."""
    world = World()
    (message_id,) = world.accept("您好")
    world.turn()
    ((flight, part),) = world.carrier.send()
    receipt(world, "X1")
    world.turn()
    take(world, flight, part, "X1")
    world.turn(3)

    assert "delivered" == world.state(message_id)
    assert {"accepted": 1, "ended": 1} == world.counts()


def test_receipt_with_the_response() -> None:
    """Response and receipt that pile up for one exchange both count."""
    world = World()
    (message_id,) = world.accept("您好" * 50)
    world.turn()
    sent = world.carrier.send()
    take(world, sent[0][0], 0, "X1")
    world.turn()
    receipt(world, "X1")
    take(world, sent[1][0], 1, "X2")
    receipt(world, "X2")
    world.turn(4)

    assert "delivered" == world.state(message_id)
    assert {"accepted": 1, "ended": 1} == world.counts()


def test_answered_while_its_receipt_is_on_the_way() -> None:
    """A receipt that the store still saw as leased is not lost when the last
    segment is answered meanwhile."""
    world = World()
    (message_id,) = world.accept("您好" * 50)
    world.turn()
    sent = world.carrier.send()
    take(world, sent[0][0], 0, "X1")
    world.turn()
    receipt(world, "X1")
    parcel = world.shard.outbox.take(world.shard.exchange.epoch, 99, [])
    down = run(world.queue.exchange(parcel.up, world.clock.now()))
    take(world, sent[1][0], 1, "X2")
    world.shard.exchange._apply(parcel, down)
    receipt(world, "X2")
    world.turn(4)

    assert "delivered" == world.state(message_id)
    assert {"accepted": 1, "ended": 1} == world.counts()


def test_a_double_receipt_changes_nothing() -> None:
    """The same receipt twice is one fact."""
    world = World()
    (message_id,) = world.accept("您好")
    world.turn()
    ((flight, part),) = world.carrier.send()
    take(world, flight, part, "X1")
    world.turn()
    receipt(world, "X1")
    receipt(world, "X1")
    world.turn(2)
    receipt(world, "X1", "undelivered")
    world.turn(2)

    assert "delivered" == world.state(message_id)
    assert 1 == sum(fact.kind == "receipt" for fact in world.facts())


def test_small_window_long_message() -> None:
    """A message with more segments than room gets them grant by grant."""
    world = World(carriers={"cm1": FakeCarrier(segments=2)})
    (message_id,) = world.accept("长" * 400)
    for _ in range(12):
        world.turn()
        for flight, part in world.carrier.send():
            take(world, flight, part, f"X{part}")
        for flight in world.carrier.carried:
            parts = len(flight.attempt.parts)
            if flight.attempt.upto < parts:
                flight.asked = min(parts, flight.attempt.upto + 2)
                world.shard.outbox.extend(flight)

    assert "submitted" == world.state(message_id)
    assert 7 == sum(fact.kind == "answered" for fact in world.facts())


def test_one_part_fails() -> None:
    """A message fails when one segment does, whatever the others say."""
    world = World()
    (message_id,) = world.accept("您好" * 50)
    world.turn()
    for flight, part in world.carrier.send():
        take(world, flight, part, f"X{part}")
    world.turn()
    receipt(world, "X1", "undelivered")
    receipt(world, "X0")
    world.turn(2)

    assert "undelivered" == world.state(message_id)
    assert {"accepted": 1, "ended": 1} == world.counts()


@pytest.mark.parametrize(
    ("category", "state", "uncertain"),
    [("critical", "queued", True), ("otp", "queued", True), ("report", "", False)],
)
def test_connection_lost_with_a_segment_out(
    category: str, state: str, uncertain: bool
) -> None:
    """What was sent and not answered is marked; urgent ones go again at once."""
    world = World()
    (message_id,) = world.accept("您好", category=category)
    world.turn()
    ((flight, _),) = world.carrier.send()
    world.shard.settlement.lost(flight, world.clock.now())
    world.carrier.carried.clear()
    world.carrier.segments = 0
    world.turn()

    assert "uncertain" in {fact.kind for fact in world.facts()}
    assert state == world.state(message_id)
    world.carrier.segments = 16
    world.turn()
    assert uncertain == bool(
        world.carrier.carried and world.carrier.carried[0].attempt.uncertain
    )


def test_a_notice_waits_then_goes_again_marked() -> None:
    """Sixty seconds without a receipt, then once more."""
    world = World()
    world.accept("您好", category="report")
    world.turn()
    ((flight, _),) = world.carrier.send()
    world.shard.settlement.lost(flight, world.clock.now())
    world.carrier.carried.clear()
    world.clock.at += 61
    world.turn(3)

    assert world.carrier.carried
    assert world.carrier.carried[0].attempt.uncertain


def test_an_orphan_receipt_resolves_a_doubt() -> None:
    """A receipt for the number says that the doubtful segment was taken."""
    world = World()
    (message_id,) = world.accept("您好", category="report")
    world.turn()
    ((flight, _),) = world.carrier.send()
    world.shard.settlement.lost(flight, world.clock.now())
    receipt(world, "X9")
    world.turn(3)
    world.clock.at += 120
    world.carrier.carried.clear()
    world.turn(2)

    assert "delivered" == world.state(message_id)
    assert [] == world.carrier.carried


def test_bulk_in_doubt_ends_unknown() -> None:
    """A bulk message is never doubled: it ends as unknown after the wait."""
    world = World()
    (message_id,) = world.accept("您好", category="bulk")
    world.turn()
    ((flight, _),) = world.carrier.send()
    world.shard.settlement.lost(flight, world.clock.now())
    world.clock.at += 3700
    world.turn(2)

    assert "unknown" == world.state(message_id)
    assert {"accepted": 1, "ended": 1} == world.counts()


def test_refused_for_good() -> None:
    """A segment the carrier refuses ends the message with its code."""
    world = World()
    (message_id,) = world.accept("您好")
    world.turn()
    ((flight, part),) = world.carrier.send()
    world.shard.settlement.refused(flight, part, "13", "number", world.clock.now())
    world.turn()

    assert "undelivered" == world.state(message_id)
    assert {"accepted": 1, "ended": 1} == world.counts()


def test_failover_to_another_channel() -> None:
    """A fault of one carrier sends the message by another one."""
    world = World(objects=directory("cm1", "cm2"))
    world.carriers["cm2"].live = False
    (message_id,) = world.accept("您好", category="otp")
    world.turn()
    ((flight, part),) = world.carriers["cm1"].send()
    world.shard.settlement.refused(
        flight, part, "9", "carrier_fault", world.clock.now()
    )
    world.carriers["cm2"].live = True
    world.carriers["cm1"].carried.clear()
    world.turn(2)

    assert [] == world.carriers["cm1"].carried
    assert message_id == world.carriers["cm2"].carried[0].message.id


def test_expired_before_it_was_sent() -> None:
    """What is past its validity is not sent, and says so."""
    world = World()
    (message_id,) = world.accept("您好", expire_at=NOW + 5)
    world.clock.at += 10
    world.turn(2)

    assert "expired" == world.state(message_id)
    assert {"accepted": 1, "ended": 1} == world.counts()


def test_cancel() -> None:
    """A message that waits is stopped; one that is out is too late."""
    world = World()
    world.carrier.live = False
    (message_id,) = world.accept("您好")
    account = world.objects.accounts["his"]
    answers = run(world.shard.gateway.cancel(account, [message_id], world.clock.now()))
    assert [(message_id, "stopped")] == answers
    world.carrier.live = True
    world.turn(2)
    assert "canceled" == world.state(message_id)
    assert [] == world.carrier.send()

    (other,) = world.accept("您好")
    world.turn()
    world.carrier.send()
    answers = run(world.shard.gateway.cancel(account, [other], world.clock.now()))
    assert [(other, "too_late")] == answers


def test_schedule() -> None:
    """A message for later waits for its time."""
    world = World()
    world.accept("您好", send_at=NOW + 100)
    world.turn(2)
    assert [] == world.carrier.carried
    world.clock.at += 101
    world.turn(3)

    assert 1 == len(world.carrier.carried)


def test_restart_takes_up_what_was_left() -> None:
    """Unsent goes on, unanswered is in doubt, submitted waits for its receipt."""
    world = World()
    ids = world.accept("一", "二", category="otp")
    world.turn()
    sent = world.carrier.send()
    take(world, sent[0][0], 0, "X0")
    world.turn()
    second = world.restart()
    second.turn(2)
    receipt(second, "X0")
    second.turn(2)

    assert "delivered" == second.state(ids[0])
    ((flight, _),) = second.carrier.send()
    assert ids[1] == flight.message.id
    assert flight.attempt.uncertain


def test_ids_go_on_above_the_stored_mark() -> None:
    """A process whose clock is behind repeats no id."""
    world = World()
    (before,) = world.accept("您好")
    world.clock.at -= 3600
    (after,) = world.restart().accept("您好")

    assert after > before


def test_a_reply_becomes_a_fact() -> None:
    """A reply is kept, acknowledged, decoded and told once."""
    world = World()
    told: list[str] = []
    for _ in range(1):
        world.shard.outbox.keep_inbound(
            Inbound(
                "cm1", "d1", "13800130000", "1069", "好".encode("utf-16-be"), 8, NOW
            ),
            lambda: told.append("durable"),
        )
    world.turn(2)
    (fact,) = [fact for fact in world.facts() if fact.kind == "inbound"]

    assert ["durable"] == told
    assert fact.inbound is not None
    assert "好" == fact.inbound.text
