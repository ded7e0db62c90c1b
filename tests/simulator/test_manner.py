"""
A carrier of any protocol, with our own dialects as clients.
"""

from typing import Any

import attrs
import pytest
from twisted.internet.task import Clock
from twisted.test.iosim import FakeTransport, IOPump, connect

from smsgw.link import Link
from smsgw.protocols.dialects import SPOKEN, dialect_of
from smsgw.protocols.neutral import (
    InboundPart,
    OutSegment,
    ReceiptIn,
    Sent,
    Throttled,
)
from smsgw.protocols.session import Session
from smsgw.simulator.carrier import Carrier
from smsgw.simulator.connection import ConnectionFactory
from smsgw.simulator.rules import Rule
from smsgw.simulator.scenario import Account, Latency, Scenario
from smsgw.text import TextPolicy, split
from tests.support.simulated import ACCESS, LOGIN, SECRET, START

CONTRACTS = [
    (protocol, version)
    for protocol, spoken in SPOKEN.items()
    for version in spoken.versions
]
PROTOCOLS = sorted(SPOKEN)
NUMBER = "13800138000"
SEGMENT = OutSegment(NUMBER, ACCESS, "您好".encode("utf-16-be"))


@attrs.define(eq=False)
class World:
    """
    A carrier and one client, joined in memory.
    """

    protocol: str
    version: str = ""
    rules: tuple[Rule, ...] = ()
    secret: str = SECRET
    changes: dict[str, Any] = attrs.field(factory=dict)
    clock: Clock = attrs.field(factory=Clock)
    answered: list[Any] = attrs.field(factory=list)
    given: list[Any] = attrs.field(factory=list)
    refused: list[int] = attrs.field(factory=list)
    carrier: Carrier = attrs.field(init=False)
    dialect: Any = attrs.field(init=False)
    link: Link = attrs.field(init=False)
    pump: IOPump = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.clock.rightNow = START
        account = Account(LOGIN, SECRET, access=ACCESS, **self.changes)
        scenario = Scenario(
            (account,), self.rules, Latency(0.01, 0.0, 0.1), protocol=self.protocol
        )
        self.carrier = Carrier(scenario, self.clock, self.clock.seconds)
        version = self.version or list(SPOKEN[self.protocol].versions)[-1]
        extra = {"msg_src": LOGIN}
        self.dialect = dialect_of(
            self.protocol, LOGIN, self.secret, version, "NOTICE", extra
        )
        session = Session(
            self.dialect.protocol,
            self.dialect.version,
            window=100,
            numbers=self.dialect.numbers,
        )
        self.link = Link(session, self.clock, "client")
        server = ConnectionFactory(self.carrier, self.clock).buildProtocol(None)
        self.pump = connect(
            server,
            FakeTransport(server, True),
            self.link,
            FakeTransport(self.link, False),
        )
        self.link.on_answered = self.answered.append
        self.link.on_received = self._receive
        self.link.on_refused = lambda code, _: self.refused.append(code)
        self.link.login(self.dialect.login(START))
        self.pump.flush()

    def _receive(self, sequence: int, pdu: Any) -> None:
        self.given.append(self.dialect.read(pdu, sequence))
        self.link.answer(sequence, self.dialect.acknowledge(pdu))

    def submit(self, *segments: OutSegment) -> list[Any]:
        """
        Ask; what the answers mean, in the order they came.
        """
        self.link.ask_many((self.dialect.submit(one), one) for one in segments)
        for _ in range(10):
            self.pump.flush()
            self.clock.advance(0.05)
            self.pump.flush()
        return [self.dialect.outcome(one.pdu, one.sequence) for one in self.answered]

    @property
    def receipts(self) -> list[ReceiptIn]:
        """
        Those that came.
        """
        return [one for one in self.given if isinstance(one, ReceiptIn)]


