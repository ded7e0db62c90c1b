"""
One login: windows, pace, answers, receipts, loss.
"""

from collections.abc import Iterable
from typing import Any

import attrs

from smsgw.channels.connection import Connection
from smsgw.channels.contract import Contract
from smsgw.channels.jobs import Job
from smsgw.channels.pace import Pace
from smsgw.gateway.flight import Flight
from smsgw.protocols.cmpp import Deliver, Submit, SubmitResp
from smsgw.protocols.events import Answered
from smsgw.text import TextPolicy, split
from tests.channels.test_contract import CHANNEL
from tests.support.worlds import World


@attrs.define(eq=False)
class FakeLine:
    """
    A link that keeps what it is asked.
    """

    room: int = 4
    asked: list[tuple[Any, tuple[Job, int]]] = attrs.field(factory=list)
    answers: list[tuple[int, Any]] = attrs.field(factory=list)

    def ask_many(self, requests: Iterable[tuple[Any, Any]]) -> list[tuple[Any, str]]:
        taken = list(requests)
        self.asked += taken
        self.room -= len(taken)
        return []

    def answer_many(self, answers: Iterable[tuple[int, Any]]) -> None:
        self.answers += answers

    def answered(self, connection: Connection, result: int = 0, **more: Any) -> Flight:
        """
        The carrier answers the oldest request.
        """
        _, token = self.asked.pop(0)
        self.room += 1
        pdu = SubmitResp(msg_id=7 if not result else 0, result=result)
        connection.answered(Answered(1, token, pdu, **more))
        return token[0].flight


class Bench:
    """
    A connection of a world, with leased messages on it.
    """

    def __init__(self, *texts: str, room: int = 4, speed: float = 0.0) -> None:
        self.world = World()
        self.line = FakeLine(room)
        self.turns = 0
        self.pace = Pace(speed, self.world.clock.monotonic())
        contract = Contract.of(CHANNEL)
        self.connection = Connection(
            "cm1",
            self.line,
            contract.dialect,
            self.world.clock,
            self.pace,
            self.world.shard.outbox,
            self.world.shard.settlement,
            contract.access_number,
            self.busy,
        )
        self.ids = self.world.accept(*texts, category="otp")
        self.world.turn()
        for flight in self.world.carrier.carried:
            message = flight.message
            segments = split(message.text, message.signature, TextPolicy(), 7)
            self.connection.add(Job(flight, segments))

    def busy(self) -> None:
        """
        Somebody asks for a turn.
        """
        self.turns += 1


def test_the_window_is_kept() -> None:
    """No more segments are out than the window allows."""
    bench = Bench(*"一二三四五六", room=4)
    bench.connection.turn()
    assert 4 == len(bench.line.asked)
    bench.line.answered(bench.connection)
    bench.connection.turn()

    assert 4 == len(bench.line.asked)
    assert 1 == bench.connection.jobs.unsent


def test_what_is_sent() -> None:
    """The signed text, the access number, the recipient."""
    bench = Bench("您好")
    bench.connection.turn()
    pdu = bench.line.asked[0][0]

    assert isinstance(pdu, Submit)
    assert "【示范医院】您好".encode("utf-16-be") == pdu.msg_content
    assert ("10690000", ("13800130000",)) == (pdu.src_id, pdu.dest_terminal_id)


def test_the_pace_is_kept() -> None:
    """Above the speed the connection says how long to wait."""
    bench = Bench(*"一二三四", speed=10.0)
    bench.world.clock.at += 0.11
    wait = bench.connection.turn()

    assert 1 == len(bench.line.asked)
    assert 0 < wait <= 0.1


def test_a_pace_of_its_own() -> None:
    """A connection keeps the contract's limit for each, below the channel's."""
    bench = Bench(*"一二三四", speed=1000.0)
    bench.connection.own_pace = Pace(20.0, bench.world.clock.monotonic())
    bench.world.clock.at += 0.125
    wait = bench.connection.turn()
    assert 2 == len(bench.line.asked)
    assert 0.0 < wait <= 0.05
    bench.world.clock.at += wait + 0.001
    bench.connection.turn()
    assert 3 == len(bench.line.asked)


def test_throttled_is_sent_once_more() -> None:
    """Flow control costs no attempt, and slows down."""
    bench = Bench("您好")
    bench.connection.turn()
    bench.line.answered(bench.connection, result=8)
    assert 0 < bench.connection.turn()
    bench.world.clock.at += 5
    bench.connection.turn()
    flight = bench.line.answered(bench.connection)

    assert 1 == flight.message.attempt
    assert flight.complete()


def test_throttled_again_and_again_is_given_back() -> None:
    """A channel that cannot take it lets the group decide."""
    bench = Bench("您好")
    for _ in range(5):
        bench.world.clock.at += 5
        bench.connection.turn()
        bench.line.answered(bench.connection, result=8)
    bench.world.carrier.segments = 0
    bench.world.turn()

    assert {"accepted": 1, "waiting": 1} == bench.world.counts()


