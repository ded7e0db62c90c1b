"""
A shard whole: messages from acceptance to their end, with all that goes wrong.
"""

from typing import Any

import attrs
import pytest

from smsgw.message import Inbound, Item
from tests.support.shards import (
    LONG,
    NOW,
    PHONE,
    World,
    directory,
    done,
)

OTHER = "13900139000"


def sent(world: World, **fields: Any) -> str:
    """
    A message accepted, leased and given to the socket; its id.
    """
    [item] = world.accept(**fields).items
    world.move()
    assert world.cm.send()
    return item.id


def submitted(world: World, **fields: Any) -> str:
    """
    The same, taken by the carrier as c1.
    """
    name = sent(world, **fields)
    world.take(world.cm.flights[0], 0, "c1")
    world.move()
    return name


def test_from_acceptance_to_delivery() -> None:
    """
    A message goes all the way; the counters go with it.
    """
    world = World()
    [item] = world.accept().items
    assert world.counts() == {"accepted": 1, "waiting": 1}
    world.move()
    assert world.counts() == {"accepted": 1, "leased": 1}
    world.cm.send()
    world.take(world.cm.flights[0], 0, "c1")
    world.move()
    assert world.counts() == {"accepted": 1, "open": 1}
    world.deliver()
    world.move()

    assert world.finals() == {item.id: "delivered"}
    assert world.counts() == {"accepted": 1, "ended": 1}
    assert world.acknowledged == ["c1"]
    assert [one.kind for one in world.facts()] == [
        "routed",
        "answered",
        "submitted",
        "receipt",
        "final",
    ]


def test_acknowledged_only_when_durable() -> None:
    """
    A receipt's answer leaves when the exchange that kept it has answered.
    """
    world = World()
    submitted(world)
    world.deliver()
    assert world.acknowledged == []
    world.move()

    assert world.acknowledged == ["c1"]


def test_receipt_before_the_response() -> None:
    """
    A receipt that overtook its response waits for it, and is no orphan then.
    """
    world = World()
    name = sent(world)
    world.deliver()
    world.move()
    world.take(world.cm.flights[0], 0, "c1")
    world.move()
    world.move(700)

    assert world.finals() == {name: "delivered"}
    assert world.facts("orphan") == []


def test_receipt_with_the_response() -> None:
    """
    Response and receipt between the same two exchanges.
    """
    world = World()
    name = sent(world)
    world.take(world.cm.flights[0], 0, "c1")
    world.deliver()
    world.move()

    assert world.finals() == {name: "delivered"}


@pytest.mark.parametrize("apart", [False, True])
def test_receipt_twice(apart: bool) -> None:
    """
    The second one is acknowledged and changes nothing.
    """
    world = World()
    name = submitted(world)
    for _ in range(2):
        world.deliver()
        if apart:
            world.move()
    world.move()

    assert world.finals() == {name: "delivered"}
    assert len(world.facts("receipt")) == 1
    assert world.acknowledged == ["c1", "c1"]
    assert world.counts() == {"accepted": 1, "ended": 1}


def test_unowned_receipt_goes_to_the_record() -> None:
    """
    Nobody claimed it in ten minutes.
    """
    world = World()
    world.deliver("strange")
    world.move()
    assert world.facts("orphan") == []
    world.move(601)

    [fact] = world.facts("orphan")
    assert fact.receipt is not None
    assert fact.receipt.carrier_id == "strange"


@pytest.mark.parametrize("category", ["critical", "otp"])
def test_urgent_are_sent_again_at_once(category: str) -> None:
    """
    A lost line: critical values and codes go again, marked.
    """
    world = World()
    name = sent(world, category=category)
    world.cm.break_off(world.shard.settlement, world.clock.now())
    world.move()
    [flight] = world.cm.flights

    assert flight.message.uncertain
    assert flight.message.resends == 1
    assert flight.message.attempt == 2
    assert len(world.facts("uncertain")) == 1
    world.cm.send()
    world.take(flight, 0, "c2")
    world.deliver("c2")
    world.move()
    assert [one.note for one in world.facts("submitted")] == ["uncertain"]
    assert world.finals() == {name: "delivered"}


