"""
Levels of a node for monitoring, and its watermarks: looked at every few seconds, in
calls of their own, never by those who send.
"""

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from itertools import product
from platform import python_version
from typing import Protocol

import attrs

from smsgw.channels.fleet import Fleet
from smsgw.config import Limits
from smsgw.disk import CRITICAL, Disk
from smsgw.errors import Unavailable
from smsgw.gateway.shard import Shard
from smsgw.ids import milliseconds_of
from smsgw.memory import Memory, machine_memory, own_memory
from smsgw.message import LANES
from smsgw.metrics import Metrics
from smsgw.ports import Admission, Clock, Depths, Queue
from smsgw.queues.redis import Connection

__all__ = ["Gauges"]

EVERY = 5.0
FIRST = "{s0}"  # a key of the first shard
SHARE = 0.7  # of the machine's memory: a mark is never above
MEBIBYTE = 1024 * 1024
_LEVELS = {"": 0, "low": 1, "critical": 2}


class Recording(Protocol):
    """
    Who writes the record.
    """

    @property
    def recorded_at(self) -> float: ...


class Home(Protocol):
    """
    A shard that is held.
    """

    @property
    def queue(self) -> Queue: ...
    @property
    def shard(self) -> Shard: ...
    @property
    def fleet(self) -> Fleet: ...
    @property
    def recorder(self) -> Recording: ...


class Watched(Protocol):
    """
    The node: the shards held now, and what works.
    """

    @property
    def disk(self) -> Disk | None: ...
    @property
    def held(self) -> Sequence[Home]: ...
    def parts(self) -> Mapping[str, bool]: ...


@attrs.define(eq=False)
class Gauges:
    """
    Of one node; C{link} is to the queue's server, None where there is none.
    """

    metrics: Metrics
    clock: Clock
    limits: Limits
    node: Watched
    link: Connection | None = None
    memory: Memory = attrs.field(init=False)
    _next: float = attrs.field(default=0.0, init=False)
    _begun: float = attrs.field(init=False)

    @memory.default
    def _marked(self) -> Memory:
        most = int(SHARE * machine_memory())
        limits = self.limits
        return Memory(
            {
                "gateway": min(most, limits.memory_mib * MEBIBYTE),
                "queue": limits.queue_memory_mib * MEBIBYTE,
            }
        )

    def __attrs_post_init__(self) -> None:
        self._begun = self.clock.now()
        self.metrics.level("smsgw_build_info", 1, version("smsgw"), python_version())
        self.metrics.on_look(self._quick)

    def check(self, admission: Admission) -> None:
        """
        L{Unavailable} when there is no room on the disk or in memory.
        """
        disk = self.node.disk
        if disk is not None and disk.level:
            disk.check(chunk.lane for chunk in admission.chunks)
        if self.memory.critical:
            self.memory.check()

    def room(self) -> dict[str, bool]:
        """
        Whether there is room for anything at all.
        """
        disk = self.node.disk
        return {
            "disk": disk is None or disk.level != CRITICAL,
            "memory": not self.memory.critical,
        }

    async def look(self) -> None:
        """
        Often called, seldom at work.
        """
        now = self.clock.monotonic()
        if now < self._next:
            return
        self._next = now + EVERY
        self.memory.look("gateway", own_memory())
        try:
            await self._server()
            await self._queues()
        except Unavailable:
            return  # C{smsgw_up} tells; the levels stay as they were

    # What costs nothing is asked when somebody reads.

    def _quick(self) -> None:
        level = self.metrics.level
        for part, works in self.node.parts().items():
            level("smsgw_up", int(works), part)
        disk = self.node.disk
        if disk is not None:
            level("smsgw_disk_free_bytes", disk.free)
            level("smsgw_watermark", _LEVELS[disk.level], "disk")
        for part, used in self.memory.used.items():
            level("smsgw_memory_bytes", used, part)
            level("smsgw_watermark", _LEVELS[self.memory.levels[part]], part)
        homes = self.node.held
        level("smsgw_shards_held", len(homes))
        level(
            "smsgw_orphans_waiting",
            sum(len(one.shard.settlement.orphans.waiting()) for one in homes),
        )
        self._windows(homes)
        self._behind(homes)

    def _windows(self, homes: Iterable[Home]) -> None:
        sizes: dict[str, int] = {}
        rooms: dict[str, int] = {}
        for home in homes:
            for name, carrier in home.fleet.channels.items():
                lines = carrier.connections
                window = carrier.contract.channel.window
                sizes[name] = sizes.get(name, 0) + window * len(lines)
                room = sum(max(0, one.room) for one in lines)
                rooms[name] = rooms.get(name, 0) + room
        for name, size in sizes.items():
            self.metrics.level("smsgw_window_size", size, name)
            used = max(0, size - rooms[name])
            self.metrics.level("smsgw_window_used", used, name)

    def _behind(self, homes: Iterable[Home]) -> None:
        now = self.clock.now()
        oldest = min(
            (one.recorder.recorded_at or self._begun for one in homes), default=now
        )
        self.metrics.level("smsgw_record_behind_seconds", max(0.0, now - oldest))

    # What has to be asked.

    async def _server(self) -> None:
        if self.link is None:
            return
        told = await self.link.info(FIRST)
        bounds = (
            int(told.get("maxmemory", 0)),
            int(SHARE * int(told.get("total_system_memory", 0))),
        )
        most = min((one for one in bounds if one), default=0)
        self.memory.look("queue", int(told.get("used_memory", 0)), most)
        good = told.get("aof_enabled") == "1" and not any(
            told.get(name, "ok") != "ok"
            for name in ("aof_last_write_status", "aof_last_bgrewrite_status")
        )
        self.metrics.level("smsgw_queue_aof_ok", int(good))
        size = int(told.get("aof_current_size", 0))
        self.metrics.level("smsgw_queue_aof_bytes", size)

    async def _queues(self) -> None:
        now = self.clock.now()
        counts = dict.fromkeys(product(("intake", "out"), LANES), 0)
        oldest: dict[str, float] = {}
        facts = 0
        for home in self.node.held:
            depths = await home.queue.depths(now)
            facts += depths.facts
            for where, number in _places(depths):
                counts[where] = counts.get(where, 0) + number
            for lane, number in depths.intake.items():
                age = await self._age(home.queue, lane, now) if number else 0.0
                oldest[lane] = max(oldest.get(lane, 0.0), age)
        for (place, lane), number in counts.items():
            self.metrics.level("smsgw_queue_messages", number, place, lane)
        for lane, age in oldest.items():
            self.metrics.level("smsgw_queue_oldest_seconds", age, lane)
        self.metrics.level("smsgw_record_lag", facts)

    async def _age(self, queue: Queue, lane: str, now: float) -> float:
        for name, _ in await queue.peek(lane, 1):
            try:
                return max(0.0, now - milliseconds_of(name) / 1000)
            except ValueError:
                return 0.0
        return 0.0


def _places(depths: Depths) -> Iterable[tuple[tuple[str, str], int]]:
    for lane, number in depths.intake.items():
        yield ("intake", lane), number
    for queue, number in depths.out.items():
        yield ("out", queue.rpartition(":")[2]), number
    yield ("due", ""), depths.due
    yield ("leased", ""), depths.leased
    yield ("open", ""), depths.open
