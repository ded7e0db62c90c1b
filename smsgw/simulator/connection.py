"""
The carrier's end of one connection.
"""

from typing import TYPE_CHECKING, Any

from twisted.internet.interfaces import IAddress, IReactorTime
from twisted.internet.protocol import Factory

from smsgw.link import Link
from smsgw.protocols.cmpp import (
    Cancel,
    CancelResp,
    Connect,
    ConnectResp,
    DeliverResp,
    Query,
    Submit,
    SubmitResp,
)
from smsgw.protocols.cmpp_rules import CMPP
from smsgw.protocols.rows import Pdu
from smsgw.protocols.session import Session
from smsgw.simulator.admission import grant, mutual
from smsgw.simulator.subscriber import Subscriber

if TYPE_CHECKING:
    from smsgw.simulator.carrier import Carrier

__all__ = ["Connection", "ConnectionFactory"]

TOO_MANY = 56


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
        assert isinstance(pdu, Connect)
        carrier = self.carrier
        subscriber = carrier.subscribers.get(pdu.source_addr)
        account = subscriber.account if subscriber else None
        status, version = grant(pdu, account, carrier.scenario.version)
        status = carrier.faults.refuse or status
        full = account and subscriber and len(subscriber.links) >= account.connections
        status = status or (TOO_MANY if full else 0)
        answer = ConnectResp(status=status, version=carrier.scenario.version)
        if subscriber is None or account is None or status:
            carrier.refused_logins += 1
            self.refuse_login(sequence, answer, version, status)
            return
        if not carrier.faults.unsigned:
            source = pdu.authenticator_source
            answer.authenticator_ismg = mutual(0, source, account.secret, version)
        self.accept_login(sequence, answer, version)
        self.subscriber = subscriber
        self.on_answered = subscriber.answered
        self.on_expired = subscriber.expired
        subscriber.join(self)

    def _received(self, sequence: int, pdu: Pdu) -> None:
        if type(pdu) is Submit:
            self.carrier.submit(self, sequence, pdu)
        elif type(pdu) is Query:
            self.answer(sequence, self.carrier.day(self, pdu))
        elif type(pdu) is Cancel:
            self.answer(sequence, CancelResp(success_id=1))
        else:
            self.answer(sequence, DeliverResp(msg_id=0, result=1))

    def respond(self, sequence: int, pdu: SubmitResp) -> None:
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
        scenario = self._carrier.scenario
        session = Session(
            CMPP,
            scenario.version,
            window=scenario.deliver_window,
            idle=scenario.idle,
            timeout=scenario.timeout,
            tries=scenario.tries,
            login_timeout=scenario.login_timeout,
        )
        return Connection(session, self._clock, self._carrier)
