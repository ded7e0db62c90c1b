"""
The console of a node: a desk over its parts, and the site that serves it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import attrs
from twisted.logger import Logger
from twisted.web.server import Site

from smsgw.admin.app import Console
from smsgw.admin.desk import Desk, Sessions
from smsgw.admin.entrance import FIRST, first_password
from smsgw.admin.status import ChannelState, Status
from smsgw.channels.fleet import Fleet
from smsgw.channels.seats import Line
from smsgw.directory import Channel
from smsgw.frontends.http.site import front_site
from smsgw.ports import Depths
from smsgw.queues.memory_sessions import MemorySessions
from smsgw.queues.redis import Connection
from smsgw.queues.sessions import RedisSessions
from smsgw.tasks import SystemClock

__all__ = ["console_site", "sessions_over", "status_of", "tell_first_password"]

log = Logger()
_PAGES = 32 * 1024 * 1024
_MOST = 10_000  # connections; each open page of 2,500 people has one or two


def sessions_over(connection: Connection | None, clock: SystemClock) -> Sessions:
    """
    In the queue store, or in memory where that is.
    """
    if connection is None:
        return MemorySessions(clock.now)
    return RedisSessions(connection)


def console_site(desk: Desk, reactor: Any) -> Site:
    """
    The pages on a site with bounds.
    """
    return front_site(Console(desk).resource(), reactor, _PAGES, 120.0, most=_MOST)


async def tell_first_password(desk: Desk, data_dir: Path) -> None:
    """
    The first start of all tells how to log in, in a file for its owner alone: what
    is printed would stay in logs.
    """
    password = await first_password(desk)
    if password:
        path = data_dir / "first-login.txt"
        path.touch(mode=0o600)
        path.write_text(f"{FIRST}\n{password}\n", "utf-8")
        log.warn("console: the first login is in {path}", path=str(path))


class Tallied(Protocol):
    """
    What is told of a queue, or of all shards' queues.
    """

    async def depths(self, now: float) -> Depths: ...

    async def counts(self) -> dict[str, dict[str, int]]: ...


async def status_of(
    node: str,
    parts: Mapping[str, bool],
    queue: Tallied,
    fleets: Sequence[Fleet],
    now: float,
    others: Sequence[Line] = (),
) -> Status:
    """
    How a node is: its parts, the queue's depths and counters, the channels with the
    connections that C{others} have.
    """
    depths = await queue.depths(now)
    totals: dict[str, float] = {}
    for counts in (await queue.counts()).values():
        for what, amount in counts.items():
            totals[what] = totals.get(what, 0) + amount
    live: dict[str, bool] = {}
    for fleet in fleets:
        for name, well in fleet.live().items():
            live[name] = well or live.get(name, False)
    channels = [
        _with(_state(channel, fleets, live.get(channel.id, False)), channel, others)
        for channel in fleets[0].shard.gateway.directory.channels.values()
    ]
    return Status(
        node, {**parts, **live}, _flat(depths), totals, channels, depths.facts
    )


def _state(channel: Channel, fleets: Sequence[Fleet], live: bool) -> ChannelState:
    known = ChannelState(
        channel.id,
        channel.name,
        channel.carrier,
        channel.protocol,
        channel.active,
        int(live),
        1,
        0,
        0,
    )
    here = [fleet for fleet in fleets if channel.id in fleet.channels]
    if not here:
        return known
    connections = [
        one for fleet in here for one in fleet.channels[channel.id].connections
    ]
    healths = [fleet.shard.gates.healths.get(channel.id) for fleet in here]
    states = [one.state for one in healths if one is not None]
    window = channel.window * len(connections)
    room = sum(max(0, one.room) for one in connections)
    return attrs.evolve(
        known,
        connections=len(connections),
        wanted=channel.connections,
        window=window,
        used=max(0, window - room),
        health=next((one for one in states if one != "well"), "".join(states[:1])),
    )


def _with(
    state: ChannelState, channel: Channel, others: Sequence[Line]
) -> ChannelState:
    """
    And what other nodes have of it.
    """
    there = [
        one
        for one in others
        if one.channel == state.id and one.number and one.state == "bound"
    ]
    if not there:
        return state
    return attrs.evolve(
        state,
        connections=state.connections + len(there),
        wanted=channel.connections,
        window=state.window + sum(one.window for one in there),
        used=state.used + sum(one.used for one in there),
    )


def _flat(depths: Depths) -> dict[str, float]:
    return {
        **{f"intake {lane}": count for lane, count in depths.intake.items()},
        **{f"out {queue}": count for queue, count in depths.out.items()},
        "due": depths.due,
        "leased": depths.leased,
        "open": depths.open,
        "facts": depths.facts,
    }