def test_urgent_are_not_sent_for_ever() -> None:
    """
    After three doubtful copies only a receipt is waited for.
    """
    world = World()
    name = sent(world, category="critical")
    for _ in range(4):
        world.cm.send()
        world.cm.break_off(world.shard.settlement, world.clock.now())
        world.move()
    assert world.cm.flights == []
    assert world.finals() == {}
    world.move(3601)

    assert world.finals() == {name: "unknown"}
    assert len(world.facts("uncertain")) == 4


def test_notices_wait_a_minute() -> None:
    """
    A notice is sent again when no receipt came for 60 s.
    """
    world = World()
    sent(world)
    world.cm.break_off(world.shard.settlement, world.clock.now())
    world.move(59)
    assert world.cm.flights == []
    world.move(2)

    assert [one.message.uncertain for one in world.cm.flights] == [True]


def test_bulk_is_held() -> None:
    """
    Bulk is never doubled: it ends as unknown.
    """
    world = World()
    name = sent(world, category="bulk")
    world.cm.break_off(world.shard.settlement, world.clock.now())
    world.move(3599)
    assert world.finals() == {}
    world.move(2)

    assert world.finals() == {name: "unknown"}
    assert world.cm.flights == []
    assert world.counts() == {"accepted": 1, "ended": 1}


@pytest.mark.parametrize("first", ["receipt", "loss"])
def test_orphan_resolves_the_uncertain(first: str) -> None:
    """
    A receipt that fits says the segment was taken, before or after the loss.
    """
    world = World()
    name = sent(world, category="notice" if first == "receipt" else "bulk")
    if first == "receipt":
        world.deliver("late")
        world.move()
    world.cm.break_off(world.shard.settlement, world.clock.now())
    world.move()
    if first == "loss":
        world.deliver("late")
        world.move()

    assert world.finals() == {name: "delivered"}
    world.move(5000)
    assert world.facts("orphan") == []
    assert world.cm.flights == []


def test_orphan_of_another_message_resolves_nothing() -> None:
    """
    Two messages to one phone wait: nobody knows whose receipt it is.
    """
    world = World()
    for _ in range(2):
        world.accept(category="bulk")
    world.move()
    world.cm.send()
    first, second = world.cm.flights
    world.shard.settlement.lost(first, world.clock.now())
    world.deliver("c2")
    world.move()
    assert world.finals() == {}
    world.take(second, 0, "c2")
    world.move()

    assert world.finals() == {second.message.id: "delivered"}
    assert first.uncertain() == [0]


def test_orphan_does_not_stand_for_the_unsent() -> None:
    """
    Only segments that were given to a socket are answered by an orphan.
    """
    world = World()
    world.cm.segments = 1
    world.accept(text=LONG, category="bulk")
    world.move()
    [flight] = world.cm.flights
    world.cm.send()
    world.cm.break_off(world.shard.settlement, world.clock.now())
    for name in ("r1", "r2"):
        world.deliver(name)
        world.move()

    states = [part.state for part in flight.attempt.parts]
    assert states[0] == "delivered"
    assert set(states[1:]) == {""}


def test_window_smaller_than_the_message() -> None:
    """
    A long message is granted by and by, in order, on what began it.
    """
    world = World()
    world.cm.segments = 1
    [item] = world.accept(text=LONG).items
    assert item.segments > 3
    world.move()
    [flight] = world.cm.flights
    for part in range(item.segments):
        assert world.cm.send() == [(flight, part)]
        world.take(flight, part, f"c{part}")
        if part + 1 < item.segments:
            flight.asked = flight.attempt.upto + 1
            world.shard.outbox.extend(flight)
        world.move()
    assert world.counts() == {"accepted": 1, "open": 1}
    for part in range(item.segments):
        world.deliver(f"c{part}")
    world.move()

    assert world.finals() == {item.id: "delivered"}


