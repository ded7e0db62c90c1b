"""
The carrier's end of one connection.
"""

from typing import TYPE_CHECKING, Any

from twisted.internet.interfaces import IAddress, IReactorTime, ITransport
from twisted.internet.protocol import Factory, connectionDone
from twisted.python.failure import Failure

from smsgw.link import Link
from smsgw.protocols.rows import Pdu
from smsgw.protocols.session import Session
from smsgw.simulator.subscriber import Subscriber
from smsgw.simulator.wire import Wire

if TYPE_CHECKING:
    from smsgw.simulator.carrier import Carrier

__all__ = ["Connection", "ConnectionFactory"]

SENDER, RECEIVER = "transmitter", "receiver"


class Connection(Link):
    """
    A link whose requests go to the carrier; C{unanswered} submits are its window.
    """

    def __init__(self, session: Session, clock: IReactorTime, carrier: "Carrier"):
        super().__init__(session, clock, carrier.scenario.called)
        self.carrier = carrier
        self.subscriber: Subscriber | None = None
        self.kind = ""
        self.unanswered = 0
        self.on_login = self._login
        self.on_received = self._received
        self.on_closed = self._closed
        self._unread = b""
        self._wire: Wire | None = None

    def makeConnection(self, transport: ITransport) -> None:
        """
        Through a wire that obeys the faults.
        """
        carrier = self.carrier
        self._wire = Wire(transport, self._clock, carrier.faults, carrier.flush)
        super().makeConnection(self._wire)

    def connectionMade(self) -> None:
        self.carrier.connections.append(self)
        super().connectionMade()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self._wire is not None:
            self._wire.stop()
        super().connectionLost(reason)

    def dataReceived(self, data: bytes) -> None:
        """
        A turn; afterwards freed room is filled.
        """
        if self.carrier.faults.deaf:
            self._unread += data
            if self._wire is not None:
                self._wire.pauseProducing()
            return
        super().dataReceived(data)
        if self.subscriber is not None:
            self.subscriber.pump()

    def wake(self) -> None:
        """
        Go on after a change of the faults.
        """
        if self.carrier.faults.deaf or self.closed:
            return
        unread, self._unread = self._unread, b""
        if unread and self._wire is not None:
            self._wire.resumeProducing()
            self.dataReceived(unread)

    def _login(self, sequence: int, pdu: Pdu) -> None:
        carrier = self.carrier
        asked = carrier.stranger.host.read_login(pdu)
        subscriber = carrier.subscribers.get(asked.login)
        speech = subscriber.speech if subscriber else carrier.stranger
        told = carrier.faults.refuse
        if told:
            answer, layout, code = speech.keep_out(pdu, told)
        else:
            full = subscriber is not None and (
                len(subscriber.members) >= subscriber.account.connections
            )
            word = "connections" if full else ""
            answer, layout, code = speech.admit(pdu, subscriber is not None, word)
        if subscriber is None or code:
            carrier.refused_logins += 1
            self.refuse_login(sequence, answer, layout, code)
            return
        if carrier.faults.unsigned:
            speech.unsign(answer)
        self.accept_login(sequence, answer, layout)
        self._enter(subscriber, asked.kind)

    def _enter(self, subscriber: Subscriber, kind: str) -> None:
        self.subscriber, self.kind = subscriber, kind
        subscriber.members.append(self)
        subscriber.counts["logins"] += 1
        if kind != SENDER and subscriber.account.report_mode == "same":
            subscriber.join(self)

    def _received(self, sequence: int, pdu: Pdu) -> None:
        self.carrier.intake.request(self, sequence, pdu)

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
        return Connection(self._carrier.session(), self._clock, self._carrier)
