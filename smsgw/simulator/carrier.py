"""
The carrier: takes submits and answers them, lets phones show texts.
"""

from collections.abc import Callable, Sequence
from typing import Any

import attrs
from twisted.internet.interfaces import IReactorTime

from smsgw.protocols.rows import Pdu
from smsgw.simulator.admission import Limiter
from smsgw.simulator.chance import Chance
from smsgw.simulator.cmpp import CmppManner
from smsgw.simulator.connection import Connection
from smsgw.simulator.faults import Faults
from smsgw.simulator.journal import Journal
from smsgw.simulator.manner import Asked, HostManner, Manner
from smsgw.simulator.outgoing import Outgoing
from smsgw.simulator.phone import Phones, read
from smsgw.simulator.rules import Outcome, Rules
from smsgw.simulator.scenario import Scenario
from smsgw.simulator.subscriber import Subscriber
from smsgw.simulator.wheel import Wheel

__all__ = ["Carrier"]

OVER_WINDOW = Outcome("over_window", word="throttled")
BUSY = Outcome("busy", word="throttled")
EARLY = 0.05  # how long a response waits for a receipt that overtakes it


@attrs.define(eq=False)
class Carrier:
    """
    One carrier and all its accounts. C{now} is wall time; C{clock} has timers.
    """

    scenario: Scenario
    _clock: IReactorTime
    now: Callable[[], float]
    journal: Journal | None = None
    faults: Faults = attrs.field(factory=Faults, init=False)
    connections: list[Connection] = attrs.field(factory=list, init=False)
    refused_logins: int = attrs.field(default=0, init=False)
    subscribers: dict[str, Subscriber] = attrs.field(init=False)
    phones: Phones = attrs.field(init=False)
    manner: Manner = attrs.field(init=False)
    _rules: Rules = attrs.field(init=False)
    _chance: Chance = attrs.field(init=False)
    _outgoing: Outgoing = attrs.field(init=False)
    _responses: Wheel[tuple[Connection, int, Pdu]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        scenario = self.scenario
        self.phones = Phones(scenario.numbers, scenario.texts_per_number)
        self._rules = Rules.of(scenario.rules)
        self._chance = Chance(scenario.seed)
        own = scenario.protocol == "cmpp"
        self.manner = CmppManner(scenario) if own else HostManner(scenario, self.now)
        self._outgoing = Outgoing(self._clock, self.faults, self.manner)
        self._responses = Wheel(self._clock, self._respond_all)
        self.subscribers = {
            account.login: Subscriber(
                account,
                Limiter(account.speed),
                self.faults,
                self.manner,
                scenario.waiting,
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

    def submit(self, connection: Connection, sequence: int, asked: Asked) -> None:
        """
        Decide about one submit and answer it in time.
        """
        subscriber = connection.subscriber
        assert subscriber is not None
        now = self.now()
        outcome = self._refused(connection, subscriber, asked, now)
        message_id = None
        if outcome is None:
            outcomes = self._outcomes(asked)
            outcome = outcomes[0]
            if len(outcomes) > 1:  # one refused number refuses the whole
                outcome = next((one for one in outcomes if one.refused), outcome)
            if not outcome.refused:
                message_id = self._accept(subscriber, asked, outcomes, sequence, now)
        subscriber.counts[outcome.name] += 1
        if outcome.refused:
            subscriber.refused += 1
        else:
            subscriber.accepted += 1
        self._answer(connection, sequence, asked, message_id, outcome)

    def _refused(
        self, connection: Connection, subscriber: Subscriber, asked: Asked, now: float
    ) -> Outcome | None:
        account = subscriber.account
        if connection.unanswered >= account.window:
            return OVER_WINDOW
        if self.faults.busy and self.faults.use("busy"):
            return BUSY
        return self.manner.refusal(asked, account, subscriber.limiter, now)

    def _outcomes(self, asked: Asked) -> list[Outcome]:
        rules, text = self._rules, ""
        if rules.needs_text:
            text = read(asked.content, asked.coding)
        return [rules.outcome(number, text, self._chance) for number in asked.numbers]

    def _accept(
        self,
        subscriber: Subscriber,
        asked: Asked,
        outcomes: Sequence[Outcome],
        sequence: int,
        now: float,
    ) -> Any:
        numbers = asked.numbers
        ids = self.manner.take_ids(now, len(numbers), sequence)
        for one, number, outcome in zip(ids, numbers, outcomes, strict=True):
            if self.journal is not None:
                self.journal.accepted(self.manner.shown(one), number, asked)
            if outcome.stat == "DELIVRD":
                self._show(subscriber, number, asked, now)
            if asked.registered and outcome.receipts:
                delay = outcome.receipt_delay
                if delay < 0:
                    latency = self.scenario.latency
                    delay = latency.receipt
                    if latency.receipt_jitter:
                        delay = self._varied(delay, latency.receipt_jitter)
                self._outgoing.report(
                    subscriber, asked, one, number, outcome, delay, now
                )
        return ids[0]

    def _show(
        self, subscriber: Subscriber, number: str, asked: Asked, now: float
    ) -> None:
        coding, access = asked.coding, asked.src
        whole = self.phones.receive(
            number, access, asked.content, coding, asked.udhi, now
        )
        if whole is None or not self._rules.may_reply(number):
            return
        rule = self._rules.reply(number, read(whole, coding), self._chance)
        if rule is not None:
            self._outgoing.reply(
                subscriber, number, access, rule.reply, rule.reply_delay, now
            )

    def _answer(
        self,
        connection: Connection,
        sequence: int,
        asked: Asked,
        message_id: Any,
        outcome: Outcome,
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
        shown = None if faults.no_id else message_id
        answer = self.manner.submitted(asked, shown, outcome)
        copies = 2 if faults.double and faults.use("double") else 1
        for _ in range(copies):
            connection.unanswered += 1
            if delay:
                due = self._clock.seconds() + delay
                self._responses.add(due, (connection, sequence, answer))
            else:
                connection.respond(sequence, answer)

    def _respond_all(self, due: list[tuple[Connection, int, Pdu]]) -> None:
        if self.faults.shuffle:
            due.reverse()
        for connection, sequence, answer in due:
            connection.respond(sequence, answer)
        for connection in {one[0] for one in due}:
            if not connection.closed:
                connection.flush()

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
        parts = self._outgoing.parts(number, to, text, coding, udhi, self.now())
        owner.offer(parts)
        owner.pump()
        return len(parts)

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
