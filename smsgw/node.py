"""
A node: one process's parts, built from settings and started in order.
"""

import gc
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import attrs
from twisted.internet.endpoints import serverFromString
from twisted.logger import Logger
from twisted.web.server import Site

from smsgw.admin.desk import Desk
from smsgw.answering import Answering
from smsgw.channels.recordings import Recordings
from smsgw.channels.trial import try_channel
from smsgw.config import Settings
from smsgw.console import console_site, sessions_over, tell_first_password
from smsgw.directory import Directory
from smsgw.disk import MEBIBYTE, Disk
from smsgw.errors import Unavailable
from smsgw.following import Following
from smsgw.frontends.carrier.door import CarrierDoor, KeptParts
from smsgw.frontends.http.auth import Doorkeeper
from smsgw.frontends.http.batches import BatchControl
from smsgw.frontends.http.call import Answer, Knock
from smsgw.frontends.http.door import HttpDoor
from smsgw.frontends.http.events import Events
from smsgw.frontends.http.inbox import Replies
from smsgw.frontends.http.messages import Messages
from smsgw.frontends.http.money import Money
from smsgw.frontends.http.nonces import Nonces
from smsgw.frontends.http.operations import Operations
from smsgw.frontends.http.site import front_site
from smsgw.frontends.notify import Notifier
from smsgw.gateway.gateway import Entrance
from smsgw.gateway.shard import Shard
from smsgw.gauging import Gauges
from smsgw.granting import Granting
from smsgw.holding import Holding, House
from smsgw.ids import IdSource
from smsgw.keeping import Keepers
from smsgw.metrics import Metrics
from smsgw.outgoing import Outgoing
from smsgw.ports import Queue
from smsgw.protocols.dialects import Nodes
from smsgw.queues.embedded import EmbeddedValkey
from smsgw.queues.memory import MemoryQueue
from smsgw.queues.memory_parts import MemoryParts
from smsgw.queues.opening import open_queue
from smsgw.queues.parts import RedisParts
from smsgw.queues.redis import Connection
from smsgw.queues.redis_queue import RedisQueue
from smsgw.queues.sealed import SealedQueue, protected
from smsgw.scheduling import Scheduling
from smsgw.security.fields import Fields
from smsgw.security.opening import fields_of
from smsgw.security.provider import self_test
from smsgw.sharding import Gateways, Queues, keep_count
from smsgw.showing import Showing, board_over
from smsgw.storage.batch_control import StoreBatches
from smsgw.storage.database import Database
from smsgw.storage.kept import KeptDirectory
from smsgw.storage.kept_lists import KeptLists
from smsgw.storage.reader import StoreReader
from smsgw.storage.webhooks import WebhookStore
from smsgw.tasks import SystemClock, Tasks

__all__ = ["Node"]

REFRESH = 1.0
CALLBACK = 15.0
REQUESTS = 255  # request ids are none of any shard's messages


