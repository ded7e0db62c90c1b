"""
Messages that failed go out once more where the table says so, and only there.
"""

import attrs
import pytest

from smsgw.directory import RetryRule
from smsgw.gateway import settlement
from smsgw.gateway.flight import Flight
from smsgw.gateway.retrying import failed_by
from smsgw.message import Attempt, Part, Receipt
from tests.support.worlds import NOW, World, directory, run

FAULT = "MA:0051"  # inside the network
ABSENT = "MI:0008"  # the handset


def world_of(*rules: RetryRule, channels: tuple[str, ...] = ("cm1", "cm2")) -> World:
    """
    A shard with these rows of the table; only the first channel is live.
    """
    world = World(objects=attrs.evolve(directory(*channels), retries=rules))
    for name in channels[1:]:
        world.carriers[name].live = False
    return world


def receipt(
    world: World, carrier_id: str, code: str = FAULT, channel: str = "cm1"
) -> None:
    """
    A status report comes in.
    """
    state = "delivered" if code == "DELIVRD" else "undelivered"
    world.shard.outbox.keep_receipt(
        Receipt(channel, carrier_id, state, code, "13800130000", NOW), lambda: None
    )


def submit(world: World, text: str = "您好", channel: str = "cm1", **more: str) -> str:
    """
    A message whose segments are all taken, as X0, X1 and so on; its id.
    """
    more.setdefault("category", "otp")
    (name,) = world.accept(text, **more)
    world.turn()
    take(world, channel, "X")
    world.turn()
    return name


def take(world: World, channel: str, prefix: str) -> None:
    """
    A channel's carrier takes all that it is sent.
    """
    now = world.clock.now()
    for flight, part in world.carriers[channel].send():
        world.shard.settlement.taken(flight, part, f"{prefix}{part}", now)


def switch(world: World) -> None:
    """
    The second channel comes up.
    """
    world.carriers["cm2"].live = True
    world.carriers["cm1"].carried.clear()


def kinds(world: World, *which: str) -> list[str]:
    """
    The facts of these kinds, in order.
    """
    return [fact.kind for fact in world.facts() if fact.kind in which]


@pytest.mark.parametrize("kept", [0, 10])
def test_goes_by_another_channel(monkeypatch: pytest.MonkeyPatch, kept: int) -> None:
    """The network failed: once more elsewhere, whether the message is held here
    or in the store; it ends once."""
    monkeypatch.setattr(settlement, "KEPT", kept)
    world = world_of()
    name = submit(world)
    world.turn()
    switch(world)
    receipt(world, "X0")
    world.turn(3)
    assert [] == world.carriers["cm1"].carried
    take(world, "cm2", "Y")
    world.turn()
    receipt(world, "Y0", "DELIVRD", "cm2")
    world.turn(2)

    assert "delivered" == world.state(name)
    assert {"accepted": 1, "ended": 1} == world.counts()
    (again,) = [fact for fact in world.facts() if fact.kind == "again"]
    assert ("queued", FAULT, "all!cm1") == (again.state, again.code, again.note)
    wanted = ["submitted", "receipt", "again", "submitted", "receipt", "final"]
    assert wanted == kinds(world, *wanted)


def test_after_a_restart() -> None:
    """What was kept and not decided is decided by whoever comes next; once."""
    world = world_of()
    name = submit(world)
    second = world.restart()
    receipt(second, "X0")
    parcel = second.shard.outbox.take(second.shard.exchange.epoch, 1, [])
    down = run(second.queue.exchange(parcel.up, second.clock.now()))
    assert ["open"] == [match.kind for match in down.matches]
    third = second.restart()
    third.carriers["cm1"].live = third.carriers["cm2"].live = False
    third.turn(2)
    fourth = third.restart()
    fourth.turn(2)
    take(fourth, "cm2", "Y")
    fourth.turn()
    receipt(fourth, "Y0", "DELIVRD", "cm2")
    fourth.turn(2)

    assert "delivered" == fourth.state(name)
    assert ["again", "final"] == kinds(fourth, "again", "final")
    assert {"accepted": 1, "ended": 1} == fourth.counts()


@pytest.mark.parametrize(
    ("code", "category"), [(ABSENT, "otp"), (FAULT, "bulk"), ("UNDELIV", "critical")]
)
def test_ends_where_the_table_says_so(code: str, category: str) -> None:
    """The handset, the subscriber, and what is sent in bulk: once is enough."""
    world = world_of()
    name = submit(world, category=category)
    receipt(world, "X0", code)
    world.turn(2)

    assert "undelivered" == world.state(name)
    assert [] == kinds(world, "again")
    assert {"accepted": 1, "ended": 1} == world.counts()


def test_the_second_failure_is_final() -> None:
    """Two attempts, not more."""
    world = world_of()
    name = submit(world)
    switch(world)
    receipt(world, "X0")
    world.turn(2)
    take(world, "cm2", "Y")
    world.turn()
    receipt(world, "Y0", channel="cm2")
    world.turn(2)

    assert "undelivered" == world.state(name)
    assert 1 == len(kinds(world, "again"))
    assert {"accepted": 1, "ended": 1} == world.counts()