@pytest.mark.parametrize("when", ["before", "during"])
def test_extension_of_a_lost_flight(when: str) -> None:
    """
    A grant that comes when its message went back already sends nothing.
    """
    world = World()
    world.cm.segments = 2
    world.accept(text=LONG, category="critical")
    world.move()
    [old] = world.cm.flights
    world.cm.send()
    world.cm.segments = 0
    old.asked = 3
    world.shard.outbox.extend(old)
    parcel = world.shard.outbox.take(world.shard.exchange.epoch, 1000, [])
    if when == "during":
        done(world.queue.exchange(parcel.up, world.clock.now()))
    world.cm.break_off(world.shard.settlement, world.clock.now())
    world.shard.exchange._grant(parcel, [], world.clock.now())

    assert world.cm.flights == []


def test_part_refused() -> None:
    """
    One segment refused for good ends the message, whatever becomes of the rest.
    """
    world = World()
    [item] = world.accept(text=LONG).items
    world.move()
    [flight] = world.cm.flights
    world.cm.send()
    world.take(flight, 0, "c0")
    world.shard.settlement.refused(flight, 1, "13", "permanent", NOW)
    world.move()
    world.deliver("c0")
    world.move()

    assert world.finals() == {item.id: "undelivered"}
    assert world.counts() == {"accepted": 1, "ended": 1}


def test_part_refused_while_others_are_out() -> None:
    """
    Sent again elsewhere while segments are unanswered: marked as uncertain.
    """
    world = World(directory("cm", "cu"))
    world.carriers["cu"].live = False
    world.accept(text=LONG)
    world.move()
    [flight] = world.cm.flights
    world.cm.send()
    world.shard.settlement.refused(flight, 0, "8", "config", NOW)
    world.cm.flights.clear()
    world.carriers["cu"].live = True
    world.move()

    [again] = world.carriers["cu"].flights
    assert again.message.uncertain
    assert again.message.failed == ["cm"]
    assert len(world.facts("uncertain")) == again.message.segments - 1
    assert world.cm.flights == []


def test_nobody_is_left_but_who_failed() -> None:
    """
    When the other channel is switched off, the group takes the message back.
    """
    world = World(directory("cm", "cu"))
    world.carriers["cu"].live = False
    world.accept()
    world.move()
    [flight] = world.cm.flights
    world.cm.send()
    world.shard.settlement.refused(flight, 0, "8", "config", NOW)
    world.cm.flights.clear()
    world.move()
    assert world.cm.flights == []
    world.shard.gateway.directory = directory("cm")
    world.move()

    assert [one.message.failed for one in world.cm.flights] == [["cm"]]


def test_given_back_after_throttling() -> None:
    """
    Released for later, it is leased again when it falls due; not uncertain.
    """
    world = World()
    world.accept()
    world.move()
    [flight] = world.cm.flights
    world.cm.flights.clear()
    world.shard.settlement.release(flight, NOW + 5, NOW)
    world.move()
    assert world.counts() == {"accepted": 1, "waiting": 1}
    world.move(5)
    [again] = world.cm.flights

    assert not again.message.uncertain


def test_expired() -> None:
    """
    What could not be sent in its time is not sent.
    """
    world = World()
    world.cm.segments = 0
    [item] = world.accept(expire_at=NOW + 60).items
    world.move()
    world.cm.segments = 9
    world.move(61)

    assert world.finals() == {item.id: "expired"}
    assert world.cm.flights == []
    assert world.counts() == {"accepted": 1, "ended": 1}


def test_canceled() -> None:
    """
    Stopped before any lease; afterwards it is too late.
    """
    world = World()
    [item] = world.accept().items
    cancel = world.shard.gateway.cancel
    account = world.directory.accounts["his"]
    told = done(cancel(account, [item.id], NOW))
    assert told == [(item.id, "stopped")]
    world.move()
    assert world.finals() == {item.id: "canceled"}
    name = sent(world)

    assert done(cancel(account, [name], NOW)) == [(name, "too_late")]


def test_no_route() -> None:
    """
    No rule matches: rejected at dispatch, with the reason.
    """
    world = World()
    world.shard.gateway.directory = attrs.evolve(world.directory, rules=())
    [item] = world.accept().items
    world.move()

    assert world.finals() == {item.id: "rejected"}
    [fact] = world.facts("rejected")
    assert fact.code == "5001"
    assert world.counts() == {"accepted": 1, "ended": 1}