@attrs.define(eq=False)
class Node:
    """
    Queue, record, gateway, channels and doors of this process. C{config} is the
    settings' file, for the processes that a node starts. C{doing} is what its
    start is at.
    """

    settings: Settings
    reactor: Any
    clock: SystemClock
    chance: Callable[[], float]
    config: Path | None = None
    metrics: Metrics = attrs.field(factory=Metrics)
    ready: bool = attrs.field(default=False, init=False)
    trouble: str = attrs.field(default="", init=False)
    doing: str = attrs.field(default="folder", init=False)
    disk: Disk | None = attrs.field(default=None, init=False)
    holdings: list[Holding] = attrs.field(factory=list, init=False)
    gateway: Entrance = attrs.field(init=False)
    _keepers: Keepers | None = attrs.field(default=None, init=False)
    _tasks: Tasks = attrs.field(factory=Tasks, init=False)
    _embedded: EmbeddedValkey | None = attrs.field(default=None, init=False)
    _connection: Connection | None = attrs.field(default=None, init=False)
    _database: Database = attrs.field(init=False)
    _following: Following = attrs.field(init=False)
    _answering: Answering = attrs.field(init=False)
    _gauges: Gauges = attrs.field(init=False)
    _granting: Granting = attrs.field(init=False)
    _scheduling: Scheduling = attrs.field(init=False)
    _showing: Showing = attrs.field(init=False)
    _outgoing: Outgoing = attrs.field(init=False)
    _notifier: Notifier = attrs.field(init=False)
    _carrier_door: CarrierDoor = attrs.field(init=False)
    _ports: list[Any] = attrs.field(factory=list, init=False)
    _stopped: bool = attrs.field(default=False, init=False)

    log = Logger()

    async def start(self) -> None:
        """
        Everything, from the bottom up; doors open last.
        """
        self_test()
        self.settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.doing = "keys"
        fields = fields_of(self.settings)
        self.doing = "queue"
        queues = [protected(queue, fields) for queue in await self._open_queues()]
        self.doing = "record"
        self._database = Database.open(self.settings.database_url, self.reactor)
        kept = KeptDirectory(self._database, queues[0])
        directory = await kept.first()
        reader = StoreReader(self._database, fields)
        self._hold(queues, fields)
        self._build(reader)
        self._following = Following(
            self.gateway,
            kept,
            KeptLists(self._database, fields, self.settings.data_dir / "lists.kept"),
            self.clock,
            self._others_follow,
        )
        await self._following.first(directory)
        self._answering = Answering(self.gateway, self._database, fields, self.clock)
        self._granting = Granting(Queues(self.holdings), self._database)
        self._scheduling = Scheduling(self.gateway, self._database, self.clock)
        board = board_over(self._connection, self._keepers is not None)
        self._showing = Showing(self.settings.node, self, self.clock, board)
        if self._keepers is None:
            await self.holdings[0].begin()
        else:
            await self._keepers.start()
        self._tasks.spawn("directory", self._keep_fresh())
        self._tasks.spawn("second", self._keep_up())
        self.doing = "doors"
        await self._listen(reader, fields)
        gc.collect()
        gc.freeze()  # what is there now stays; collections need not look at it
        gc.set_threshold(50_000, 20, 100)
        self.ready = True
        self.log.info("{node} is ready", node=self.settings.node)

    async def _open_queues(self) -> list[Queue]:
        settings = self.settings
        mark = settings.limits.queue_messages
        if settings.queue.kind == "memory":
            return [MemoryQueue(high_water=mark)]
        socket = ""
        if settings.queue.kind == "embedded":
            self._embedded = EmbeddedValkey(
                settings.data_dir, self.reactor, self.reactor
            )
            socket = await self._embedded.start()
            least, ballast = settings.limits.disk_mib, settings.limits.ballast_mib
            self.disk = Disk(settings.data_dir, least * MEBIBYTE, ballast * MEBIBYTE)
            self.disk.look()
        self._connection = open_queue(settings, self.reactor, socket)
        self._connection.start()
        await self._connection.connected()
        if settings.queue.kind != "embedded":
            await keep_count(self._connection, settings.shards)
        return [
            RedisQueue(self._connection, f"s{number}", mark)
            for number in range(settings.shards)
        ]

    def _hold(self, queues: Sequence[SealedQueue], fields: Fields) -> None:
        """
        Everything of each shard. Only where other processes can reach the queue is
        there anything to lease.
        """
        own, link = self.settings.database.recorder == "process", self._connection
        limits = self.settings.limits
        self._gauges = Gauges(self.metrics, self.clock, limits, self, link)
        house = House(
            self.settings,
            self.reactor,
            self.clock,
            self.chance,
            self._database,
            fields,
            self.config if own and self._connection is not None else None,
            self._gauges.check,
            self._troubled,
            Nodes(self.clock.now),
            self.metrics,
        )
        if self._connection is None or self._embedded is not None:
            self.holdings = [Holding(house, queues[0])]
            self.gateway = self.holdings[0].gateway
            return
        self._keepers = Keepers.over(house, queues, self._connection, self._changed)
        self.holdings = self._keepers.holdings
        self.gateway = Gateways(self.holdings)

    @property
    def shard(self) -> Shard:
        """
        The first one.
        """
        return self.holdings[0].shard

    @property
    def held(self) -> Sequence[Holding]:
        return [one for one in self.holdings if one.held]

    def _build(self, reader: StoreReader) -> None:
        self._outgoing = Outgoing.over(self.reactor, seconds=CALLBACK)
        marks = WebhookStore(self._database, reader)
        self._notifier = Notifier(
            reader, self._outgoing, self.clock, self.chance, self.metrics, marks
        )
        self._carrier_door = CarrierDoor(
            self.settings.servers,
            lambda: self.gateway.directory,
            self.gateway.accept,
            self._parts_kept(),
            marks,
            self.clock,
            self.chance,
            self.metrics,
        )

    def _parts_kept(self) -> KeptParts:
        if self._connection is None:
            return MemoryParts()
        return RedisParts(self._connection)

    def _troubled(self, what: str) -> None:
        if what != self.trouble:
            self.trouble = what
            self.log.warn("queue store: {what}", what=what or "back")

    # The directory.

    async def _keep_fresh(self) -> None:
        while True:
            await self.clock.sleep(REFRESH)
            if self._stopped:
                return
            if self._keepers is None and self.holdings[0].broken:
                self.log.critical("a loop of the shard ended; stopping for a restart")
                self.ready = False
                self.reactor.stop()
                return
            if self.disk is not None:
                self.disk.look()
            await self._following.look()
            for holding in self.held:
                await holding.ordering.look()

    async def _keep_up(self) -> None:
        # What may take longer than a second: the directory does not wait for it.
        while not self._stopped:
            await self._gauges.look()
            looks = self._answering.look, self._granting.look, self._scheduling.look
            for look in (*looks, self._showing.look, *(one.look for one in self.held)):
                await look()
            await self.clock.sleep(REFRESH)

    async def _others_follow(self, directory: Directory) -> None:
        """
        A newer directory: channels start, stop and change, so do the doors.
        """
        self._carrier_door.follow(directory)
        await self._changed()
        for holding in self.holdings:
            if holding.held or self._keepers is None:
                await holding.follow(directory)

    async def _changed(self) -> None:
        """
        Who holds the first shard tells the callers; who listens may be another.
        """
        alone = self._keepers is None or self.holdings[0].held
        self._notifier.follow(self.gateway.directory if alone else Directory())
        for holding in self.held:
            await holding.fleet.listen()

    # The doors.

    async def _listen(self, reader: StoreReader, fields: Fields) -> None:
        nonces, gateway = Nonces(), self.gateway
        request_ids = IdSource(REQUESTS)
        door = HttpDoor(
            Messages(gateway, reader, nonces, self.metrics, self.clock.sleep),
            Events(reader, nonces),
            Replies(reader.inbox(), nonces),
            Money(Queues(self.holdings).wallets, nonces),
            BatchControl(StoreBatches(self._database), nonces),
            Operations(self.parts, self.metrics),
            Doorkeeper(lambda: gateway.directory),
            self.clock,
            self.metrics,
            lambda: request_ids.take(1, self.clock.now())[0],
            self.settings.http.trusted_proxies,
            self._brought,
        )
        site = front_site(
            door.resource(),
            self.reactor,
            self.settings.limits.body_bytes,
            float(self.settings.http.idle_seconds),
            serve=door.respond,
            most=self.settings.limits.connections,
        )
        await self._carrier_door.open(self.reactor)
        await self._open(self.settings.http.listen, site)
        desk = Desk(
            gateway,
            self._database,
            fields,
            reader,
            self.clock,
            sessions_over(self._connection, self.clock),
            self.settings.admin,
            self._showing.status,
            lambda channel: try_channel(channel, self.reactor, self.clock),
            self._showing.lines,
            Recordings(self.settings.data_dir / "trace"),
        )
        await tell_first_password(desk, self.settings.data_dir)
        await self._open(self.settings.admin.listen, console_site(desk, self.reactor))

    async def _brought(self, channel: str, path: str, knock: Knock) -> Answer:
        if not self.held:
            raise Unavailable("no shard is here", 1.0)
        told = await self.held[0].fleet.bring(channel, path, knock)
        return Answer(told.status, told.body, {}, told.kind)

    async def _open(self, endpoints: Iterable[object], site: Site) -> None:
        for one in endpoints:
            endpoint = serverFromString(self.reactor, str(one))
            self._ports.append(await endpoint.listen(site))

    def parts(self) -> dict[str, bool]:
        """
        What must work for submissions to be taken and answered.
        """
        room = self._gauges.room()
        return {"node": self.ready, "queue": not self.trouble, **room}

    # The end.

    async def stop(self) -> None:
        """
        Doors, then channels, then the loops; what is kept stays kept. A second
        stop does nothing.
        """
        if self._stopped:
            return
        self._stopped, self.ready = True, False
        for port in self._ports:
            await port.stopListening()
        if hasattr(self, "_notifier"):
            await self._end()
        await self._tasks.stop()
        if self._connection is not None:
            await self._connection.stop()
        if self._embedded is not None:
            await self._embedded.stop()
        if self.disk is not None:
            self.disk.release()
        if hasattr(self, "_database"):
            self._database.close()

    async def _end(self) -> None:
        if self._keepers is None:
            await self.holdings[0].quiet()
        await self._carrier_door.stop()
        await self._notifier.stop()
        await self._outgoing.close()
        if self._keepers is None:
            await self.holdings[0].end()
        else:
            await self._keepers.stop()
