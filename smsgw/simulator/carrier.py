"""
The carrier: takes submits, makes receipts and replies, lets phones show texts.
"""

from collections.abc import Callable, Sequence
from typing import Any

import attrs
from twisted.internet.interfaces import IReactorTime

from smsgw.protocols.cmpp import Query, QueryResp, Submit, SubmitResp
from smsgw.protocols.rows import Pdu
from smsgw.simulator.admission import SPEED, Limiter, plain_number, refusal
from smsgw.simulator.chance import Chance
from smsgw.simulator.connection import Connection
from smsgw.simulator.delivery import Reported, replies
from smsgw.simulator.faults import Faults
from smsgw.simulator.journal import Journal
from smsgw.simulator.msg_id import MsgIds, run_of, stamp
from smsgw.simulator.phone import Phones, read
from smsgw.simulator.rules import Outcome, Rules
from smsgw.simulator.scenario import Scenario
from smsgw.simulator.subscriber import Subscriber
from smsgw.simulator.wheel import Wheel

__all__ = ["Carrier"]

OVER_WINDOW = Outcome("over_window", SPEED)
BUSY = Outcome("busy", SPEED)
MINUTES = 100
EARLY = 0.05  # how long a response waits for a receipt that overtakes it


@attrs.define(eq=False)
class Carrier:
    """
    One carrier and all its accounts. C{now} is wall time; C{clock} has timers.
    """

    scenario: Scenario
    _clock: IReactorTime
    _now: Callable[[], float]
    journal: Journal | None = None
    faults: Faults = attrs.field(factory=Faults, init=False)
    connections: list[Connection] = attrs.field(factory=list, init=False)
    refused_logins: int = attrs.field(default=0, init=False)
    subscribers: dict[str, Subscriber] = attrs.field(init=False)
    phones: Phones = attrs.field(init=False)
    _rules: Rules = attrs.field(init=False)
    _chance: Chance = attrs.field(init=False)
    _ids: MsgIds = attrs.field(init=False)
    _deliver_ids: MsgIds = attrs.field(init=False)
    _responses: Wheel[tuple[Connection, int, SubmitResp]] = attrs.field(init=False)
    _deliveries: Wheel[tuple[Subscriber, Pdu]] = attrs.field(init=False)
    _reference: int = attrs.field(default=0, init=False)
    _stamps: dict[int, bytes] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        scenario = self.scenario
        self.phones = Phones(scenario.numbers, scenario.texts_per_number)
        self._rules = Rules.of(scenario.rules)
        self._chance = Chance(scenario.seed)
        self._ids = MsgIds(scenario.gateway)
        self._deliver_ids = MsgIds(scenario.gateway + 500_000)
        self._responses = Wheel(self._clock, self._respond_all)
        self._deliveries = Wheel(self._clock, self._deliver_all)
        self.subscribers = {
            account.login: Subscriber(
                account, Limiter(account.speed), self.faults, scenario.waiting
            )
            for account in scenario.accounts
        }

    def stop(self) -> None:
        """
        Take no more steps by itself.
        """
        self._responses.stop()
        self._deliveries.stop()
        if self.journal is not None:
            self.journal.close()

    # Submits.

    def submit(self, connection: Connection, sequence: int, submit: Submit) -> None:
        """
        Decide about one submit and answer it in time.
        """
        subscriber = connection.subscriber
        assert subscriber is not None
        now = self._now()
        numbers = [plain_number(one) for one in submit.dest_terminal_id]
        outcome = self._refused(connection, subscriber, submit, numbers, now)
        msg_id = 0
        if outcome is None:
            outcomes = self._outcomes(submit, numbers)
            outcome = _decisive(outcomes)
            if not outcome.result:
                msg_id = self._accept(subscriber, submit, numbers, outcomes, now)
        counts = subscriber.counts
        counts[outcome.name] += 1
        counts["refused" if outcome.result else "accepted"] += 1
        if outcome.respond and not self.faults.silent:
            shown = 0 if self.faults.no_id else msg_id
            answer = SubmitResp(msg_id=shown, result=outcome.result)
            least = EARLY if outcome.early else 0.0
            self._respond(connection, sequence, answer, least)

    def _refused(
        self,
        connection: Connection,
        subscriber: Subscriber,
        submit: Submit,
        numbers: Sequence[str],
        now: float,
    ) -> Outcome | None:
        account = subscriber.account
        if connection.unanswered >= account.window:
            return OVER_WINDOW
        if self.faults.busy and self.faults.use("busy"):
            return BUSY
        code = refusal(submit, numbers, account, subscriber.limiter, now)
        return Outcome(f"result_{code}", code) if code else None

    def _outcomes(self, submit: Submit, numbers: Sequence[str]) -> list[Outcome]:
        rules, text = self._rules, ""
        if rules.needs_text:
            text = read(submit.msg_content, submit.msg_fmt)
        return [rules.outcome(number, text, self._chance) for number in numbers]

    def _accept(
        self,
        subscriber: Subscriber,
        submit: Submit,
        numbers: Sequence[str],
        outcomes: Sequence[Outcome],
        now: float,
    ) -> int:
        first = self._ids.take(now, len(numbers))
        ids = (first,) if len(numbers) == 1 else run_of(first, len(numbers))
        for msg_id, number, outcome in zip(ids, numbers, outcomes, strict=True):
            if self.journal is not None:
                self.journal.accepted(msg_id, number, submit)
            if outcome.stat == "DELIVRD":
                self._show(subscriber, number, submit, now)
            if submit.registered_delivery == 1 and outcome.receipts:
                self._report(subscriber, submit, msg_id, number, outcome, now)
        return first

    def _report(
        self,
        subscriber: Subscriber,
        submit: Submit,
        msg_id: int,
        number: str,
        outcome: Outcome,
        now: float,
    ) -> None:
        delay = outcome.receipt_delay
        if delay < 0:
            latency = self.scenario.latency
            delay = self._varied(latency.receipt, latency.receipt_jitter)
        faults = self.faults
        for _ in range(outcome.receipts):
            report = Reported(
                self._deliver_ids.take(now),
                msg_id,
                (faults.stat or outcome.stat).encode(),
                self._stamp(now),
                self._stamp(now + delay),
                submit.src_id.encode(),
                number.encode(),
                faults.swap,
            )
            if outcome.early or not delay:
                subscriber.offer((report,))
            else:
                due = self._clock.seconds() + delay
                self._deliveries.add(due, (subscriber, report))

    def _show(
        self, subscriber: Subscriber, number: str, submit: Submit, now: float
    ) -> None:
        coding = submit.msg_fmt
        whole = self.phones.receive(
            number, submit.src_id, submit.msg_content, coding, submit.tp_udhi, now
        )
        if whole is None or not self._rules.has_replies:
            return
        rule = self._rules.reply(number, read(whole, coding), self._chance)
        if rule is not None:
            due = self._clock.seconds() + rule.reply_delay
            for reply in self._replies(number, submit.src_id, rule.reply):
                self._deliveries.add(due, (subscriber, reply))

    # Responses.

    def _respond(
        self, connection: Connection, sequence: int, answer: SubmitResp, least: float
    ) -> None:
        faults = self.faults
        if faults.lose and faults.use("lose"):
            return
        latency = self.scenario.latency
        delay = self._varied(latency.response, latency.response_jitter) + faults.slow
        delay = max(delay, least)
        copies = 2 if faults.double and faults.use("double") else 1
        for _ in range(copies):
            connection.unanswered += 1
            if delay > 0:
                due = self._clock.seconds() + delay
                self._responses.add(due, (connection, sequence, answer))
            else:
                connection.respond(sequence, answer)

    def _varied(self, mean: float, jitter: float) -> float:
        if not jitter:
            return mean
        return max(0.0, mean + jitter * (2.0 * self._chance() - 1.0))

    def _respond_all(self, due: list[tuple[Connection, int, SubmitResp]]) -> None:
        for connection, sequence, answer in due:
            connection.respond(sequence, answer)
        for connection in {one[0] for one in due}:
            if not connection.closed:
                connection.flush()

    # Deliveries.

    def _deliver_all(self, due: list[tuple[Subscriber, Pdu]]) -> None:
        if len(self.subscribers) == 1:
            due[0][0].offer(delivery for _, delivery in due)
        else:
            for subscriber, delivery in due:
                subscriber.offer((delivery,))
        for subscriber in {one[0] for one in due}:
            subscriber.pump()

    def _stamp(self, now: float) -> bytes:
        minute = int(now // 60)
        made = self._stamps.get(minute)
        if made is None:
            if len(self._stamps) > MINUTES:
                self._stamps.clear()
            made = self._stamps[minute] = stamp(now).encode()
        return made

    def _replies(
        self,
        number: str,
        access: str,
        text: str,
        coding: str = "auto",
        udhi: int = 1,
    ) -> Sequence[Pdu]:
        self._reference = self._reference + 1 & 0xFF

        def take(count: int) -> list[int]:
            return run_of(self._deliver_ids.take(self._now(), count), count)

        return replies(take, number, access, text, coding, udhi, self._reference)

    def say(
        self, number: str, to: str, text: str, coding: str = "auto", udhi: int = 1
    ) -> int:
        """
        A phone writes to an access number: how many parts, 0 if nobody owns it.
        """
        owners = [
            subscriber
            for subscriber in self.subscribers.values()
            if to.startswith(subscriber.account.access)
        ]
        if not owners:
            return 0
        owner = max(owners, key=lambda one: len(one.account.access))
        made = self._replies(number, to, text, coding, udhi)
        owner.offer(made)
        owner.pump()
        return len(made)

    # Views.

    def day(self, connection: Connection, query: Query) -> QueryResp:
        """
        The counters that CMPP_QUERY asks for.
        """
        assert connection.subscriber is not None
        counts = connection.subscriber.counts
        return QueryResp(
            time=query.time,
            query_type=query.query_type,
            query_code=query.query_code,
            mt_tlmsg=counts["accepted"],
            mt_tlusr=counts["accepted"],
            mt_scs=counts["accepted"],
            mt_fl=counts["refused"],
            mo_scs=counts["mo_taken"],
            mo_wt=connection.subscriber.waiting,
        )

    def totals(self) -> dict[str, Any]:
        """
        Counts per account and of all phones.
        """
        return {
            "accounts": {
                login: {
                    "connections": len(one.links),
                    "waiting": one.waiting,
                    **dict(sorted(one.counts.items())),
                }
                for login, one in self.subscribers.items()
            },
            "messages": self.phones.messages,
            "segments": self.phones.segments,
            "doubles": self.phones.doubles,
            "pending_responses": len(self._responses),
            "pending_deliveries": len(self._deliveries),
            "refused_logins": self.refused_logins,
            "connections": len(self.connections),
        }


def _decisive(outcomes: Sequence[Outcome]) -> Outcome:
    """
    One refused number refuses the whole submit.
    """
    first = outcomes[0]
    if len(outcomes) == 1 or first.result:
        return first
    return next((one for one in outcomes if one.result), first)