def test_restart_with_sent_segments() -> None:
    """
    What was leased is uncertain after a crash; the rest of the queue is not.
    """
    world = World()
    [item] = world.accept(category="critical").items
    world.move()
    world.restart()
    assert world.counts() == {"accepted": 1, "leased": 1}
    world.move()
    [flight] = world.cm.flights

    assert flight.message.id == item.id
    assert flight.message.uncertain


@pytest.mark.parametrize("category", ["critical", "notice", "bulk"])
def test_restart_in_a_long_message(category: str) -> None:
    """
    Segments never granted are not uncertain; those taken are not sent again.
    """
    world = World()
    world.cm.segments = 2
    [item] = world.accept(text=LONG, category=category).items
    world.move()
    [flight] = world.cm.flights
    world.cm.send()
    world.take(flight, 0, "c0")
    world.move()
    reference = flight.attempt.reference
    world.restart()
    world.move()
    assert len(world.facts("uncertain")) == 1
    world.move(61)
    if category == "bulk":
        assert world.cm.flights == []
        world.restart()
        world.move(3601)
        assert world.finals() == {item.id: "unknown"}
        return
    [again] = world.cm.flights

    assert again.attempt.reference == reference
    assert [part.state for part in again.attempt.parts][:3] == ["taken", "", ""]
    assert again.sendable() == [1]
    assert again.attempt.uncertain


def test_restart_finds_receipts() -> None:
    """
    A receipt that was kept but not applied is applied by the next process.
    """
    world = World()
    name = submitted(world)
    world.deliver()
    parcel = world.shard.outbox.take(world.shard.exchange.epoch, 1000, [])
    done(world.queue.exchange(parcel.up, world.clock.now()))
    world.restart()
    world.move()

    assert world.finals() == {name: "delivered"}


def test_restart_finds_the_receipt_of_an_uncertain_one() -> None:
    """
    It came before the crash, its response never: nothing is sent again.
    """
    world = World()
    name = sent(world, category="notice")
    world.deliver()
    world.move()
    world.restart()
    world.move()

    assert world.finals() == {name: "delivered"}
    assert world.cm.flights == []


@pytest.mark.parametrize("category", ["critical", "otp"])
def test_what_is_sent_again_at_once_is_not_guessed_about(category: str) -> None:
    """
    A receipt for the number may be of an earlier message to it: the urgent one
    goes out again, marked, rather than not at all.
    """
    world = World()
    name = sent(world, category=category)
    world.deliver("earlier")
    world.move()
    world.restart()
    world.move()

    assert world.finals() == {}
    [again] = world.cm.flights
    assert (name, True) == (again.message.id, again.attempt.uncertain)


def test_restart_with_a_receipt_for_a_leased_one() -> None:
    """
    Half sent, one receipt in the inbox: it counts before anything goes on.
    """
    world = World()
    world.cm.segments = 1
    world.accept(text=LONG, category="critical")
    world.move()
    world.cm.send()
    world.take(world.cm.flights[0], 0, "c0")
    world.move()
    world.deliver("c0")
    parcel = world.shard.outbox.take(world.shard.exchange.epoch, 1000, [])
    done(world.queue.exchange(parcel.up, world.clock.now()))
    world.restart()
    [again] = world.cm.flights

    assert again.attempt.parts[0].state == "delivered"


def test_unknown_outcomes_are_repeated() -> None:
    """
    A store that answers late changes nothing: same number, same things.
    """
    world = World()
    world.accept()
    world.queue.failures = 2
    world.move()

    assert len(world.cm.flights) == 1
    assert world.trouble == ["no answer", ""]
    assert [up.number for up in world.queue.ups] == [1, 1, 1, 2]


def test_other_numbers_of_one_text() -> None:
    """
    Many recipients, one message each.
    """
    world = World()
    numbers = [f"1380013{n:04}" for n in range(450)]
    answer = world.accept(*numbers)
    world.cm.segments = 1000
    world.move()

    assert answer.accepted == 450
    assert [one.message.to for one in world.cm.flights] == numbers
    assert world.counts() == {"accepted": 450, "leased": 450}