@pytest.mark.parametrize("first", ["DELIVRD", FAULT])
def test_not_if_a_segment_arrived(first: str) -> None:
    """A part that is on the phone is not sent again."""
    world = world_of()
    name = submit(world, "您好" * 50)
    other = FAULT if first == "DELIVRD" else "DELIVRD"
    receipt(world, "X0", first)
    receipt(world, "X1", other)
    world.turn(2)

    assert "undelivered" == world.state(name)
    assert [] == kinds(world, "again")


def test_only_when_all_segments_are_answered() -> None:
    """A receipt before the last answer: the attempt is finished first."""
    world = world_of()
    (name,) = world.accept("您好" * 50, category="otp")
    world.turn()
    sent = world.carriers["cm1"].send()
    now = world.clock.now()
    world.shard.settlement.taken(*sent[0], "X0", now)
    world.turn()
    receipt(world, "X0")
    world.turn(2)
    assert [] == kinds(world, "again", "final")
    world.shard.settlement.taken(*sent[1], "X1", now)
    switch(world)
    world.turn(2)

    assert [name] == [flight.message.id for flight in world.carriers["cm2"].carried]
    assert ["again"] == kinds(world, "again", "final")
    assert {"accepted": 1, "leased": 1} == world.counts()


def test_not_beyond_the_validity() -> None:
    """What would come too late is not sent."""
    world = world_of()
    (name,) = world.accept("您好", expire_at=NOW + 20)
    world.turn()
    take(world, "cm1", "X")
    world.turn()
    receipt(world, "X0")
    world.turn(2)

    assert "undelivered" == world.state(name)


def test_a_row_makes_it_void() -> None:
    """The operator's row ends it at once, and the record says which."""
    world = world_of(RetryRule("void-faults", 1, "void", class_="carrier_fault"))
    name = submit(world)
    receipt(world, "X0")
    world.turn(2)
    (final,) = [fact for fact in world.facts() if fact.kind == "final"]

    assert (name, "undelivered", FAULT) == (final.message, final.state, final.code)
    assert "void, rule void-faults" == final.note


def test_a_row_sends_it_later() -> None:
    """A handset that is off gets its message in ten minutes, by any channel."""
    row = RetryRule("off", 1, "later", class_="handset_temp", after=600.0, tries=2)
    world = world_of(row, channels=("cm1",))
    submit(world)
    receipt(world, "X0", ABSENT)
    world.carrier.carried.clear()
    world.turn(2)
    (again,) = [fact for fact in world.facts() if fact.kind == "again"]
    assert "all, rule off" == again.note
    world.clock.at += 599
    world.turn(2)
    assert [] == world.carrier.carried
    world.clock.at += 2
    world.turn(3)

    assert 1 == len(world.carrier.carried)
    assert 2 == world.carrier.carried[0].message.attempt


def test_a_row_for_a_refusal() -> None:
    """The same table decides what a refused segment does."""
    world = world_of(RetryRule("r", 1, "void", code="9", channel="cm1"))
    (name,) = world.accept("您好", category="otp")
    world.turn()
    ((flight, part),) = world.carriers["cm1"].send()
    world.shard.settlement.refused(flight, part, "9", "carrier_fault", NOW)
    world.turn()
    (final,) = [fact for fact in world.facts() if fact.kind == "final"]

    assert (name, "void, rule r") == (final.message, final.note)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["undelivered"], "c0"),
        (["taken", "undelivered"], "c1"),
        (["expired", "undelivered"], "c0"),
        (["undelivered", "delivered"], None),
        (["undelivered", "unknown"], None),
        (["undelivered", "refused"], None),
        (["taken"], None),
    ],
)
def test_what_failed(states: list[str], expected: str | None) -> None:
    """Only an attempt of which no segment arrived, or may have."""
    parts = [Part(state, f"X{k}", f"c{k}") for k, state in enumerate(states)]
    flight = Flight(None, Attempt("cm1", parts=parts), "")  # type: ignore[arg-type]

    assert expected == failed_by(flight)


def test_a_late_success_is_told_to_the_record() -> None:
    """What failed arrived after all, while it waits to go by another channel: the
    record is told, which knows the attempt; a repeated failure is nothing new."""
    world = world_of()
    submit(world)
    world.carriers["cm1"].live = False
    receipt(world, "X0")
    world.turn(2)
    receipt(world, "X0")
    world.turn(2)
    assert [] == kinds(world, "orphan")
    receipt(world, "X0", "DELIVRD")
    world.turn(2)
    (fact,) = [fact for fact in world.facts() if fact.kind == "orphan"]

    assert fact.receipt is not None
    assert ("X0", "delivered") == (fact.receipt.carrier_id, fact.receipt.state)
    assert {"accepted": 1, "waiting": 1} == world.counts()


def test_a_success_takes_the_place_of_a_failure() -> None:
    """Both receipts of a segment came at once: it is on the phone."""
    world = world_of()
    name = submit(world)
    receipt(world, "X0")
    receipt(world, "X0", "DELIVRD")
    receipt(world, "X0")
    world.turn(2)

    assert "delivered" == world.state(name)
    assert ["receipt", "receipt", "final"] == kinds(world, "receipt", "again", "final")
