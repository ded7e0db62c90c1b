"""
The carrier connects to its client: SGIP's way of delivering.
"""

from collections.abc import Callable
from typing import Any

import attrs
from twisted.application.internet import ClientService, backoffPolicy
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import clientFromString
from twisted.internet.protocol import Factory

from smsgw.link import Link
from smsgw.protocols.dialects import dialect_of
from smsgw.protocols.session import Session
from smsgw.simulator.scenario import Scenario
from smsgw.simulator.subscriber import Subscriber

__all__ = ["Reverse"]

DELIVERING = 2  # SGIP's LoginType


@attrs.define(eq=False)
class Reverse:
    """
    One account's connection in the other direction, kept up while it runs.
    """

    scenario: Scenario
    subscriber: Subscriber
    reactor: Any
    now: Callable[[], float]
    _service: ClientService | None = attrs.field(default=None, init=False)
    _link: Link | None = attrs.field(default=None, init=False)

    def start(self) -> None:
        """
        Connect, and stay connected.
        """
        endpoint = clientFromString(self.reactor, self.subscriber.account.deliver_to)
        self._service = ClientService(
            endpoint,
            Factory.forProtocol(self._connection),
            retryPolicy=backoffPolicy(0.2, 5.0),
            clock=self.reactor,
        )
        self._service.startService()

    def stop(self) -> "Deferred[None] | None":
        """
        End it.
        """
        service, self._service = self._service, None
        if self._link is not None:
            self._link.abort()
        return service.stopService() if service is not None else None

    def _connection(self) -> Link:
        scenario, account = self.scenario, self.subscriber.account
        settings = {"login_type": DELIVERING, "node": scenario.gateway}
        dialect = dialect_of(
            scenario.protocol,
            account.login,
            account.secret,
            scenario.newest,
            "",
            settings,
        )
        session = Session(
            dialect.protocol,
            dialect.version,
            window=scenario.deliver_window,
            timeout=scenario.timeout,
            tries=scenario.tries,
            idle=0.0,
            numbers=dialect.numbers,
        )
        link = self._link = Link(session, self.reactor, "simulator, delivering")
        subscriber = self.subscriber

        def on_bound(_version: int, _pdu: Any) -> None:
            subscriber.join(link)
            subscriber.pump()

        def on_answered(event: Any) -> None:
            subscriber.answered(event)
            subscriber.pump()

        link.on_open = lambda: link.login(dialect.login(self.now()))
        link.on_bound = on_bound
        link.on_answered = on_answered
        link.on_expired = subscriber.expired
        link.on_closed = lambda _reason, _code, tokens: subscriber.leave(link, tokens)
        return link
