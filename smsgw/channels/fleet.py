"""
All channels of a node: started, changed and stopped as the directory says.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import attrs
from twisted.internet.endpoints import clientFromString
from twisted.logger import Logger

from smsgw.channels.channel import CarrierChannel
from smsgw.channels.contract import Contract
from smsgw.channels.listener import Listeners
from smsgw.channels.traces import Traces
from smsgw.directory import Channel, Directory
from smsgw.errors import Refused
from smsgw.gateway.shard import Shard
from smsgw.ports import Clock
from smsgw.protocols.dialects import Nodes

__all__ = ["Fleet"]


@attrs.define(eq=False)
class Fleet:
    """
    A shard's carriers. C{traces} is the folder where wishes for traces come.
    """

    shard: Shard
    reactor: Any
    clock: Clock
    chance: Callable[[], float]
    traces: Path
    _channels: dict[str, tuple[Channel, CarrierChannel]] = attrs.field(
        factory=dict, init=False
    )
    _listeners: Listeners = attrs.field(init=False)
    _traces: Traces = attrs.field(init=False)
    _nodes: Nodes = attrs.field(init=False)

    log = Logger()

    def __attrs_post_init__(self) -> None:
        self._listeners = Listeners(self.reactor)
        self._traces = Traces(self.traces, self.clock)
        self._nodes = Nodes(self.clock.now)

    @property
    def channels(self) -> dict[str, CarrierChannel]:
        """
        Those that run, by id.
        """
        return {name: carrier for name, (_, carrier) in self._channels.items()}

    def live(self) -> Mapping[str, bool]:
        """
        Which of them are logged in.
        """
        return {name: carrier.live for name, carrier in self.channels.items()}

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
        await self._listeners.fit(self.channels)

    def _start(self, channel: Channel) -> None:
        try:
            contract = Contract.of(channel, self._nodes)
        except Refused as refusal:
            self.log.error("{field}: {why}", field=refusal.field, why=refusal.detail)
            return
        carrier = CarrierChannel(
            contract,
            lambda: clientFromString(self.reactor, channel.endpoint),
            self.reactor,
            self.clock,
            self.shard.outbox,
            self.shard.settlement,
            self.chance,
        )
        self._channels[channel.id] = (channel, carrier)
        self.shard.carriers[channel.id] = carrier
        carrier.start()

    def look(self) -> None:
        """
        Begin and end traces as wished.
        """
        self._traces.look(dict(self.channels))

    async def stop(self) -> None:
        """
        Leave all carriers politely.
        """
        await self._listeners.stop()
        for carrier in self.channels.values():
            await carrier.stop()
        self._traces.stop()
