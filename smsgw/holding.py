"""
One shard in this process: its gateway, its loops, its channels, its recorder.
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import attrs
from twisted.logger import Logger

from smsgw.channels.fleet import Fleet
from smsgw.channels.parting import Part
from smsgw.config import Settings
from smsgw.directory import Directory
from smsgw.errors import Unavailable
from smsgw.forwarding import Forwarding, Strays
from smsgw.gateway.gateway import Gateway
from smsgw.gateway.outbox import Outbox
from smsgw.gateway.shard import Shard
from smsgw.group import Group
from smsgw.learning import Learning
from smsgw.metrics import Metrics
from smsgw.observing import Observer, timed
from smsgw.ordering import Ordering
from smsgw.ports import Admission, Queue, Verdict
from smsgw.protocols.dialects import Nodes
from smsgw.reviewing import Reviewing
from smsgw.scribe import Scribe
from smsgw.security.fields import Fields
from smsgw.sharding import shard_of
from smsgw.storage.database import Database
from smsgw.storage.recorder import Recorder
from smsgw.tasks import Signal, SystemClock, Tasks
from smsgw.tenure import Tenure
from smsgw.tidying import Tidying

__all__ = ["Holding", "House"]

DRAIN = 5.0
LOOPS = frozenset({"exchange", "dispatch", "recorder", "fleet"})


@attrs.frozen
class House:
    """
    What all shards of a process share. C{scribe} is the settings' file if recorders
    are processes; C{check} refuses an admission that there is no room for.
    """

    settings: Settings
    reactor: Any
    clock: SystemClock
    chance: Callable[[], float]
    database: Database
    fields: Fields
    scribe: Path | None
    check: Callable[[Admission], None]
    failed: Callable[[str], None]
    nodes: Nodes
    metrics: Metrics = attrs.field(factory=Metrics)


@attrs.define(eq=False)
class Holding:
    """
    Shard C{number}. It accepts always, for that is one call to the queue; it sends
    and records between L{begin} and L{end} (or L{drop}), after which it is as new.

    With a C{tenure} it shares the queue with other processes. C{first} tells whether
    carriers that connect to this process are this shard's; C{strays} are all shards'
    receipts that came elsewhere, by number; C{sort} finds another shard of this
    process that a receipt belongs to.
    """

    house: House
    queue: Queue
    number: int = 0
    tenure: Tenure | None = None
    first: Callable[[], bool] | None = None
    strays: Sequence[Strays] = ()
    sort: Callable[[str], Outbox | None] | None = None
    held: bool = attrs.field(default=False, init=False)
    lane: int = attrs.field(default=-1, init=False)
    shard: Shard = attrs.field(init=False)
    fleet: Fleet = attrs.field(init=False)
    recorder: Recorder | Scribe = attrs.field(init=False)
    reviewing: Reviewing = attrs.field(init=False)
    ordering: Ordering = attrs.field(init=False)
    learning: Learning = attrs.field(init=False)
    _together: Group[Admission, Verdict] = attrs.field(init=False)
    _tasks: Tasks = attrs.field(init=False)

    log = Logger()

    def __attrs_post_init__(self) -> None:
        self._together = Group(self._accept, self.house.reactor)
        self._build()

    def _build(self) -> None:
        house = self.house
        self._tasks = Tasks()
        self.shard = Shard(
            timed(self.queue, house.metrics, house.clock),
            house.clock,
            self._put,
            Signal(house.reactor),
            Signal(house.reactor),
            house.failed,
            self._recorded,
            self.number,
        )
        self.shard.outbox.sorted = self.sort
        self.shard.outbox.heard = Observer(house.metrics, house.clock).heard
        self.recorder = self._recorder()
        self.fleet = Fleet(
            self.shard,
            house.reactor,
            house.clock,
            house.chance,
            house.settings.data_dir / "trace",
            self._part(),
            house.nodes,
            house.metrics,
            house.settings.health,
        )
        node = house.settings.node
        if self.tenure is not None:
            node = f"{node}#{self.number}"
        self.ordering = Ordering(node, self.fleet.care, house.database, house.clock)
        self.reviewing = Reviewing(self.shard, house.database, self._is_mine)
        self.learning = Learning(
            self.shard.lessons, house.database, house.fields, house.clock
        )

    def _part(self) -> Part:
        tenure = self.tenure
        if tenure is None:
            return Part()
        return Part(self.number, tenure.count, lambda: tenure.sending, self.first)

    def _recorder(self) -> Recorder | Scribe:
        """
        A process of its own, if others can reach the queue and the settings.
        """
        house = self.house
        if house.scribe is not None:
            return Scribe(house.scribe, house.reactor, house.clock, self.number)
        return Recorder(
            self.queue,
            house.database,
            house.fields,
            house.clock,
            lambda: self.shard.gateway.directory,
            self.number,
        )

    @property
    def gateway(self) -> Gateway:
        return self.shard.gateway

    # Accepting.

    async def _accept(self, admissions: list[Admission]) -> list[Verdict]:
        return await self.queue.accept(admissions, self.house.clock.now())

    def _put(self, admission: Admission) -> Awaitable[Verdict]:
        tenure = self.tenure
        if tenure is not None and not (tenure.sure() and self.lane == tenure.lane):
            raise Unavailable("the queue's leases are not renewed", 1.0)
        self.house.check(admission)
        return self._together(admission)

    async def number_ids(self, lane: int) -> None:
        """
        Make ids in this lane, above all that were ever accepted.
        """
        high = await self.queue.high_id()
        self.shard.ids.shard = lane
        if high:
            self.shard.ids.raise_floor(high)
        self.lane = lane

    def _recorded(self) -> float:
        """
        Another process may be recording: it is as a rule less than this behind.
        """
        if self.tenure is None or self.held:
            return self.recorder.recorded_at
        return self.house.clock.now() - 2 * DRAIN

    def _is_mine(self, account: str) -> bool:
        tenure = self.tenure
        return tenure is None or shard_of(account, tenure.count) == self.number

    # Sending.

    async def begin(self) -> None:
        """
        Take the shard and run its loops.
        """
        await self.shard.start(self.house.settings.node)
        self._tasks.spawn("exchange", self.shard.exchange.run())
        self._tasks.spawn("dispatch", self.shard.run_dispatch())
        self._tasks.spawn("recorder", self.recorder.run())
        self._tasks.spawn("fleet", self.fleet.run())
        if len(self.strays) > 1:
            self._tasks.spawn("forwarding", self._forwarding().run())
        self._tasks.spawn("tidying", self._tidying().run())
        self.held = True

    def _tidying(self) -> Tidying:
        house, first = self.house, self.number == 0
        keep, clock = house.settings.retention, house.clock
        return Tidying(house.database, keep, clock, self.queue, first)

    def _forwarding(self) -> Forwarding:
        shard, clock = self.shard, self.house.clock
        orphans = shard.settlement.orphans
        return Forwarding(self.strays, self.number, orphans, shard.outbox, clock)

    async def follow(self, directory: Directory) -> None:
        """
        Channels start, stop and change.
        """
        await self.fleet.fit(directory)

    async def look(self) -> None:
        """
        What a second brings, but for orders, which do not wait for the rest.
        """
        await self.reviewing.look()
        await self.learning.look()

    @property
    def broken(self) -> bool:
        """
        A loop ended that must not, or somebody else took the shard.
        """
        loops = LOOPS | {"forwarding"} if len(self.strays) > 1 else LOOPS
        return self.held and not set(self._tasks.names()) >= loops

    async def quiet(self) -> None:
        """
        Leave all carriers politely.
        """
        await self.fleet.stop()

    async def end(self) -> None:
        """
        End the loops when the last exchange is through and recorded, or not in time.
        """
        self.shard.stop()
        self.recorder.stop()
        clock = self.house.clock
        until = clock.monotonic() + DRAIN
        while clock.monotonic() < until and {"exchange", "recorder"} & set(
            self._tasks.names()
        ):
            await clock.sleep(0.02)
        await self._tasks.stop()
        self.held = False

    async def drop(self) -> None:
        """
        It is another process' now: end at once, whatever is under way.
        """
        self.held = False
        self.shard.stop()
        await self._tasks.stop()
        await self.fleet.stop()

    def renew(self) -> None:
        """
        Be as new, with the same rules; ids go on where they are.
        """
        before = self.shard
        self._build()
        self.shard.ids = self.shard.gateway.acceptance.ids = before.ids
        self.shard.gateway.book = before.gateway.book
