"""
A shard, a real channel and a simulated carrier of any protocol, in memory and
under one clock.
"""

from typing import Any

import attrs
from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.task import Clock
from twisted.test.iosim import FakeTransport, IOPump, connect
from zope.interface import implementer

from smsgw.channels.channel import CarrierChannel
from smsgw.channels.contract import Contract
from smsgw.directory import Channel
from smsgw.message import FINAL
from smsgw.protocols.dialects import SPOKEN, Nodes
from smsgw.simulator.carrier import Carrier
from smsgw.simulator.connection import ConnectionFactory
from smsgw.simulator.rules import Rule
from smsgw.simulator.scenario import Account, Latency, Scenario
from tests.support.worlds import NOW, World, directory

__all__ = ["Carried"]

LOGIN, SECRET, ACCESS = "900001", "888888", "10690000"
STEP = 0.05


class Wire(FakeTransport):
    """
    One that can be aborted.
    """

    def abortConnection(self) -> None:
        """
        Close at once.
        """
        self.loseConnection()


@implementer(IStreamClientEndpoint)
@attrs.define(eq=False)
class Socket:
    """
    Connects to the carrier of its world.
    """

    carried: "Carried"

    def connect(self, factory: Any) -> "Deferred[Any]":
        """
        A client's protocol, joined with a carrier's.
        """
        world = self.carried
        server = ConnectionFactory(world.carrier, world.timers).buildProtocol(None)
        client = factory.buildProtocol(None)
        ours, theirs = Wire(client, False), Wire(server, True)
        pump = connect(server, theirs, client, ours, greet=False)
        world.pumps.append(pump)
        return succeed(client)


@attrs.define(eq=False)
class Carried:
    """
    C{turn} lets a twentieth of a second pass everywhere.
    """

    protocol: str
    rules: tuple[Rule, ...] = ()
    settings: dict[str, Any] = attrs.field(factory=dict)
    connections: int = 2
    timers: Clock = attrs.field(factory=Clock)
    pumps: list[IOPump] = attrs.field(factory=list)
    world: World = attrs.field(init=False)
    carrier: Carrier = attrs.field(init=False)
    channel: CarrierChannel = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.timers.rightNow = NOW
        account = Account(LOGIN, SECRET, access=ACCESS, window=64)
        scenario = Scenario(
            (account,), self.rules, Latency(0.05, 0.0, 0.3), protocol=self.protocol
        )
        self.carrier = Carrier(scenario, self.timers, self.timers.seconds)
        self.world = World(objects=directory("cm1"))
        channel = Channel(
            "cm1",
            "cm1",
            "mobile",
            self.protocol,
            "tcp:h:1",
            LOGIN,
            SECRET,
            version=list(SPOKEN[self.protocol].versions)[-1],
            access_number=ACCESS,
            connections=self.connections,
            settings={"timeout": 5.0, "idle": 10.0, **self.settings},
        )
        self.channel = CarrierChannel(
            Contract.of(channel, Nodes(self.timers.seconds)),
            lambda: Socket(self),
            self.timers,
            self.world.clock,
            self.world.shard.outbox,
            self.world.shard.settlement,
            lambda: 0.5,
        )
        self.world.shard.carriers["cm1"] = self.channel
        self.channel.start()
        self.turn()

    def turn(self, seconds: float = STEP) -> None:
        """
        Bytes, timers, one dispatch and one exchange.
        """
        for _ in range(max(1, round(seconds / STEP))):
            self.timers.advance(STEP)
            self.world.clock.at = self.timers.seconds()
            for pump in list(self.pumps):
                pump.flush()
            self.world.turn()
            for pump in list(self.pumps):
                pump.flush()
            self.pumps = [one for one in self.pumps if not _ended(one)]

    def ended(self, ids: list[str], within: float = 600.0) -> dict[str, str]:
        """
        The states of these messages once all have ended, in so many seconds.
        """
        until = self.timers.seconds() + within
        while self.timers.seconds() < until:
            self.turn(0.25)
            states = {one: self.world.state(one) for one in ids}
            if set(states.values()) <= FINAL:
                return states
        raise AssertionError(f"not ended: {sorted(set(states.values()) - FINAL)}")

    def aged(self, ids: list[str]) -> dict[str, str]:
        """
        The states of these messages after three days without a word.
        """
        self.world.clock.at += 80 * 3600.0
        self.world.turn(3)
        return {one: self.world.state(one) for one in ids}

    def texts(self) -> list[str]:
        """
        What all phones show.
        """
        return [text.text for text in self.carrier.phones.last(10_000)]

    def stop(self) -> None:
        """
        The channel leaves; what it waited for comes.
        """
        stopping = Deferred.fromCoroutine(self.channel.stop())
        for _ in range(200):
            if stopping.called:
                return
            self.turn()
        raise AssertionError("the channel does not stop")


def _ended(pump: IOPump) -> bool:
    return bool(pump.clientIO.disconnected and pump.serverIO.disconnected)
