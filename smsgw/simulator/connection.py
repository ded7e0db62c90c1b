"""
The carrier's end of one connection.
"""

from typing import TYPE_CHECKING, Any

from twisted.internet.interfaces import IAddress, IReactorTime
from twisted.internet.protocol import Factory

from smsgw.link import Link
from smsgw.protocols.rows import Pdu
from smsgw.protocols.session import Session
from smsgw.simulator.subscriber import Subscriber

if TYPE_CHECKING:
    from smsgw.simulator.carrier import Carrier

__all__ = ["Connection", "ConnectionFactory"]


class Connection(Link):
    """
    A link whose requests go to the carrier; C{unanswered} submits are its window.
    """

    def __init__(self, session: Session, clock: IReactorTime, carrier: "Carrier"):
        super().__init__(session, clock, "simulator")
        self.carrier = carrier
        self.subscriber: Subscriber | None = None
        self.unanswered = 0
        self.on_login = self._login
        self.on_received = self._received
        self.on_closed = self._closed

    def connectionMade(self) -> None:
        self.carrier.connections.append(self)
        super().connectionMade()

    def dataReceived(self, data: bytes) -> None:
        """
        A turn; afterwards freed room is filled.
        """
        if self.carrier.faults.deaf:
            return
        super().dataReceived(data)
        if self.subscriber is not None:
            self.subscriber.pump()

    def _login(self, sequence: int, pdu: Pdu) -> None:
        carrier = self.carrier
        subscriber = carrier.subscribers.get(carrier.manner.login_of(pdu))
        account = subscriber.account if subscriber else None
        full = bool(
            account and subscriber and len(subscriber.links) >= account.connections
        )
        admitted = carrier.manner.admit(pdu, account, full, carrier.faults)
        if subscriber is None or account is None or admitted.code:
            carrier.refused_logins += 1
            self.refuse_login(sequence, admitted.answer, admitted.layout, admitted.code)
            return
        self.accept_login(sequence, admitted.answer, admitted.layout)
        self.subscriber = subscriber
        if account.deliver_to:
            return
        self.on_answered = subscriber.answered
        self.on_expired = subscriber.expired
        subscriber.join(self)

    def _received(self, sequence: int, pdu: Pdu) -> None:
        asked = self.carrier.manner.read(pdu)
        if asked is not None:
            self.carrier.submit(self, sequence, asked)
            return
        other = self.carrier.manner.other(pdu, lambda: self.subscriber)
        if other is not None:
            self.answer(sequence, other)

    def respond(self, sequence: int, pdu: Pdu) -> None:
        """
        Answer a submit, in the turn's one write.
        """
        self.unanswered -= 1
        self.session.answer(sequence, pdu)

    def flush(self) -> None:
        """
        Write what was answered outside of a turn.
        """
        self.answer_many(())

    def _write(self) -> None:
        """
        In one piece, or octet by octet when told so.
        """
        transport: Any = self.transport
        if not self.carrier.faults.drip or transport is None or self.closed:
            super()._write()
            return
        for octet in self.session.data_to_send():
            transport.write(bytes((octet,)))
        super()._write()

    def _closed(self, reason: str, code: int, tokens: list[Any]) -> None:
        self.carrier.connections.remove(self)
        if self.subscriber is not None:
            self.subscriber.leave(self, tokens)


class ConnectionFactory(Factory):
    """
    A connection for each who knocks.
    """

    noisy = False

    def __init__(self, carrier: "Carrier", clock: IReactorTime) -> None:
        self._carrier = carrier
        self._clock = clock

    def buildProtocol(self, addr: IAddress | None) -> Connection:
        scenario = self._carrier.scenario
        manner = self._carrier.manner
        session = Session(
            manner.rules,
            manner.version,
            window=scenario.deliver_window,
            idle=scenario.idle,
            timeout=scenario.timeout,
            tries=scenario.tries,
            login_timeout=scenario.login_timeout,
            numbers=manner.numbers(),
        )
        return Connection(session, self._clock, self._carrier)
