"""
The carrier: its accounts, its phones, what it is told to do.
"""

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

import attrs
from twisted.internet.interfaces import IReactorTime

from smsgw.protocols.dialects import Nodes, numbers_of
from smsgw.protocols.session import Session
from smsgw.simulator.admission import Limiter
from smsgw.simulator.chance import Chance
from smsgw.simulator.cmpp_speech import CmppSpeech, cmpp_ids
from smsgw.simulator.connection import Connection
from smsgw.simulator.faults import Faults
from smsgw.simulator.intake import Intake
from smsgw.simulator.journal import Journal
from smsgw.simulator.outgoing import Outgoing
from smsgw.simulator.phone import Phones
from smsgw.simulator.rules import Rules
from smsgw.simulator.scenario import Account, Scenario
from smsgw.simulator.speech import Speech
from smsgw.simulator.subscriber import Subscriber

__all__ = ["Carrier"]

_NOBODY = Account("nobody", "nobody")


@attrs.define(eq=False)
class Carrier:
    """
    One carrier and all its accounts. C{time} is wall time; C{clock} has timers.
    """

    scenario: Scenario
    _clock: IReactorTime
    _time: Callable[[], float]
    journal: Journal = attrs.field()
    faults: Faults = attrs.field(init=False)
    connections: list[Connection] = attrs.field(factory=list, init=False)
    refused_logins: int = attrs.field(default=0, init=False)
    stranger: Speech = attrs.field(init=False)
    subscribers: dict[str, Subscriber] = attrs.field(init=False)
    phones: Phones = attrs.field(init=False)
    intake: Intake = attrs.field(init=False)
    outgoing: Outgoing = attrs.field(init=False)
    _nodes: Nodes = attrs.field(init=False)

    @journal.default
    def _kept(self) -> Journal:
        return Journal(self.scenario.journal)

    def __attrs_post_init__(self) -> None:
        scenario = self.scenario
        self.faults = attrs.evolve(scenario.faults)
        self.phones = Phones(scenario.numbers, scenario.texts_per_number)
        self._nodes = Nodes(self.now)
        chance = Chance(scenario.seed)
        self.outgoing = Outgoing(scenario.protocol, self._clock, self.faults, chance)
        self.intake = Intake(
            scenario.protocol,
            scenario.latency,
            Rules.of(scenario.rules, scenario.protocol),
            self.faults,
            chance,
            self.journal,
            self.phones,
            self.outgoing,
            self._clock,
            self.now,
        )
        self._open_accounts()

    def _open_accounts(self) -> None:
        scenario = self.scenario
        own = scenario.protocol == "cmpp"
        ids = cmpp_ids(scenario) if own else count(1)
        speech = partial(CmppSpeech if own else Speech, scenario, ids=ids)
        self.stranger = speech(_NOBODY)
        self.subscribers = {
            account.login: Subscriber(
                speech(account), Limiter(account.speed), self.faults, scenario.waiting
            )
            for account in scenario.accounts
        }

    def now(self) -> float:
        """
        Wall time as this carrier believes it to be.
        """
        return self._time() + self.faults.skew

    def session(self) -> Session:
        """
        The conversation of a new connection.
        """
        scenario, host = self.scenario, self.stranger.host
        return Session(
            host.protocol,
            scenario.version,
            window=scenario.deliver_window,
            idle=scenario.idle if host.protocol.keepalive else 0.0,
            timeout=scenario.timeout,
            tries=scenario.tries,
            login_timeout=scenario.login_timeout,
            numbers=numbers_of(host, self._nodes),
        )

    def flush(self) -> None:
        """
        What is in the journal is safe.
        """
        self.journal.flush()

    def wake(self) -> None:
        """
        Go on after a change of the faults.
        """
        for connection in list(self.connections):
            connection.wake()
        for subscriber in self.subscribers.values():
            subscriber.pump()

    def stop(self) -> None:
        """
        Take no more steps by itself.
        """
        self.intake.responses.stop()
        self.outgoing.stop()
        self.journal.close()

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
        parts = self.outgoing.parts(owner, number, to, text, coding, udhi, self.now())
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
            "pending_responses": len(self.intake.responses),
            "pending_deliveries": len(self.outgoing),
            "refused_logins": self.refused_logins,
            "connections": len(self.connections),
        }
