"""
A private Valkey server over the data directory: started, adopted, watched, stopped.

It outlives a killed gateway, and the next one adopts it. Two locks keep the data
whole: C{gateway.lock} is held by the gateway, C{server.lock} by the server itself
(an inherited descriptor), so that it is known without doubt whether one lives.
"""

import contextlib
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import attrs
from twisted.internet.endpoints import UNIXClientEndpoint
from twisted.internet.interfaces import IReactorTime, IReactorUNIX
from twisted.logger import Logger

from smsgw.errors import Unavailable
from smsgw.queues.redis import RedisConnection, ReplyError
from smsgw.queues.valkey_files import ValkeyFiles
from smsgw.tasks import Tasks, sleep

__all__ = ["EmbeddedValkey"]

MIN_FREE = 64 * 1024 * 1024
LAST_WORD = 30.0


@attrs.define(eq=False)
class EmbeddedValkey:
    """
    The gateway's own server; C{on_restart} is called when a dead one is back.

    C{free_bytes} tells the room left on its disk: below C{min_free} a dead server
    is not started again, since it would die of it again.
    """

    _data_dir: Path
    _clock: IReactorTime
    _reactor: IReactorUNIX
    on_restart: Callable[[], None] = attrs.field(default=lambda: None)
    _min_free: int = MIN_FREE
    _free_bytes: Callable[[Path], int] = attrs.field(
        default=lambda folder: shutil.disk_usage(folder).free
    )
    _watch_every: float = 0.5
    _patience: float = 10.0
    pid: int = attrs.field(init=False, default=0)
    adopted: bool = attrs.field(init=False, default=False)
    _files: ValkeyFiles = attrs.field(init=False, repr=False)
    _gateway_lock: int | None = attrs.field(init=False, default=None, repr=False)
    _owned: bool = attrs.field(init=False, default=False, repr=False)
    _connection: RedisConnection | None = attrs.field(
        init=False, default=None, repr=False
    )
    _tasks: Tasks = attrs.field(init=False, factory=Tasks, repr=False)
    _complaint: str = attrs.field(init=False, default="", repr=False)
    _failures: int = attrs.field(init=False, default=0, repr=False)
    _not_before: float = attrs.field(init=False, default=0.0, repr=False)
    log = Logger()

    async def start(self) -> str:
        """
        Adopt the running server or start one; its socket, once it answers.
        """
        self._files = ValkeyFiles.prepare(self._data_dir)
        self._gateway_lock = self._files.lock_gateway()
        self._owned = True
        try:
            await self._come_up()
        except BaseException:
            await self._let_go()
            raise
        self._tasks.spawn("queue server watch", self._keep_watch())
        return str(self._files.socket)

    async def stop(self) -> None:
        """
        Stop watching and end the server; what it holds is on the disk. Another
        gateway's server, whose data were refused to us, lives on.
        """
        await self._tasks.stop()
        if self._owned:
            if self._files.server_lives():
                await self._end(signal.SIGTERM, signal.SIGKILL)
            self._files.socket.unlink(missing_ok=True)
            self._owned = False
        await self._let_go()

    async def leave(self) -> None:
        """
        Stop watching but let the server live, for the next gateway to adopt.
        """
        await self._tasks.stop()
        await self._let_go()

    async def _come_up(self) -> None:
        self.adopted = self._files.server_lives() and await self._adopt()
        if not self.adopted:
            self._spawn()
            await self._answer()
        self._failures = 0
        words = "adopted" if self.adopted else "started"
        self.log.info("queue server {words}, pid {pid}", words=words, pid=self.pid)

    async def _adopt(self) -> bool:
        """
        True when the server that holds the data answers and is ours; one that
        cannot be reached (its socket is gone) is ended, so that we may start one.
        """
        self._files = self._files.at_recorded_socket()
        try:
            await self._answer(self._patience)
        except Unavailable as error:
            self.log.warn("queue server cannot be adopted: {why}", why=error.detail)
            await self._end(signal.SIGTERM, signal.SIGKILL)
            self._files = ValkeyFiles.prepare(self._data_dir)
            return False
        return True

    def _spawn(self) -> None:
        lock = self._files.lock_server()
        if lock is None:
            raise Unavailable(f"{self._files.folder}: another server is on the data")
        try:
            self.pid = self._files.spawn(lock)
        finally:
            os.close(lock)

    async def _answer(self, patience: float = 0.0) -> None:
        """
        Wait until it answers from loaded data, for as long as it lives.

        With C{patience}, only so long while nothing listens on the socket.
        """
        connection = await self._connect()
        began = self._clock.seconds()
        while not await self._recognised(connection):
            if not self._files.server_lives():
                words = self._files.last_words()
                raise Unavailable(f"the queue server ended: {words}")
            waited = self._clock.seconds() - began
            if patience and waited > patience and not self._files.reachable():
                raise Unavailable("nothing listens on its socket")

    async def _recognised(self, connection: RedisConnection) -> bool:
        try:
            await connection.connected(0.2)
            title = await connection.command("CONFIG", "GET", "proc-title-template")
            info = (await connection.command("INFO", "server")).decode()
        except Unavailable:
            return False
        if self._files.instance.encode() not in title[1]:
            raise Unavailable(f"{self._files.socket}: a stranger answers there")
        fields = dict(line.split(":", 1) for line in info.splitlines() if ":" in line)
        self.pid = int(fields["process_id"])
        return True

    async def _connect(self) -> RedisConnection:
        if self._connection is not None:
            await self._connection.stop()
            self._connection = None
        endpoint = UNIXClientEndpoint(self._reactor, str(self._files.socket))
        self._connection = RedisConnection(endpoint, self._clock)
        self._connection.start()
        return self._connection

    async def _keep_watch(self) -> None:
        while True:
            await sleep(self._clock, self._watch_every)
            try:
                await self._look()
            except (Unavailable, ReplyError, OSError) as error:
                self._complain(str(error))

    async def _look(self) -> None:
        """
        Dead: start it again. Alive but not to be reached (what is left of a killed
        one holds the data still): end it. Silent: say so.
        """
        self._files.turn_log()
        if not self._files.server_lives():
            return await self._restart()
        try:
            await self._ping()
        except Unavailable as error:
            self._complain(error.detail)
            if not self._files.reachable():
                await self._end(signal.SIGKILL)
        else:
            self._complain("")

    async def _ping(self) -> None:
        if self._connection is not None:
            await self._connection.command("PING")

    async def _restart(self) -> None:
        self._reap()
        now = self._clock.seconds()
        if now < self._not_before:
            return
        free = self._free_bytes(self._files.folder)
        if free < self._min_free:
            self._complain("it is dead, and not started again while the disk is full")
            return
        self._complain(f"it died: {self._files.last_words()}")
        self._failures += 1
        self._not_before = now + min(30.0, 0.25 * 2.0**self._failures)
        self._spawn()
        await self._answer()
        self._failures = 0
        self._complaint = ""
        self.log.warn("queue server restarted, pid {pid}", pid=self.pid)
        self._tasks.spawn("after queue server restart", self._tell())

    async def _tell(self) -> None:
        await sleep(self._clock, 0)  # outside the watch: the listener may stop it
        self.on_restart()

    def _complain(self, why: str) -> None:
        """
        One line per change of state, not one per look.
        """
        if why != self._complaint:
            self._complaint = why
            self.log.error("queue server: {why}", why=why or "answers again")

    async def _end(self, *signs: signal.Signals) -> None:
        """
        End whoever holds the data: ask, and after long see to it.
        """
        for sign in signs:
            for pid in self._files.holders():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, sign)
            until = self._clock.seconds() + LAST_WORD
            while self._clock.seconds() < until:
                if not self._files.server_lives():
                    self._reap()
                    return
                await sleep(self._clock, 0.02)
        raise Unavailable(f"{self._files.folder}: the queue server does not end")

    def _reap(self) -> None:
        """
        Take note of its end, when it was our child (it holds nothing any more).
        """
        if self.pid:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, 0)
        self.pid = 0

    async def _let_go(self) -> None:
        if self._connection is not None:
            await self._connection.stop()
            self._connection = None
        if self._gateway_lock is not None:
            os.close(self._gateway_lock)
            self._gateway_lock = None