def test_known_reference() -> None:
    """
    The same reference with the same content is the message of before.
    """
    world = World()
    [first] = world.accept(items=[Item(PHONE, client_ref="r1")]).items
    again = world.accept(items=[Item(PHONE, client_ref="r1")])
    [second] = again.items

    assert (second.id, second.duplicate) == (first.id, True)
    assert (again.accepted, again.batch_id) == (0, first.id)
    assert world.counts() == {"accepted": 1, "waiting": 1}


def test_scheduled() -> None:
    """
    It waits for its time, and not longer.
    """
    world = World()
    world.accept(send_at=NOW + 100)
    world.move(99)
    assert world.cm.flights == []
    world.move(1)
    world.move()

    assert len(world.cm.flights) == 1


def test_never_reported() -> None:
    """
    Without a receipt for 72 hours and a bucket more it ends as unknown.
    """
    world = World()
    name = submitted(world)
    world.move(72 * 3600 + 6 * 3600 + 1)

    assert world.finals() == {name: "unknown"}
    assert world.counts() == {"accepted": 1, "ended": 1}


def test_channel_gone_in_a_long_message() -> None:
    """
    A message that was begun waits for its channel, and ends with its validity.
    """
    world = World()
    world.cm.segments = 1
    [item] = world.accept(text=LONG).items
    world.move()
    carrier = world.cm
    carrier.send()
    world.take(carrier.flights[0], 0, "c0")
    world.move()
    del world.shard.carriers["cm"]
    carrier.break_off(world.shard.settlement, world.clock.now())
    world.move(5)
    assert world.finals() == {}
    assert world.counts() == {"accepted": 1, "leased": 1}
    world.move(86400)

    assert world.finals() == {item.id: "unknown"}


def test_begun_message_goes_on_when_its_channel_is_back() -> None:
    """
    The rest is sent, nothing twice.
    """
    world = World()
    world.cm.segments = 1
    world.accept(text=LONG)
    world.move()
    carrier = world.cm
    carrier.send()
    world.take(carrier.flights[0], 0, "c0")
    world.move()
    del world.shard.carriers["cm"]
    carrier.break_off(world.shard.settlement, world.clock.now())
    world.move()
    world.shard.carriers["cm"] = carrier
    world.move(2)

    [flight] = carrier.flights
    assert [part.state for part in flight.attempt.parts][:2] == ["taken", ""]
    assert not flight.attempt.uncertain


def test_long_reply() -> None:
    """
    Parts are acknowledged as they come, and told as one.
    """
    world = World()
    for part, text in ((2, "师"), (1, "医")):
        payload = text.encode("utf-16-be")
        world.reply(
            Inbound("cm", f"d{part}", PHONE, "1069", payload, 8, NOW, part, 2, 7)
        )
        world.move()

    [fact] = world.facts("inbound")
    assert fact.inbound is not None
    assert fact.inbound.text == "医师"
    assert world.acknowledged == ["d2", "d1"]
    world.restart()
    world.move()
    assert len(world.facts("inbound")) == 1


def test_half_a_reply_survives() -> None:
    """
    A part that waits is found by the next process; a gap is shown in the end.
    """
    world = World()
    payload = "师".encode("utf-16-be")
    world.reply(Inbound("cm", "d2", PHONE, "1069", payload, 8, NOW, 2, 2, 7))
    world.move()
    world.restart()
    world.move(601)

    [fact] = world.facts("inbound")
    assert fact.inbound is not None
    assert fact.inbound.text == "…师"
    assert fact.note == "part 1 missing"


def test_ids_go_on_after_a_restart() -> None:
    """
    A clock that was set back does not repeat an id.
    """
    world = World()
    [first] = world.accept().items
    world.clock.time -= 3600
    world.restart()
    [second] = world.accept(OTHER).items

    assert second.id > first.id


def test_loops_end() -> None:
    """
    Stopped, both loops return, and what piled up has gone up.
    """
    world = World()
    sent(world)
    world.take(world.cm.flights[0], 0, "c1")
    world.shard.stop()
    done(world.shard.exchange.run())
    done(world.shard.run_dispatch())

    assert world.counts() == {"accepted": 1, "open": 1}
