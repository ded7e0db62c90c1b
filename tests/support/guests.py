"""
Systems that log in to our carrier door, joined with it in memory.
"""

from collections.abc import Sequence
from typing import Any

import attrs
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.test.iosim import FakeTransport, IOPump, connect

from smsgw.directory import Directory, Peer
from smsgw.frontends.carrier.desk import Desk
from smsgw.frontends.carrier.guest import Guest
from smsgw.frontends.carrier.intake import Intake
from smsgw.link import Link
from smsgw.metrics import Metrics
from smsgw.protocols.dialects import SPOKEN, dialect_of
from smsgw.protocols.events import Answered
from smsgw.protocols.neutral import OutSegment, ReceiptIn
from smsgw.protocols.rows import Pdu
from smsgw.protocols.session import Session
from smsgw.queues.memory_parts import MemoryParts
from smsgw.tasks import sleep
from tests.support.worlds import NOW, World

__all__ = [
    "ACCESS",
    "CONTRACTS",
    "LOGIN",
    "SECRET",
    "House",
    "System",
    "Ticking",
    "peer",
]

LOGIN, SECRET, ACCESS = "700001", "s3cret", "10690000"
CONTRACTS = [
    (protocol, version)
    for protocol, spoken in SPOKEN.items()
    for version in spoken.versions
]


def peer(protocol: str, **changes: Any) -> Peer:
    """
    The system that all tests log in as.
    """
    made = Peer(LOGIN, "his", protocol, ("older", SECRET), access=ACCESS)
    return attrs.evolve(made, **changes)


@attrs.define(eq=False)
class Ticking:
    """
    A clock whose sleeps end when C{timers} is advanced.
    """

    timers: Clock

    def now(self) -> float:
        return NOW + self.timers.seconds()

    def monotonic(self) -> float:
        return self.timers.seconds()

    def sleep(self, seconds: float) -> "Deferred[None]":
        return sleep(self.timers, seconds)


@attrs.define(eq=False)
class System:
    """
    A system's end: its link, what was answered, what it was given.
    """

    dialect: Any
    link: Link
    guest: Guest
    pump: IOPump
    answered: list[Answered] = attrs.field(factory=list)
    given: list[Any] = attrs.field(factory=list)
    refused: list[int] = attrs.field(factory=list)
    closed: list[str] = attrs.field(factory=list)
    takes: bool = True

    def submit(self, *segments: OutSegment) -> None:
        """
        Ask, all at once.
        """
        self.link.ask_many((self.dialect.submit(one), one) for one in segments)
        self.pump.flush()

    @property
    def outcomes(self) -> list[Any]:
        """
        What the answers mean, in the order of the submits.
        """
        found = sorted(self.answered, key=lambda one: one.sequence)
        return [self.dialect.outcome(one.pdu, one.sequence) for one in found]

    @property
    def receipts(self) -> list[ReceiptIn]:
        """
        The receipts among what was given.
        """
        return [one for one in self.given if isinstance(one, ReceiptIn)]

    def _receive(self, sequence: int, pdu: Pdu) -> None:
        self.given.append(self.dialect.read(pdu, sequence))
        answer = self.dialect.acknowledge(pdu)
        if self.takes and answer is not None:
            self.link.answer(sequence, answer)


@attrs.define(eq=False)
class House:
    """
    A shard in memory behind a desk; C{connect} brings a system.
    """

    protocol: str
    world: World = attrs.field(factory=World)
    parts: MemoryParts = attrs.field(factory=MemoryParts)
    timers: Clock = attrs.field(factory=Clock)
    metrics: Metrics = attrs.field(factory=Metrics)
    directory: Directory = attrs.field(init=False)
    desk: Desk = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.invite(peer(self.protocol))
        self.desk = Desk(
            self.protocol,
            lambda: self.directory,
            Intake(self.world.shard.gateway.accept, self.parts),
            self.world.clock,
            self.metrics,
        )

    def invite(self, *peers: Peer) -> None:
        """
        These may log in, nobody else.
        """
        self.directory = attrs.evolve(
            self.world.objects, peers={one.id: one for one in peers}
        )

    def connect(
        self,
        version: str = "",
        secret: str = SECRET,
        login: str = LOGIN,
        address: str = "10.0.0.1",
        settings: Sequence[tuple[str, Any]] = (),
    ) -> System:
        """
        A system that has asked to come in.
        """
        version = version or list(SPOKEN[self.protocol].versions)[-1]
        dialect = dialect_of(
            self.protocol, login, secret, version, "NOTICE", dict(settings)
        )
        session = Session(
            dialect.protocol,
            dialect.version,
            window=100,
            tries=1,
            numbers=dialect.numbers,
        )
        link = Link(session, self.timers, "system")
        guest = self.desk.guest(self.timers, address)
        here = IPv4Address("TCP", address, 5000)
        pump = connect(
            guest,
            FakeTransport(guest, True, peerAddress=here),
            link,
            FakeTransport(link, False),
        )
        system = System(dialect, link, guest, pump)
        link.on_answered = system.answered.append
        link.on_received = system._receive
        link.on_refused = lambda code, _version: system.refused.append(code)
        link.on_closed = lambda reason, _code, _tokens: system.closed.append(reason)
        link.login(dialect.login(self.world.clock.now()))
        pump.flush()
        return system