@pytest.mark.parametrize(("protocol", "version"), CONTRACTS)
def test_there_and_back(protocol: str, version: str) -> None:
    """
    Taken under an id; the phone shows the text; the receipt names the id.
    """
    world = World(protocol, version)
    (outcome,) = world.submit(SEGMENT)
    assert isinstance(outcome, Sent)
    (receipt,) = world.receipts
    assert (outcome.carrier_id, "delivered") == (receipt.carrier_id, receipt.state)
    assert ["您好"] == [one.text for one in world.carrier.phones.texts(NUMBER)]
    assert 1 == world.carrier.subscribers[LOGIN].counts["report_taken"]


@pytest.mark.parametrize(("protocol", "version"), CONTRACTS)
def test_long_both_ways(protocol: str, version: str) -> None:
    """
    A thousand characters and more are joined by the phone; its long answer comes
    back in parts.
    """
    world = World(protocol, version, changes={"window": 100})
    text = "检验报告：" + "血常规各项指标正常，请按时复查。😀" * 65
    segments = [
        attrs.evolve(
            SEGMENT,
            payload=one.payload,
            coding=int(one.coding),
            udhi=True,
            part=one.part,
            parts=one.parts,
        )
        for one in split(text, "", TextPolicy(), 77)
    ]
    outcomes = world.submit(*segments)
    assert len(segments) == sum(isinstance(one, Sent) for one in outcomes)
    assert len(segments) == len({one.carrier_id for one in world.receipts})
    assert [text] == [one.text for one in world.carrier.phones.texts(NUMBER)]
    parts = world.carrier.say(NUMBER, ACCESS, "好的，谢谢。" * 30)
    world.submit()
    assert parts == sum(isinstance(one, InboundPart) for one in world.given)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_refusals(protocol: str) -> None:
    """
    Too fast is flow control; a word of the scenario is the protocol's own code.
    """
    rules = (Rule(suffix="1", word="content"), Rule(suffix="2", word="throttled"))
    world = World(protocol, rules=rules)
    outcomes = world.submit(
        attrs.evolve(SEGMENT, to="13800138001"),
        attrs.evolve(SEGMENT, to="13800138002"),
        attrs.evolve(SEGMENT, src="10010"),
    )
    kinds = sorted(type(one).__name__ for one in outcomes)
    assert ["Rejected", "Rejected", "Throttled"] == kinds


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_speed(protocol: str) -> None:
    """
    What is above the account's speed gets flow control.
    """
    world = World(protocol, changes={"speed": 2.0})
    kinds = [type(one) for one in world.submit(*[SEGMENT] * 3)]
    assert 1 == kinds.count(Throttled)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_failed_on_the_phone(protocol: str) -> None:
    """
    A rule's Stat is told in the protocol's own way.
    """
    rules = (Rule(suffix="1", stat="UNDELIV"), Rule(suffix="2", stat="EXPIRED"))
    world = World(protocol, rules=rules)
    world.submit(
        attrs.evolve(SEGMENT, to="13800138001"), attrs.evolve(SEGMENT, to="13800138002")
    )
    states = {one.number[-1]: one.state for one in world.receipts}
    assert {"1": "undelivered", "2": "expired"} == states


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_logins(protocol: str) -> None:
    """
    A wrong secret, one connection too many, and a carrier in a bad mood.
    """
    assert World(protocol, secret="wrong").refused
    assert World(protocol, changes={"connections": 0}).refused


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_code_at_will(protocol: str) -> None:
    """
    Any raw code can be had for a login.
    """
    world = World(protocol)
    world.carrier.faults.set(refuse=5)
    link = Link(
        Session(world.dialect.protocol, world.dialect.version), world.clock, "again"
    )
    refused: list[int] = []
    link.on_refused = lambda code, _: refused.append(code)
    server = ConnectionFactory(world.carrier, world.clock).buildProtocol(None)
    pump = connect(
        server, FakeTransport(server, True), link, FakeTransport(link, False)
    )
    link.login(world.dialect.login(START))
    pump.flush()
    assert [5] == refused
