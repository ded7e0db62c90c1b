"""
All channels of a node: started, changed and stopped as the directory says.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any

import attrs
from twisted.internet.endpoints import clientFromString
from twisted.logger import Logger

from smsgw.channels.care import Care
from smsgw.channels.channel import CarrierChannel
from smsgw.channels.contract import Contract
from smsgw.channels.contracts import contract_of
from smsgw.channels.listener import Listeners
from smsgw.channels.parting import Part, line_of
from smsgw.channels.seats import Line
from smsgw.channels.traces import Traces
from smsgw.channels.vendor.channel import VendorChannel
from smsgw.channels.vendor.contract import VendorContract
from smsgw.channels.vendor.pushing import Bringing, Told
from smsgw.channels.vendor.wire import Wire
from smsgw.directory import Channel, Directory
from smsgw.errors import Refused
from smsgw.gateway.shard import Shard
from smsgw.metrics import Metrics
from smsgw.ports import Clock
from smsgw.protocols.dialects import Nodes
from smsgw.rules.signs import Limits

__all__ = ["Fleet"]

EVERY = 1.0


@attrs.define(eq=False)
class Fleet:
    """
    A shard's carriers. C{traces} is the folder where wishes for traces come; C{part}
    is the shard's part of each channel; a process has one C{nodes}, which count the
    sequences of SGIP.
    """

    shard: Shard
    reactor: Any
    clock: Clock
    chance: Callable[[], float]
    traces: Path
    part: Part = attrs.field(factory=Part)
    nodes: Nodes = attrs.field()
    metrics: Metrics = attrs.field(factory=Metrics)
    limits: Limits = attrs.field(factory=Limits)
    _channels: dict[str, tuple[Channel, CarrierChannel | VendorChannel]] = attrs.field(
        factory=dict, init=False
    )
    stopped: bool = attrs.field(default=False, init=False)
    care: Care = attrs.field(init=False)
    _listeners: Listeners = attrs.field(init=False)
    _traces: Traces = attrs.field(init=False)

    log = Logger()

    @nodes.default
    def _own_nodes(self) -> Nodes:
        return Nodes(self.clock.now)

    def __attrs_post_init__(self) -> None:
        shard = self.shard
        self.care = Care(
            shard.gates, shard.outbox, self.clock, self.metrics, self.limits
        )
        self._listeners = Listeners(self.reactor)
        self._traces = Traces(self.traces, self.clock)

    @property
    def channels(self) -> dict[str, CarrierChannel]:
        """
        Those that run and speak a carrier's protocol, by id.
        """
        return {
            name: carrier
            for name, (_, carrier) in self._channels.items()
            if isinstance(carrier, CarrierChannel)
        }

    def live(self) -> Mapping[str, bool]:
        """
        Which are logged in; of vendors, which do not fail.
        """
        return {name: carrier.live for name, (_, carrier) in self._channels.items()}

    def seats(self) -> list[Line]:
        """
        Every connection to a carrier, as it is now.
        """
        return [line for one in self.channels.values() for line in one.lines()]

    async def fit(self, directory: Directory) -> None:
        """
        A newer directory: channels start, stop and change.
        """
        for name, (known, carrier) in list(self._channels.items()):
            wanted = directory.channels.get(name)
            if wanted != known or not wanted.active:
                del self._channels[name], self.shard.carriers[name]
                await carrier.stop()
        for name, channel in directory.channels.items():
            if channel.active and name not in self._channels:
                self._start(channel)
        await self.listen()

    async def listen(self) -> None:
        """
        Where carriers connect to us, if that is this shard's.
        """
        listens = self.part.listens is None or self.part.listens()
        await self._listeners.fit(self.channels if listens else {})

    def _start(self, channel: Channel) -> None:
        part = self.part.of(channel)
        if part is None:
            return
        try:
            contract = contract_of(part, self.nodes)
        except Refused as refusal:
            self.log.error("{field}: {why}", field=refusal.field, why=refusal.detail)
            return
        carrier = self._made(contract)
        self._channels[channel.id] = (channel, carrier)
        self.shard.carriers[channel.id] = carrier
        carrier.start()

    def _made(
        self, contract: Contract | VendorContract
    ) -> CarrierChannel | VendorChannel:
        if isinstance(contract, VendorContract):
            return self._vendor(contract)
        return self._carrier(contract)

    def _carrier(self, contract: Contract) -> CarrierChannel:
        return CarrierChannel(
            contract,
            lambda: clientFromString(self.reactor, contract.channel.endpoint),
            self.reactor,
            self.clock,
            self.shard.outbox,
            self.shard.settlement,
            self.chance,
            self.part.sure,
            self.part.sure is not None,
        )

    def lines(self) -> list[str]:
        """
        The logins that it may want, by the names of their leases.
        """
        return [
            line_of(name, number)
            for name, (channel, _) in self._channels.items()
            for number in self.part.logins(channel)
        ]

    def sit(self, has: Callable[[str], bool]) -> None:
        """
        Have the logins whose leases were granted.
        """
        for name, carrier in self.channels.items():
            numbers = self.part.logins(self._channels[name][0])
            carrier.sit([one for one in numbers if has(line_of(name, one))])

    def _vendor(self, contract: VendorContract) -> VendorChannel:
        settings = contract.settings
        return VendorChannel(
            contract,
            Wire.over(
                self.reactor, contract.channel.window, settings.timeout, settings.idle
            ),
            self.reactor,
            self.clock,
            self.shard.outbox,
            self.shard.settlement,
            self.chance,
            partial(token_hex, 16),
            self.part.sure,
        )

    async def bring(self, channel: str, path: str, knock: Bringing) -> Told:
        """
        Reports that a vendor pushes; C{path} is their kind, then perhaps a token.
        """
        _, carrier = self._channels.get(channel, (None, None))
        if not isinstance(carrier, VendorChannel):
            raise Refused(7404, "", "path")
        kind, _, tail = path.partition("/")
        return await carrier.desk.take(kind, tail, knock)

    async def run(self) -> None:
        """
        Look every second, however slow other parts are.
        """
        while not self.stopped:
            self.look()
            await self.clock.sleep(EVERY)

    def look(self) -> None:
        """
        See how each channel is; begin and end traces as wished.
        """
        self.care.look(carrier for _, carrier in self._channels.values())
        self._traces.look(dict(self.channels))

    async def stop(self) -> None:
        """
        Leave all carriers politely.
        """
        self.stopped = True
        await self._listeners.stop()
        for _, carrier in self._channels.values():
            await carrier.stop()
        self._traces.stop()
