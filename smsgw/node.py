"""
A node: one process's parts, built from settings and started in order.
"""

import gc
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import attrs
from twisted.internet.endpoints import serverFromString
from twisted.logger import Logger
from twisted.web.server import Site

from smsgw.admin.desk import Desk
from smsgw.admin.status import Status
from smsgw.answering import Answering
from smsgw.channels.fleet import Fleet
from smsgw.config import Settings
from smsgw.console import console_site, sessions_over, status_of, tell_first_password
from smsgw.directory import Directory
from smsgw.disk import CRITICAL, MEBIBYTE, Disk
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
from smsgw.gateway.shard import Shard
from smsgw.granting import Granting
from smsgw.group import Group
from smsgw.ids import IdSource
from smsgw.learning import Learning
from smsgw.metrics import Metrics
from smsgw.ordering import Ordering
from smsgw.outgoing import Outgoing
from smsgw.ports import Admission, Queue, Verdict
from smsgw.queues.embedded import EmbeddedValkey
from smsgw.queues.memory import MemoryQueue
from smsgw.queues.memory_parts import MemoryParts
from smsgw.queues.opening import open_queue
from smsgw.queues.parts import RedisParts
from smsgw.queues.redis import Connection
from smsgw.queues.redis_queue import RedisQueue
from smsgw.queues.sealed import protected
from smsgw.reviewing import Reviewing
from smsgw.scheduling import Scheduling
from smsgw.scribe import Scribe
from smsgw.security.fields import Fields
from smsgw.security.provider import load_key, self_test
from smsgw.storage.batch_control import StoreBatches
from smsgw.storage.database import Database
from smsgw.storage.kept import KeptDirectory
from smsgw.storage.kept_lists import KeptLists
from smsgw.storage.reader import StoreReader
from smsgw.storage.recorder import Recorder
from smsgw.storage.webhooks import WebhookStore
from smsgw.tasks import Signal, SystemClock, Tasks

__all__ = ["Node"]

