"""
The carrier: takes submits and answers them, lets phones show texts.
"""

from collections.abc import Callable, Sequence
from typing import Any

import attrs
from twisted.internet.interfaces import IReactorTime

from smsgw.protocols.cmpp import Query, QueryResp, Submit, SubmitResp
from smsgw.simulator.admission import SPEED, Limiter, plain_number, refusal
from smsgw.simulator.chance import Chance
from smsgw.simulator.connection import Connection
from smsgw.simulator.faults import Faults
from smsgw.simulator.journal import Journal
from smsgw.simulator.msg_id import MsgIds, run_of
from smsgw.simulator.outgoing import Outgoing
from smsgw.simulator.phone import Phones, read
from smsgw.simulator.rules import Outcome, Rules
from smsgw.simulator.scenario import Scenario
from smsgw.simulator.subscriber import Subscriber
from smsgw.simulator.wheel import Wheel

__all__ = ["Carrier"]

OVER_WINDOW = Outcome("over_window", SPEED)
BUSY = Outcome("busy", SPEED)
EARLY = 0.05  # how long a response waits for a receipt that overtakes it
DELIVER_GATEWAY = 500_000  # deliveries have ids of their own


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
    _outgoing: Outgoing = attrs.field(init=False)
    _responses: Wheel[tuple[Connection, int, SubmitResp]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        scenario = self.scenario
        self.phones = Phones(scenario.numbers, scenario.texts_per_number)
        self._rules = Rules.of(scenario.rules)
        self._chance = Chance(scenario.seed)
        self._ids = MsgIds(scenario.gateway)
        own = MsgIds(scenario.gateway + DELIVER_GATEWAY)
        self._outgoing = Outgoing(self._clock, self.faults, own)
        self._responses = Wheel(self._clock, _respond_all)
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
        self._outgoing.stop()
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
            outcome = outcomes[0]
            if len(outcomes) > 1:  # one refused number refuses the whole
                outcome = next((one for one in outcomes if one.result), outcome)
            if not outcome.result:
                msg_id = self._accept(subscriber, submit, numbers, outcomes, now)
        subscriber.counts[outcome.name] += 1
        if outcome.result:
            subscriber.refused += 1
        else:
            subscriber.accepted += 1
        self._answer(connection, sequence, msg_id, outcome)

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
        wanted = submit.registered_delivery == 1
        for msg_id, number, outcome in zip(ids, numbers, outcomes, strict=True):
            if self.journal is not None:
                self.journal.accepted(msg_id, number, submit)
            if outcome.stat == "DELIVRD":
                self._show(subscriber, number, submit, now)
            if wanted and outcome.receipts:
                delay = outcome.receipt_delay
                if delay < 0:
                    latency = self.scenario.latency
                    delay = latency.receipt
                    if latency.receipt_jitter:
                        delay = self._varied(delay, latency.receipt_jitter)
                self._outgoing.report(
                    subscriber, submit, msg_id, number, outcome, delay, now
                )
        return first

    def _show(
        self, subscriber: Subscriber, number: str, submit: Submit, now: float
    ) -> None:
        coding, access = submit.msg_fmt, submit.src_id
        whole = self.phones.receive(
            number, access, submit.msg_content, coding, submit.tp_udhi, now
        )
        if whole is None or not self._rules.may_reply(number):
            return
        rule = self._rules.reply(number, read(whole, coding), self._chance)
        if rule is not None:
            self._outgoing.reply(
                subscriber, number, access, rule.reply, rule.reply_delay, now
            )

    def _answer(
        self, connection: Connection, sequence: int, msg_id: int, outcome: Outcome
    ) -> None:
        faults = self.faults
        if not outcome.respond or faults.silent:
            return
        if faults.lose and faults.use("lose"):
            return
        latency = self.scenario.latency
        delay = latency.response + faults.slow
        if latency.response_jitter:
            delay = self._varied(delay, latency.response_jitter)
        if outcome.early:
            delay = max(delay, EARLY)
        shown = 0 if faults.no_id else msg_id
        answer = SubmitResp(msg_id=shown, result=outcome.result)
        copies = 2 if faults.double and faults.use("double") else 1
        for _ in range(copies):
            connection.unanswered += 1
            if delay:
                due = self._clock.seconds() + delay
                self._responses.add(due, (connection, sequence, answer))
            else:
                connection.respond(sequence, answer)

    def _varied(self, mean: float, jitter: float) -> float:
        return max(0.0, mean + jitter * (2.0 * self._chance() - 1.0))

    # Phones and views.

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
        parts = self._outgoing.parts(number, to, text, coding, udhi, self._now())
        owner.offer(parts)
        owner.pump()
        return len(parts)

    def day(self, connection: Connection, query: Query) -> QueryResp:
        """
        The counters that CMPP_QUERY asks for.
        """
        subscriber = connection.subscriber
        assert subscriber is not None
        return QueryResp(
            time=query.time,
            query_type=query.query_type,
            query_code=query.query_code,
            mt_tlmsg=subscriber.accepted,
            mt_tlusr=subscriber.accepted,
            mt_scs=subscriber.accepted,
            mt_fl=subscriber.refused,
            mo_scs=subscriber.counts["mo_taken"],
            mo_wt=subscriber.waiting,
        )

    def totals(self) -> dict[str, Any]:
        """
        Counts per account and of all phones.
        """
        return {
            "accounts": {
                login: one.totals() for login, one in self.subscribers.items()
            },
            "messages": self.phones.messages,
            "segments": self.phones.segments,
            "doubles": self.phones.doubles,
            "pending_responses": len(self._responses),
            "pending_deliveries": len(self._outgoing),
            "refused_logins": self.refused_logins,
            "connections": len(self.connections),
        }


def _respond_all(due: list[tuple[Connection, int, SubmitResp]]) -> None:
    for connection, sequence, answer in due:
        connection.respond(sequence, answer)
    for connection in {one[0] for one in due}:
        if not connection.closed:
            connection.flush()
