"""
A shard, a channel and its backup, each with a simulated carrier, under one clock.
"""

from collections import Counter
from typing import Any

import attrs
from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.task import Clock
from twisted.test.iosim import IOPump, connect
from zope.interface import implementer

from smsgw.channels.care import Care
from smsgw.channels.channel import CarrierChannel
from smsgw.channels.contract import Contract
from smsgw.directory import Channel
from smsgw.protocols.dialects import Nodes
from smsgw.simulator.carrier import Carrier
from smsgw.simulator.connection import ConnectionFactory
from smsgw.simulator.scenario import Account, Latency, Scenario
from tests.support.carried import Wire
from tests.support.shards import directory
from tests.support.worlds import NOW, World

__all__ = ["Pair"]

LOGIN, SECRET, ACCESS = "900001", "888888", "10690000"
STEP = 0.1


@implementer(IStreamClientEndpoint)
@attrs.define(eq=False)
class Socket:
    """
    Connects to one carrier of its pair.
    """

    pair: "Pair"
    carrier: Carrier

    def connect(self, factory: Any) -> "Deferred[Any]":
        """
        A client's protocol, joined with a carrier's.
        """
        server = ConnectionFactory(self.carrier, self.pair.timers).buildProtocol(None)
        client = factory.buildProtocol(None)
        ours, theirs = Wire(client, False), Wire(server, True)
        self.pair.pumps.append(connect(server, theirs, client, ours, greet=False))
        return succeed(client)


@attrs.define(eq=False)
class Pair:
    """
    Channel C{a}, perhaps others, and C{backups}; C{each} messages come every second
    while C{busy}. C{speed} is each channel's.
    """

    each: int = 20
    names: tuple[str, ...] = ("a",)
    backups: tuple[str, ...] = ("b",)
    speed: float = 0.0
    busy: bool = True
    timers: Clock = attrs.field(factory=Clock)
    pumps: list[IOPump] = attrs.field(factory=list)
    carriers: dict[str, Carrier] = attrs.field(factory=dict)
    channels: dict[str, CarrierChannel] = attrs.field(factory=dict)
    texts: dict[str, str] = attrs.field(factory=dict)
    world: World = attrs.field(init=False)
    care: Care = attrs.field(init=False)
    _looked_at: float = 0.0

    def __attrs_post_init__(self) -> None:
        self.timers.rightNow = NOW
        self.world = World(objects=directory(*self.names, backups=self.backups))
        shard = self.world.shard
        self.care = Care(shard.gates, shard.outbox, self.world.clock)
        for name in (*self.names, *self.backups):
            self._begin(name)
        self.turn()

    def _begin(self, name: str) -> None:
        account = Account(LOGIN, SECRET, access=ACCESS, window=64)
        scenario = Scenario(
            (account,), (), Latency(0.05, 0.0, 0.3), texts_per_number=100_000
        )
        carrier = Carrier(scenario, self.timers, self.timers.seconds)
        channel = CarrierChannel(
            Contract.of(
                Channel(
                    name,
                    name,
                    "mobile",
                    "cmpp",
                    "tcp:h:1",
                    LOGIN,
                    SECRET,
                    access_number=ACCESS,
                    connections=2,
                    speed=self.speed,
                ),
                Nodes(self.timers.seconds),
            ),
            lambda: Socket(self, carrier),
            self.timers,
            self.world.clock,
            self.world.shard.outbox,
            self.world.shard.settlement,
            lambda: 0.5,
        )
        self.carriers[name], self.channels[name] = carrier, channel
        self.world.shard.carriers[name] = channel
        channel.start()

    # Time.

    def turn(self, seconds: float = STEP) -> None:
        """
        Bytes, timers, messages that come, a dispatch, an exchange; a look a second.
        """
        for _ in range(max(1, round(seconds / STEP))):
            self.timers.advance(STEP)
            now = self.world.clock.at = self.timers.seconds()
            self._flush()
            if now - self._looked_at >= 1.0:
                self._looked_at = now
                self.care.look(self.channels.values())
                self._come(self.each if self.busy else 0)
            self.world.turn()
            self._flush()

    def _flush(self) -> None:
        for pump in list(self.pumps):
            pump.flush()
        self.pumps = [one for one in self.pumps if not _ended(one)]

    def _come(self, count: int) -> None:
        if count:
            texts = [f"您好{len(self.texts) + n:05d}" for n in range(count)]
            self.texts.update(zip(self.world.accept(*texts), texts, strict=True))

    def until(self, state: str, within: float) -> float:
        """
        How many seconds it takes until channel C{a} is in this state.
        """
        begun = self.timers.seconds()
        while self.state != state:
            self.turn()
            assert self.timers.seconds() - begun < within, (state, self.history())
        return self.timers.seconds() - begun

    # What became of it.

    @property
    def state(self) -> str:
        """
        Channel C{a}'s.
        """
        return self.world.shard.gates.healths["a"].state

    def history(self) -> list[tuple[float, str, str]]:
        """
        When channel C{a} went to which state, and why.
        """
        return [
            (round(change.at - NOW, 1), change.after, change.why)
            for name, change in self.care.decided
            if name == "a"
        ]

    def shown(self, name: str) -> Counter[str]:
        """
        How often each text came to a phone by this channel's carrier.
        """
        phones = self.carriers[name].phones
        return Counter(text.text[-7:] for text in phones.last(10_000_000))

    def everywhere(self) -> Counter[str]:
        """
        How often each text came to a phone.
        """
        return sum(map(self.shown, self.carriers), Counter())

    def lost(self) -> set[str]:
        """
        Texts that came to no phone.
        """
        return set(self.texts.values()) - set(self.everywhere())

    def doubled(self) -> int:
        """
        How many texts came more often than once.
        """
        shown = self.everywhere()
        return sum(count - 1 for count in shown.values())

    def finish(self, within: float = 300.0) -> None:
        """
        No more messages come; all end, each once.
        """
        self.busy = False
        begun, counts = self.timers.seconds(), {}
        while self.timers.seconds() - begun < within:
            self.turn(1.0)
            counts = self.world.counts()
            if counts.get("ended") == counts["accepted"]:
                return
        raise AssertionError(counts)

    def stop(self) -> None:
        """
        The channels leave.
        """
        for channel in self.channels.values():
            stopping = Deferred.fromCoroutine(channel.stop())
            for _ in range(100):
                if not stopping.called:
                    self.turn()
            assert stopping.called


def _ended(pump: IOPump) -> bool:
    return bool(pump.clientIO.disconnected and pump.serverIO.disconnected)