REFRESH = 1.0
DRAIN = 5.0
LOOPS = frozenset({"exchange", "dispatch", "recorder", "fleet"})
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
    shard: Shard = attrs.field(init=False)
    recorder: Recorder | Scribe = attrs.field(init=False)
    _tasks: Tasks = attrs.field(factory=Tasks, init=False)
    _embedded: EmbeddedValkey | None = attrs.field(default=None, init=False)
    _connection: Connection | None = attrs.field(default=None, init=False)
    _database: Database = attrs.field(init=False)
    _following: Following = attrs.field(init=False)
    _answering: Answering = attrs.field(init=False)
    _reviewing: Reviewing = attrs.field(init=False)
    _granting: Granting = attrs.field(init=False)
    _scheduling: Scheduling = attrs.field(init=False)
    _learning: Learning = attrs.field(init=False)
    _fleet: Fleet = attrs.field(init=False)
    _ordering: Ordering = attrs.field(init=False)
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
        fields = self._fields()
        self.doing = "queue"
        queue = protected(await self._open_queue(), fields)
        self.doing = "record"
        self._database = Database.open(self.settings.database_url, self.reactor)
        kept = KeptDirectory(self._database, queue)
        directory = await kept.first()
        reader = StoreReader(self._database, fields)
        self._build(queue, fields, reader)
        self._following = Following(
            self.shard.gateway,
            kept,
            KeptLists(self._database, fields, self.settings.data_dir / "lists.kept"),
            self.clock,
            self._others_follow,
        )
        await self._following.first(directory)
        self._answering = Answering(
            self.shard.gateway, self._database, fields, self.clock
        )
        self._reviewing = Reviewing(self.shard, self._database)
        self._granting = Granting(queue, self._database)
        self._scheduling = Scheduling(self.shard.gateway, self._database, self.clock)
        self._learning = Learning(
            self.shard.lessons, self._database, fields, self.clock
        )
        await self.shard.start(self.settings.node)
        self._tasks.spawn("exchange", self.shard.exchange.run())
        self._tasks.spawn("dispatch", self.shard.run_dispatch())
        self._tasks.spawn("recorder", self.recorder.run())
        self._tasks.spawn("fleet", self._fleet.run())
        self._tasks.spawn("directory", self._keep_fresh())
        self.doing = "doors"
        await self._listen(reader, fields)
        gc.collect()
        gc.freeze()  # what is there now stays; collections need not look at it
        self.ready = True
        self.log.info("{node} is ready", node=self.settings.node)

    async def _open_queue(self) -> Queue:
        settings = self.settings
        if settings.queue.kind == "memory":
            return MemoryQueue(high_water=settings.limits.queue_messages)
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
        return RedisQueue(self._connection, high_water=settings.limits.queue_messages)

    def _fields(self) -> Fields:
        protection = self.settings.protection
        path = protection.key_file or self.settings.data_dir / "fields.key"
        return Fields(
            protection.phone, protection.text, protection.patient, load_key(path)
        )

    def _build(self, queue: Queue, fields: Fields, reader: StoreReader) -> None:
        async def accept(admissions: list[Admission]) -> list[Verdict]:
            return await queue.accept(admissions, self.clock.now())

        together = Group(accept, self.reactor)

        def put(admission: Admission) -> Awaitable[Verdict]:
            if self.disk is not None and self.disk.level:
                self.disk.check(chunk.lane for chunk in admission.chunks)
            return together(admission)

        self.shard = Shard(
            queue,
            self.clock,
            put,
            Signal(self.reactor),
            Signal(self.reactor),
            self._troubled,
            lambda: self.recorder.recorded_at,
        )
        self.recorder = self._recorder(queue, fields)

        self._fleet = Fleet(
            self.shard,
            self.reactor,
            self.clock,
            self.chance,
            self.settings.data_dir / "trace",
            metrics=self.metrics,
        )
        self._ordering = Ordering(
            self.settings.node, self._fleet.care, self._database, self.clock
        )
        self._outgoing = Outgoing.over(self.reactor, seconds=CALLBACK)
        marks = WebhookStore(self._database, reader)
        self._notifier = Notifier(
            reader, self._outgoing, self.clock, self.chance, self.metrics, marks
        )
        self._carrier_door = CarrierDoor(
            self.settings.servers,
            lambda: self.shard.gateway.directory,
            self.shard.gateway.accept,
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

    def _recorder(self, queue: Queue, fields: Fields) -> Recorder | Scribe:
        """
        A process of its own, if others can reach the queue and the settings.
        """
        own = self.settings.database.recorder == "process"
        if own and self._connection is not None and self.config is not None:
            return Scribe(self.config, self.reactor, self.clock)
        return Recorder(
            queue,
            self._database,
            fields,
            self.clock,
            lambda: self.shard.gateway.directory,
        )

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
            if not LOOPS <= set(self._tasks.names()):
                self.log.critical("a loop of the shard ended; stopping for a restart")
                self.ready = False
                self.reactor.stop()
                return
            if self.disk is not None:
                self.disk.look()
            await self._following.look()
            await self._answering.look()
            await self._reviewing.look()
            await self._granting.look()
            await self._scheduling.look()
            await self._learning.look()
            await self._ordering.look()

    async def _others_follow(self, directory: Directory) -> None:
        """
        A newer directory: channels start, stop and change, so do the doors.
        """
        self._notifier.follow(directory)
        self._carrier_door.follow(directory)
        await self._fleet.fit(directory)

    # The doors.

    async def _listen(self, reader: StoreReader, fields: Fields) -> None:
        nonces, gateway = Nonces(), self.shard.gateway
        request_ids = IdSource(REQUESTS)
        door = HttpDoor(
            Messages(gateway, reader, nonces, self.metrics, self.clock.sleep),
            Events(reader, nonces),
            Replies(reader.inbox(), nonces),
            Money(self.shard.queue.wallets, nonces),
            BatchControl(StoreBatches(self._database), nonces),
            Operations(self._parts, self.metrics),
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
        )
        await self._carrier_door.open(self.reactor)
        for endpoint in self.settings.http.listen:
            await self._open(str(endpoint), site)
        desk = Desk(
            gateway,
            self._database,
            fields,
            reader,
            self.clock,
            sessions_over(self._connection, self.clock),
            self.settings.admin,
            self._status,
        )
        await tell_first_password(desk, self.settings.data_dir)
        console = console_site(desk, self.reactor)
        for endpoint in self.settings.admin.listen:
            await self._open(str(endpoint), console)

    async def _brought(self, channel: str, path: str, knock: Knock) -> Answer:
        told = await self._fleet.bring(channel, path, knock)
        return Answer(told.status, told.body, {}, told.kind)

    async def _open(self, endpoint: str, site: Site) -> None:
        self._ports.append(await serverFromString(self.reactor, endpoint).listen(site))

    async def _status(self) -> Status:
        parts = self._parts() | {"record": not self.recorder.trouble}
        parts["disk"] = self.disk is None or not self.disk.level
        queue, now = self.shard.queue, self.clock.now()
        return await status_of(self.settings.node, parts, queue, self._fleet, now)

    def _parts(self) -> dict[str, bool]:
        """
        What must work for submissions to be taken and answered.
        """
        room = self.disk is None or self.disk.level != CRITICAL
        return {"node": self.ready, "queue": not self.trouble, "disk": room}

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
        if hasattr(self, "shard"):
            await self._fleet.stop()
            await self._carrier_door.stop()
            await self._notifier.stop()
            await self._outgoing.close()
            self.shard.stop()
            self.recorder.stop()
            await self._settle()
        await self._tasks.stop()
        if self._connection is not None:
            await self._connection.stop()
        if self._embedded is not None:
            await self._embedded.stop()
        if self.disk is not None:
            self.disk.release()
        if hasattr(self, "_database"):
            self._database.close()

    async def _settle(self) -> None:
        """
        Wait a little until the last exchange is through and recorded.
        """
        until = self.clock.monotonic() + DRAIN
        while self.clock.monotonic() < until and {"exchange", "recorder"} & set(
            self._tasks.names()
        ):
            await self.clock.sleep(0.02)