def test_refused() -> None:
    """A final refusal ends the message and drops its other segments."""
    bench = Bench("您好" * 80, room=1)
    bench.connection.turn()
    bench.line.answered(bench.connection, result=13)
    bench.connection.turn()
    bench.world.turn()

    assert [] == bench.line.asked
    assert "undelivered" == bench.world.state(bench.ids[0])


def test_an_answer_without_sense_is_a_doubt() -> None:
    """A response whose body is bad says nothing of the segment's fate."""
    bench = Bench("您好")
    bench.connection.turn()
    _, token = bench.line.asked.pop()
    bench.connection.answered(Answered(1, token, None, "too short"))
    bench.world.carrier.segments = 0
    bench.world.turn()

    assert "uncertain" in {fact.kind for fact in bench.world.facts()}
    assert {"accepted": 1, "waiting": 1} == bench.world.counts()


def test_closed_with_segments_out() -> None:
    """What is out is in doubt, what is not goes back; nothing stays here."""
    bench = Bench("一", "二", room=1)
    bench.connection.turn()
    bench.connection.close()
    bench.world.carrier.segments = 0
    bench.world.turn()
    doubts = [f.message for f in bench.world.facts() if f.kind == "uncertain"]

    assert bench.ids[:1] == doubts
    assert [] == bench.connection.flights()
    assert {"accepted": 2, "waiting": 2} == bench.world.counts()


def test_a_late_answer_is_not_taken_for_another() -> None:
    """After a request was given up its answer changes nothing."""
    bench = Bench("您好")
    bench.connection.turn()
    _, token = bench.line.asked.pop()
    bench.connection.expired(token)
    bench.connection.answered(Answered(1, token, SubmitResp(msg_id=1), late=True))
    bench.world.carrier.segments = 0
    bench.world.turn()

    assert {"accepted": 1, "waiting": 1} == bench.world.counts()


def test_a_late_answer_ends_the_doubt() -> None:
    """While nothing was sent again, it still tells that the carrier took it."""
    bench = Bench("您好")
    bench.connection.turn()
    _, token = bench.line.asked.pop()
    token[0].flight.message.category = "bulk"
    bench.connection.expired(token)
    late = SubmitResp(msg_id=1, result=0)
    bench.connection.answered(Answered(1, token, late, late=True))
    bench.world.turn()

    assert {"accepted": 1, "open": 1} == bench.world.counts()
    assert "submitted" == bench.world.state(bench.ids[0])


def test_a_delivery_is_acknowledged_when_it_is_durable() -> None:
    """The carrier hears nothing before the exchange kept it."""
    bench = Bench("您好")
    pdu = Deliver(
        msg_id=9,
        dest_id="10690000",
        msg_fmt=8,
        src_terminal_id="8613800130000",
        msg_content="好".encode("utf-16-be"),
    )
    bench.connection.received(5, pdu)
    bench.connection.turn()
    assert [] == bench.line.answers
    bench.world.turn()
    bench.connection.turn()
    bench.world.turn()
    (fact,) = [fact for fact in bench.world.facts() if fact.inbound]

    assert [5] == [sequence for sequence, _ in bench.line.answers]
    assert fact.inbound is not None
    assert ("13800130000", "好") == (fact.inbound.number, fact.inbound.text)


def test_one_segment_at_a_time_is_measured() -> None:
    """What is refused by the channel, and what is not, is told apart."""
    bench = Bench(*"一二三四", room=2)
    connection, clock = bench.connection, bench.world.clock
    connection.turn()
    clock.at += 0.25
    bench.line.answered(connection)
    assert 0.25 == connection.waited(clock.monotonic())
    bench.line.answered(connection, result=13)
    assert ([0.25], 1, 1) == (
        connection.vitals.delays,
        connection.vitals.taken,
        connection.vitals.other,
    )
    assert 0.0 == connection.waited(clock.monotonic())
    connection.turn()
    connection.expired(bench.line.asked.pop(0)[1])
    bench.line.answered(connection, result=51)
    assert (1, 1) == (connection.vitals.lost, connection.vitals.refused)


def test_a_measured_segment_that_expires_is_forgotten() -> None:
    """The next one is measured."""
    bench = Bench("您好")
    bench.connection.turn()
    bench.world.clock.at += 60.0
    assert 60.0 == bench.connection.waited(bench.world.clock.monotonic())
    bench.connection.expired(bench.line.asked.pop()[1])
    assert 0.0 == bench.connection.waited(bench.world.clock.monotonic())


def test_what_was_not_begun_is_given_back() -> None:
    """It waits in its group again; what is on the air stays until it is answered."""
    bench = Bench(*"一二三四", room=1)
    connection = bench.connection
    connection.turn()
    assert 3 == connection.give_back()
    assert (1, 0) == (len(connection.jobs_of), connection.jobs.unsent)
    assert 3 == sum(bench.world.shard.depth.queues.values())
    assert 0 == connection.give_back()
    connection.turn()
    assert 1 == len(bench.line.asked)
    bench.line.answered(connection)
    assert {} == connection.jobs_of
