"""
A simulated carrier and its clients joined in memory, under one clock.
"""

from typing import Any

import attrs
from twisted.internet.task import Clock
from twisted.test.iosim import FakeTransport, IOPump, connect

from smsgw.link import Link
from smsgw.protocols.cmpp import V30, Connect, DeliverResp, Submit
from smsgw.protocols.cmpp_rules import CMPP
from smsgw.protocols.dialects import dialect_of
from smsgw.protocols.events import Answered
from smsgw.protocols.neutral import (
    InboundPart,
    Outcome,
    OutSegment,
    ReceiptIn,
    Sent,
)
from smsgw.protocols.rows import Pdu
from smsgw.protocols.session import Session
from smsgw.simulator.admission import authenticator
from smsgw.simulator.carrier import Carrier
from smsgw.simulator.connection import ConnectionFactory
from smsgw.simulator.scenario import Account, Scenario
from tests.support.network import Network

LOGIN, SECRET, ACCESS = "900001", "888888", "10690000"
START = 1_790_000_000.0


@attrs.define(eq=False)
class Client:
    """
    An SP's link that keeps what it is told and answers deliveries by itself.
    """

    link: Link
    pump: IOPump
    answered: list[Answered] = attrs.field(factory=list)
    received: list[Pdu] = attrs.field(factory=list)
    bound: list[int] = attrs.field(factory=list)
    refused: list[tuple[int, int]] = attrs.field(factory=list)
    closed: list[str] = attrs.field(factory=list)
    answers: bool = True

    @property
    def results(self) -> list[int]:
        """
        The Results of the answers so far.
        """
        return [event.pdu.result for event in self.answered]  # type: ignore[union-attr]

    def flush(self) -> None:
        """
        Carry all bytes, both ways.
        """
        self.pump.flush()

    def submit(self, *submits: Submit) -> None:
        """
        Ask, with the number as token.
        """
        self.link.ask_many((one, one.dest_terminal_id) for one in submits)
        self.flush()

    def _receive(self, sequence: int, pdu: Any) -> None:
        self.received.append(pdu)
        if self.answers:
            self.link.answer(sequence, DeliverResp(msg_id=pdu.msg_id, result=0))


@attrs.define(eq=False)
class Guest:
    """
    An SP's link in any protocol, which keeps what its dialect reads.
    """

    link: Link
    dialect: Any
    flush: Any
    outcomes: list[Outcome] = attrs.field(factory=list)
    receipts: list[ReceiptIn] = attrs.field(factory=list)
    inbound: list[InboundPart] = attrs.field(factory=list)
    unread: list[Pdu] = attrs.field(factory=list)
    refused: list[int] = attrs.field(factory=list)
    closed: list[str] = attrs.field(factory=list)
    bound: list[Any] = attrs.field(factory=list)
    answers: bool = True

    def __attrs_post_init__(self) -> None:
        link = self.link
        link.on_answered = self._answered
        link.on_received = self.received
        link.on_refused = lambda code, _: self.refused.append(code)
        link.on_closed = lambda reason, *_: self.closed.append(reason)

    @property
    def ids(self) -> list[str]:
        """
        The carrier's ids of what it took.
        """
        return [one.carrier_id for one in self.outcomes if isinstance(one, Sent)]

    @property
    def codes(self) -> list[str]:
        """
        The codes of what it did not take.
        """
        return [one.code for one in self.outcomes if not isinstance(one, Sent)]

    @property
    def states(self) -> list[str]:
        """
        What the receipts say.
        """
        return [one.state for one in self.receipts]

    def submit(self, *numbers: str, text: str = "您好", **changes: Any) -> None:
        """
        Ask, one segment for each number.
        """
        octets = text.encode("utf-16-be")
        segments = [
            attrs.evolve(OutSegment(one, ACCESS, octets), **changes) for one in numbers
        ]
        self.send(*segments)

    def send(self, *segments: OutSegment) -> None:
        """
        Ask for these.
        """
        self.link.ask_many([(self.dialect.submit(one), one) for one in segments])
        self.flush()

    def _answered(self, event: Answered) -> None:
        if event.pdu is not None and not event.late:
            outcome = self.dialect.outcome(event.pdu, event.sequence, event.again)
            self.outcomes.append(outcome)

    def received(self, sequence: int, pdu: Pdu) -> None:
        """
        A delivery, on whatever connection.
        """
        self.take(self.link, sequence, pdu)

    def take(self, link: Link, sequence: int, pdu: Pdu) -> None:
        """
        Read and answer it.
        """
        read = self.dialect.read(pdu, sequence)
        if isinstance(read, ReceiptIn):
            self.receipts.append(read)
        elif isinstance(read, InboundPart):
            self.inbound.append(read)
        else:
            self.unread.append(pdu)
        answer = self.dialect.acknowledge(pdu)
        if self.answers and answer is not None:
            link.answer(sequence, answer)


