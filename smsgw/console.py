"""
The console of a node: a desk over its parts, and the site that serves it.
"""

from collections.abc import Mapping
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
    node: str, parts: Mapping[str, bool], queue: Tallied, fleet: Fleet, now: float
) -> Status:
    """
    How a node is: its parts, the queue's depths and counters, the channels.
    """
    depths = await queue.depths(now)
    totals: dict[str, float] = {}
    for counts in (await queue.counts()).values():
        for what, amount in counts.items():
            totals[what] = totals.get(what, 0) + amount
    live = fleet.live()
    channels = [
        _state(channel, fleet, live.get(channel.id, False))
        for channel in fleet.shard.gateway.directory.channels.values()
    ]
    return Status(
        node, {**parts, **live}, _flat(depths), totals, channels, depths.facts
    )


def _state(channel: Channel, fleet: Fleet, live: bool) -> ChannelState:
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
    carrier = fleet.channels.get(channel.id)
    if carrier is None:
        return known
    health = fleet.shard.gates.healths.get(channel.id)
    window = channel.window * len(carrier.connections)
    room = sum(max(0, one.room) for one in carrier.connections)
    return attrs.evolve(
        known,
        connections=len(carrier.connections),
        wanted=channel.connections,
        window=window,
        used=max(0, window - room),
        health=health.state if health is not None else "",
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
