"""
Submits: what becomes of each, and its response in time.
"""

from collections.abc import Callable, Sequence
from typing import Any

import attrs
from twisted.internet.interfaces import IReactorTime

from smsgw.protocols.neutral import OutSegment
from smsgw.protocols.rows import Pdu
from smsgw.simulator.chance import Chance
from smsgw.simulator.codes import results_of
from smsgw.simulator.connection import RECEIVER, Connection
from smsgw.simulator.faults import Faults
from smsgw.simulator.journal import Journal
from smsgw.simulator.latency import Latency
from smsgw.simulator.outgoing import Outgoing
from smsgw.simulator.phone import Phones, read
from smsgw.simulator.rules import Outcome, Rules
from smsgw.simulator.speech import code_refusal, plain_number, word_refusal
from smsgw.simulator.subscriber import Subscriber
from smsgw.simulator.wheel import Wheel

__all__ = ["Intake"]

OVER_WINDOW = Outcome("over_window", word="throttled")
BUSY = Outcome("busy", word="throttled")
EARLY = 0.05  # how long a response waits for a receipt that overtakes it


@attrs.define(eq=False)
class Intake:
    """
    C{latency} and C{rules} may be exchanged while it runs. C{now} is wall time.
    """

    protocol: str
    latency: Latency
    rules: Rules
    faults: Faults
    chance: Chance
    journal: Journal
    phones: Phones
    outgoing: Outgoing
    clock: IReactorTime
    now: Callable[[], float]
    responses: Wheel[tuple[Connection, int, Pdu]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.responses = Wheel(self.clock, _respond_all)

    def request(self, connection: Connection, sequence: int, pdu: Pdu) -> None:
        """
        Decide about one submit and answer it in time; other requests at once.
        """
        subscriber = connection.subscriber
        assert subscriber is not None
        speech = subscriber.speech
        segments = speech.read(pdu)
        if segments is None:
            answer = speech.other(pdu, subscriber.day)
            if answer is not None:
                connection.answer(sequence, answer)
            return
        now = self.now()
        numbers = [plain_number(one.to) for one in segments]
        outcome = self._refused(connection, subscriber, pdu, segments, numbers, now)
        carrier_id = ""
        if outcome is None:
            outcomes = self._outcomes(segments, numbers)
            outcome = outcomes[0]
            if len(outcomes) > 1:  # one refused number refuses the whole
                outcome = next((one for one in outcomes if one.refused), outcome)
            if not outcome.refused:
                ids = speech.new_ids(now, len(numbers), sequence)
                carrier_id = ids[0]
                self._accept(connection, segments, numbers, outcomes, ids, now)
        subscriber.counts[outcome.name] += 1
        if outcome.refused:
            subscriber.refused += 1
        else:
            subscriber.accepted += 1
            if self.faults.abort and self.faults.use("abort"):
                connection.abort()
                return
        self._answer(connection, sequence, pdu, carrier_id, outcome)

    def _refused(
        self,
        connection: Connection,
        subscriber: Subscriber,
        pdu: Pdu,
        segments: Sequence[OutSegment],
        numbers: Sequence[str],
        now: float,
    ) -> Outcome | None:
        faults, account, limiter = self.faults, subscriber.account, subscriber.limiter
        limiter.speed = faults.speed or account.speed
        if connection.unanswered >= (faults.window or account.window):
            return OVER_WINDOW
        if connection.kind == RECEIVER:
            return word_refusal("unsupported")
        if not faults.calm:
            if faults.busy and faults.use("busy"):
                return BUSY
            if faults.any_result and self.chance() < faults.any_result:
                codes = results_of(self.protocol)
                return code_refusal(codes[int(self.chance() * len(codes))])
        refusal = subscriber.speech.form(pdu, segments)
        if not refusal and limiter.speed and not limiter.takes(len(numbers), now):
            return word_refusal("throttled")
        return refusal or subscriber.speech.rights(pdu, segments, numbers)

    def _outcomes(
        self, segments: Sequence[OutSegment], numbers: Sequence[str]
    ) -> list[Outcome]:
        rules, text = self.rules, ""
        if rules.needs_text:
            text = read(segments[0].payload, segments[0].coding)
        return [rules.outcome(number, text, self.chance) for number in numbers]

    def _accept(
        self,
        connection: Connection,
        segments: Sequence[OutSegment],
        numbers: Sequence[str],
        outcomes: Sequence[Outcome],
        ids: Sequence[str],
        now: float,
    ) -> None:
        subscriber: Any = connection.subscriber
        for segment, number, outcome, carrier_id in zip(
            segments, numbers, outcomes, ids, strict=True
        ):
            self.journal.accepted(carrier_id, number, segment)
            if outcome.state == "delivered":
                self._show(subscriber, number, segment, now)
            if segment.registered and outcome.receipts:
                delay = outcome.receipt_delay
                if delay < 0:
                    delay = self.latency.of_receipt(self.chance)
                self.outgoing.report(
                    connection, carrier_id, segment, number, outcome, delay, now
                )

    def _show(
        self, subscriber: Subscriber, number: str, segment: OutSegment, now: float
    ) -> None:
        whole = self.phones.receive(
            number, segment.src, segment.payload, segment.coding, segment.udhi, now
        )
        if whole is None or not self.rules.may_reply(number):
            return
        rule = self.rules.reply(number, read(whole, segment.coding), self.chance)
        if rule is not None:
            self.outgoing.reply(
                subscriber, number, segment.src, rule.reply, rule.reply_delay, now
            )

    def _answer(
        self,
        connection: Connection,
        sequence: int,
        pdu: Pdu,
        carrier_id: str,
        outcome: Outcome,
    ) -> None:
        if not outcome.respond:
            return
        delay = outcome.response_delay
        if delay < 0:
            delay = self.latency.of_response(self.chance)
        if outcome.early:
            delay = max(delay, EARLY)
        copies, faults = 1, self.faults
        if not faults.calm:
            copies, more = self._spoiled()
            delay += more
            carrier_id = "" if faults.no_id else carrier_id
        assert connection.subscriber is not None
        answer = connection.subscriber.speech.answer(pdu, carrier_id, outcome)
        for _ in range(copies):
            connection.unanswered += 1
            if delay:
                due = self.clock.seconds() + delay
                self.responses.add(due, (connection, sequence, answer))
            else:
                connection.respond(sequence, answer)
        if faults.terminate and not outcome.refused and faults.use("terminate"):
            connection.close(0.0)

    def _spoiled(self) -> tuple[int, float]:
        """
        How many responses, and how much later.
        """
        faults = self.faults
        if faults.silent or (faults.lose and faults.use("lose")):
            return 0, 0.0
        copies = 2 if faults.double and faults.use("double") else 1
        late = faults.slow
        if faults.scatter:
            late += faults.scatter * self.chance()
        if faults.early and faults.use("early"):
            late += EARLY
        return copies, late


def _respond_all(due: list[tuple[Connection, int, Pdu]]) -> None:
    for connection, sequence, answer in due:
        connection.respond(sequence, answer)
    for connection in {one[0] for one in due}:
        if not connection.closed:
            connection.flush()