def account(**changes: Any) -> Account:
    """
    The account that all tests log in with.
    """
    return attrs.evolve(Account(LOGIN, SECRET, access=ACCESS), **changes)


def submit(number: str, text: str = "您好", **changes: Any) -> Submit:
    """
    A short UCS-2 message.
    """
    made = Submit(
        msg_src=LOGIN,
        src_id=ACCESS,
        dest_terminal_id=(number,),
        msg_content=text.encode("utf-16-be"),
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made


@attrs.define(eq=False)
class Simulated:
    """
    A carrier with its clock.
    """

    scenario: Scenario = attrs.field(factory=lambda: Scenario((account(),)))
    clock: Clock = attrs.field(factory=Clock)
    clients: list[Client] = attrs.field(factory=list)
    network: Network = attrs.field(init=False)
    carrier: Carrier = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.clock.rightNow = START
        self.network = Network(self.clock)
        self.carrier = Carrier(self.scenario, self.clock, self.clock.seconds)

    def connect(
        self, login: str = LOGIN, secret: str = SECRET, version: int = V30
    ) -> Client:
        """
        A client that has asked to come in, and been answered.
        """
        link = Link(Session(CMPP, version, window=1000), self.clock, "client")
        server = ConnectionFactory(self.carrier, self.clock).buildProtocol(None)
        pump = connect(
            server, FakeTransport(server, True), link, FakeTransport(link, False)
        )
        client = Client(link, pump)
        self.clients.append(client)
        link.on_answered = client.answered.append
        link.on_received = client._receive
        link.on_bound = lambda version, _: client.bound.append(version)
        link.on_refused = lambda code, at: client.refused.append((code, at))
        link.on_closed = lambda reason, *_: client.closed.append(reason)
        digest = authenticator(login, secret, 1021080510)
        link.login(
            Connect(
                source_addr=login,
                authenticator_source=digest,
                version=version,
                timestamp=1021080510,
            )
        )
        pump.flush()
        return client

    def enter(
        self,
        login: str = LOGIN,
        secret: str = SECRET,
        version: str = "",
        window: int = 1000,
        **extra: Any,
    ) -> Guest:
        """
        A guest that speaks the carrier's protocol and has asked to come in.
        """
        scenario = self.scenario
        extra.setdefault("node", 3_057_101_234)
        dialect = dialect_of(
            scenario.protocol, login, secret, version or scenario.version_name, "",
            extra,
        )  # fmt: skip
        session = Session(
            dialect.protocol, dialect.version, window=window, numbers=dialect.numbers
        )
        link = Link(session, self.clock, "guest")
        server = ConnectionFactory(self.carrier, self.clock).buildProtocol(None)
        self.network.join(server, link)
        guest = Guest(link, dialect, lambda: self.clock.advance(0.0))
        link.on_bound = lambda _, pdu: guest.bound.append(pdu)
        link.login(dialect.login(self.clock.seconds()))
        guest.flush()
        return guest

    def advance(self, seconds: float) -> None:
        """
        Let time pass, in steps, and bytes with it.
        """
        for _ in range(max(1, round(seconds / 0.05))):
            self.clock.advance(min(seconds, 0.05))
            for client in self.clients:
                client.flush()
