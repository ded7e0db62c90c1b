"""
SGIP's second direction: the carrier connects to a client to deliver.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from twisted.application.internet import ClientService
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import (
    IReactorTime,
    IStreamClientEndpoint,
    ITransport,
)
from twisted.internet.protocol import Factory, connectionDone
from twisted.python.failure import Failure

from smsgw.link import Link
from smsgw.protocols.rows import Pdu
from smsgw.simulator.carrier import Carrier
from smsgw.simulator.subscriber import Subscriber
from smsgw.simulator.wire import Wire

__all__ = ["Reverse", "ReverseLink", "reverses"]

LONGEST = 10.0


class ReverseLink(Link):
    """
    One connection to a client's listener; all that it asks there is refused.
    """

    def __init__(
        self,
        carrier: Carrier,
        subscriber: Subscriber,
        clock: IReactorTime,
        failed: Callable[[bool], None],
    ) -> None:
        super().__init__(carrier.session(), clock, f"{carrier.scenario.called} reverse")
        self.carrier = carrier
        self.subscriber = subscriber
        self._failed = failed
        self._wire: Wire | None = None
        self.on_open = self._log_in
        self.on_bound = self._bound
        self.on_received = self._received
        self.on_closed = self._closed

    def makeConnection(self, transport: ITransport) -> None:
        """
        Through a wire that obeys the faults.
        """
        carrier = self.carrier
        self._wire = Wire(transport, self._clock, carrier.faults, carrier.flush)
        super().makeConnection(self._wire)

    def dataReceived(self, data: bytes) -> None:
        """
        Answers; freed room is filled.
        """
        if not self.carrier.faults.deaf:
            super().dataReceived(data)
            self.subscriber.pump()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self._wire is not None:
            self._wire.stop()
        super().connectionLost(reason)

    def _log_in(self) -> None:
        account = self.subscriber.account
        asking = self.subscriber.speech.dialect(
            account.reverse_login, login_type=account.reverse_type
        )
        self.login(asking.login(self.carrier.now()))

    def _bound(self, version: int, pdu: Pdu) -> None:
        self._failed(False)
        self.subscriber.counts["reverse_logins"] += 1
        self.subscriber.join(self)
        self.subscriber.pump()

    def _received(self, sequence: int, pdu: Pdu) -> None:
        answer = self.subscriber.speech.host.answer_other(pdu)
        if answer is not None:
            self.answer(sequence, answer)

    def _closed(self, reason: str, code: int, tokens: list[Any]) -> None:
        self._failed(True)
        self.subscriber.leave(self, tokens)


class Reverse:
    """
    Keeps one connection to a client's listener.
    """

    def __init__(
        self,
        carrier: Carrier,
        subscriber: Subscriber,
        endpoint: IStreamClientEndpoint,
        clock: IReactorTime,
    ) -> None:
        self._attempts = 0
        make = partial(ReverseLink, carrier, subscriber, clock, self._told)
        self._service = ClientService(
            endpoint, Factory.forProtocol(make), retryPolicy=self._delay, clock=clock
        )

    def start(self) -> None:
        """
        Connect, and stay connected.
        """
        self._service.startService()

    def stop(self) -> "Deferred[None]":
        """
        Leave.
        """
        stopping: Deferred[None] = self._service.stopService()
        return stopping

    def _told(self, failed: bool) -> None:
        self._attempts = self._attempts + 1 if failed else 0

    def _delay(self, attempts: int) -> float:
        tried = max(attempts, self._attempts)
        return float(min(LONGEST, 0.5 * 2.0 ** min(tried, 5)))


def reverses(
    carrier: Carrier,
    dial: Callable[[str], IStreamClientEndpoint],
    clock: IReactorTime,
) -> list[Reverse]:
    """
    One for each place where an account wants its deliveries.
    """
    return [
        Reverse(carrier, subscriber, dial(place), clock)
        for subscriber in carrier.subscribers.values()
        if subscriber.account.report_mode == "reverse"
        for place in subscriber.account.reverse
    ]
