"""
One login at a carrier: sends its jobs' segments, reads answers and deliveries.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import attrs
from twisted.logger import Logger

from smsgw.channels.jobs import Job, Jobs
from smsgw.channels.pace import Pace
from smsgw.channels.vitals import Vitals
from smsgw.gateway.flight import Flight
from smsgw.gateway.outbox import Outbox
from smsgw.gateway.settlement import Settlement
from smsgw.message import Inbound, Receipt
from smsgw.numbering import normalise_many
from smsgw.ports import Clock
from smsgw.protocols.dialects import Dialect
from smsgw.protocols.events import Answered
from smsgw.protocols.neutral import (
    InboundPart,
    OutSegment,
    ReceiptIn,
    Sent,
    Throttled,
)
from smsgw.text import parse_udh

__all__ = ["Connection", "Line"]

GIVE_BACK_AFTER = 5
SOURCES = 1000  # access numbers kept, one for each extension
Token = tuple[Job, int]


class Line(Protocol):
    """
    What a connection needs of a link.
    """

    @property
    def room(self) -> int: ...
    def ask_many(
        self, requests: Iterable[tuple[Any, Any]]
    ) -> list[tuple[Any, str]]: ...
    def answer_many(self, answers: Iterable[tuple[int, Any]]) -> None: ...


@attrs.define(eq=False)
class Connection:
    """
    The flights of one line, from their grant to their last answer.

    C{access_number} makes the number shown on the phone from an extension.
    C{busy} asks for a L{turn} soon. C{pace} is the channel's; C{own_pace} this
    connection's, where the contract limits each; C{vitals} are the channel's.

    C{watched} is a segment that waits for its answer since C{watched_at}: one at a
    time is measured. Segments C{sent}, C{replied} to and C{given_up} are counted.
    """

    channel: str
    line: Line
    dialect: Dialect
    clock: Clock
    pace: Pace
    outbox: Outbox
    settlement: Settlement
    access_number: Callable[[str], str]
    busy: Callable[[], None]
    own_pace: Pace | None = None
    vitals: Vitals = attrs.field(factory=Vitals)
    watched: Token | None = None
    watched_at: float = 0.0
    answers: list[tuple[int, Any]] = attrs.field(factory=list)
    jobs: Jobs = attrs.field(factory=Jobs)
    jobs_of: dict[str, Job] = attrs.field(factory=dict)
    sources: dict[str, str] = attrs.field(factory=dict)
    sent: int = 0
    replied: int = 0
    given_up: int = 0

    log = Logger()

    @property
    def room(self) -> int:
        """
        Segments that could be taken on beyond those that wait.
        """
        return self.line.room - self.jobs.unsent

    def add(self, job: Job) -> None:
        """
        A new job, or more segments granted of one that is here.
        """
        self.jobs_of[job.flight.message.id] = job
        self.jobs.add(job)

    def turn(self) -> float:
        """
        Acknowledge what is durable, then L{pump}.
        """
        if self.answers:
            answers, self.answers = self.answers, []
            self.line.answer_many(answers)
        return self.pump()

    def pump(self) -> float:
        """
        Send what window and pace allow; seconds to wait for the pace, 0 for none.
        """
        now = self.clock.monotonic()
        jobs, room, wait = self.jobs, self.line.room, 0.0
        requests: list[tuple[Any, Token]] = []
        while len(requests) < room:
            head = jobs.head()
            if head is None or (wait := self._wait(now)):
                break
            requests.append((self._pdu(*head), head))
            jobs.sent(*head)
        if requests:
            self.sent += len(requests)
            if self.watched is None:
                self.watched, self.watched_at = requests[-1][1], now
            for (job, part), why in self.line.ask_many(requests):
                self.log.warn("segment does not fit the wire: {why}", why=why)
                self.watched, self.sent = None, self.sent - 1
                if not job.gone:
                    self._refused(job, part, "wire", "format", self.clock.now())
        for job in jobs.starved():
            self._ask_for_more(job)
        return wait

    def _wait(self, now: float) -> float:
        """
        0 when a segment may leave, and it counts; else seconds until one may.
        """
        own, pace = self.own_pace, self.pace
        if own is not None and own.room(now) == 0:
            return max(0.001, own.wait(now))
        if not pace.take(now):
            return max(0.001, pace.wait(now))
        if own is not None:
            own.take(now)
        return 0.0

    def _ask_for_more(self, job: Job) -> None:
        flight, parts = job.flight, len(job.segments)
        if flight.asked <= flight.attempt.upto:
            more = max(1, min(self.line.room, parts))
            flight.asked = min(parts, flight.attempt.upto + more)
            self.outbox.extend(flight)

    def _pdu(self, job: Job, part: int) -> Any:
        segment, message = job.segments[part], job.flight.message
        source = self.sources.get(message.extension)
        if source is None:
            if len(self.sources) > SOURCES:
                self.sources.clear()
            source = self.access_number(message.extension)
            self.sources[message.extension] = source
        return self.dialect.submit(
            OutSegment(
                message.to,
                source,
                segment.payload,
                int(segment.coding),
                segment.udhi,
                segment.part,
                segment.parts,
            )
        )

    def answered(self, event: Answered) -> None:
        """
        The carrier's answer to a segment.
        """
        job, part = event.token
        self.busy()
        flight, now = job.flight, self.clock.now()
        if event.pdu is None:
            self.expired(event.token)
            return
        self.replied += 1
        if event.token is self.watched:
            self._measured()
        outcome = self.dialect.outcome(event.pdu, event.sequence, event.again)
        if event.late or job.gone:
            if isinstance(outcome, Sent):
                self.settlement.belated(flight, part, outcome.carrier_id, now)
            return
        if isinstance(outcome, Sent):
            job.throttled = 0
            self.vitals.taken += 1
            self.settlement.taken(flight, part, outcome.carrier_id, now)
            if flight.complete():
                self.jobs_of.pop(flight.message.id, None)
        elif isinstance(outcome, Throttled):
            self._throttled(job, part, outcome.after, now)
        else:
            self.vitals.said_no(outcome.class_)
            self._refused(job, part, outcome.code, outcome.class_, now)

    def _measured(self) -> None:
        self.watched = None
        self.vitals.answered_in(self.clock.monotonic() - self.watched_at)

    def _refused(self, job: Job, part: int, code: str, class_: str, now: float) -> None:
        self.jobs.drop(job)
        self.jobs_of.pop(job.flight.message.id, None)
        self.settlement.refused(job.flight, part, code, class_, now)

    def _throttled(self, job: Job, part: int, after: float, now: float) -> None:
        """
        Sent too fast: slower from now on, and this segment once more.
        """
        self.pace.throttled(after, self.clock.monotonic())
        job.throttled += 1
        job.flight.attempt.parts[part].state = ""
        if job.throttled >= GIVE_BACK_AFTER and not job.flight.unanswered():
            if job.flight.untouched:
                self.jobs.drop(job)
                self.jobs_of.pop(job.flight.message.id, None)
                self.settlement.release(job.flight, now + after, now)
                return
            job.throttled = 0
        self.jobs.add(job)

    def expired(self, token: Token) -> None:
        """
        A segment was never answered.
        """
        self.given_up += 1
        if token is self.watched:
            self.watched = None
        job, _ = token
        if job.gone:
            return
        self.vitals.unanswered(job.at)
        self.jobs.drop(job)
        self.jobs_of.pop(job.flight.message.id, None)
        self.settlement.lost(job.flight, self.clock.now())

    def received(self, sequence: int, pdu: Any) -> None:
        """
        A receipt or a reply; answered when it is durable.
        """
        answer = self.dialect.acknowledge(pdu)
        if answer is None:
            return

        def acknowledge() -> None:
            self.answers.append((sequence, answer))
            self.busy()

        read = self.dialect.read(pdu, sequence)
        if isinstance(read, ReceiptIn) and read.state != "pending":
            self.vitals.receipt(read.state)
            self.outbox.keep_receipt(self._receipt(read), acknowledge)
        elif isinstance(read, InboundPart):
            self.outbox.keep_inbound(self._inbound(read), acknowledge)
        else:
            acknowledge()

    def _receipt(self, read: ReceiptIn) -> Receipt:
        return Receipt(
            self.channel,
            read.carrier_id,
            read.state,
            read.code,
            _plain(read.number),
            self.clock.now(),
            read.done_time,
        )

    def _inbound(self, read: InboundPart) -> Inbound:
        inbound = Inbound(
            self.channel,
            read.delivery_id,
            _plain(read.number),
            read.access_number,
            read.payload,
            read.coding,
            self.clock.now(),
        )
        data = parse_udh(read.payload) if read.udhi else None
        if data is not None:
            inbound.payload, inbound.reference = data.body, data.reference
            inbound.part, inbound.parts = data.part, data.parts
        return inbound

    def close(self) -> None:
        """
        The line is gone: what is unanswered is uncertain, the rest goes back.
        """
        now = self.clock.now()
        self.jobs.drain()
        jobs, self.jobs_of = self.jobs_of, {}
        for job in jobs.values():
            job.gone = True
            self.settlement.lost(job.flight, now)

    def give_back(self) -> int:
        """
        What was not begun goes back to its group; how many messages.
        """
        now = self.clock.now()
        jobs = [job for job in self.jobs_of.values() if _unbegun(job)]
        for job in jobs:
            self.jobs.drop(job)
            del self.jobs_of[job.flight.message.id]
            self.settlement.release(job.flight, 0.0, now)
        return len(jobs)

    def waited(self, now: float) -> float:
        """
        How long the watched segment has waited, 0 if none does.
        """
        return now - self.watched_at if self.watched is not None else 0.0

    def flights(self) -> list[Flight]:
        """
        What is here now.
        """
        return [job.flight for job in self.jobs_of.values()]


def _unbegun(job: Job) -> bool:
    flight = job.flight
    return flight.untouched and not flight.unanswered() and not flight.uncertain()


def _plain(number: str) -> str:
    """
    The number in our one form; one that is none of ours as it came.
    """
    if len(number) == 11 and number.isdecimal() and number.isascii():
        return number
    return normalise_many([number])[0] or number
