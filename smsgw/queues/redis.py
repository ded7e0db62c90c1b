"""
One typed connection to a Redis or Valkey server; txredisapi stays in here.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Any, Protocol, cast

import attrs
import hiredis
import txredisapi
from twisted.application.internet import ClientService
from twisted.internet.defer import Deferred
from twisted.internet.defer import TimeoutError as DeferredTimeout
from twisted.internet.interfaces import (
    IDelayedCall,
    IReactorTime,
    IStreamClientEndpoint,
)
from twisted.internet.protocol import Factory
from twisted.logger import Logger
from twisted.python.failure import Failure

from smsgw.errors import Unavailable

__all__ = [
    "Connection",
    "Moved",
    "NotDurable",
    "RedisConnection",
    "ReplyError",
    "Script",
    "load_script",
]

Arg = bytes | str | int

#: Error answers that mean "not now"; any other one is a bug or a script's word.
NOT_NOW = frozenset(
    {
        "ASK",
        "BUSY",
        "CLUSTERDOWN",
        "LOADING",
        "MASTERDOWN",
        "MISCONF",
        "NOREPLICAS",
        "OOM",
        "READONLY",
        "TRYAGAIN",
    }
)
OLDEST = (7, 0)
COPY_MS = 1_000  # that replicas may take


class ReplyError(Exception):
    """
    The server answered with an error; C{code} is its first word.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


class Moved(Unavailable):
    """
    A cluster's server has not, or no longer, what was asked for; nothing was done.
    """


class NotDurable(Exception):
    """
    The server's settings would lose what was accepted; says which ones.
    """


@attrs.frozen
class Script:
    """
    A server-side script under its SHA-1.
    """

    name: str
    source: bytes = attrs.field(repr=False)
    sha: str = attrs.field(init=False)

    @sha.default
    def _hashed(self) -> str:
        return hashlib.sha1(self.source, usedforsecurity=False).hexdigest()


@cache
def load_script(name: str) -> Script:
    """
    The script C{scripts/NAME.lua} of this package.
    """
    file = resources.files("smsgw.queues") / "scripts" / f"{name}.lua"
    return Script(name, file.read_bytes())


class Connection(Protocol):
    """
    What a queue needs: one server's connection or a cluster's.
    """

    def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def connected(self, timeout: float = 10.0) -> None: ...

    async def command(self, *args: Arg) -> Any: ...

    async def eval_script(
        self, script: Script, keys: Sequence[bytes | str], args: Iterable[Arg]
    ) -> Any: ...

    async def info(self, key: str) -> dict[str, str]: ...


class _Wire(txredisapi.HiredisProtocol):  # type: ignore[misc]  # it is untyped
    """
    txredisapi's protocol with hiredis packing the commands too: many times faster.
    """

    def __init__(self, made: Callable[["_Wire"], None]) -> None:
        super().__init__(charset=None, convertNumbers=False)
        self.answers = 0
        self._made = made

    def connectionMade(self) -> None:
        super().connectionMade()
        self._made(self)

    def _build_command(self, *args: Arg, **_: object) -> bytes:
        return cast(bytes, hiredis.pack_command(args))  # type: ignore[arg-type]  # its stub means tuple[..., ...]

    def dataReceived(self, data: bytes, unpause: bool = False) -> None:
        reader = self._reader
        reader.feed(data)
        reply = reader.gets()
        while reply is not False:
            self.answers += 1
            self.replyReceived(reply)
            reply = reader.gets()

    async def ask(self, *args: Arg) -> Any:
        """
        One command, its reply or one of our errors.
        """
        try:
            return await self.execute_command(*args)
        except txredisapi.ResponseError as error:
            raise _meaning(str(error)) from error
        except txredisapi.RedisError as error:
            raise Unavailable(f"queue server: {error}") from error


def _meaning(text: str) -> Exception:
    code, _, detail = text.partition(" ")
    if code == "MOVED":
        return Moved(f"queue server: {text}")
    if code in NOT_NOW:
        return Unavailable(f"queue server: {text}")
    return ReplyError(code, detail)


@attrs.define(eq=False)
class RedisConnection:
    """
    One connection that comes back by itself; calls may be in flight together.

    Their replies come in order. While it is down, or when a reply does not come
    within C{timeout} to twice that, calls raise L{Unavailable}. It counts as
    connected when the server answers, has loaded its data, knows every script
    used so far and, with C{durable}, keeps what it is given. A script's answer counts
    only once C{replicas} have what it wrote: one of them may take over at any time.
    """

    _endpoint: IStreamClientEndpoint
    _clock: IReactorTime
    _password: str = attrs.field(default="", repr=False)
    _username: str = ""
    _database: int = 0
    _durable: bool = False
    _replicas: int = 0
    _timeout: float = 10.0
    _scripts: dict[str, Script] = attrs.field(init=False, factory=dict, repr=False)
    _wire: _Wire | None = attrs.field(init=False, default=None)
    _waiting: list[Deferred[None]] = attrs.field(init=False, factory=list, repr=False)
    _service: ClientService = attrs.field(init=False, repr=False)
    _timer: IDelayedCall | None = attrs.field(init=False, default=None, repr=False)
    _preparing: Deferred[None] | None = attrs.field(
        init=False, default=None, repr=False
    )
    _rejected: int = attrs.field(init=False, default=0, repr=False)
    _seen: int = attrs.field(init=False, default=0, repr=False)
    log = Logger()

    def start(self) -> None:
        """
        Connect, and stay connected until L{stop}.
        """
        factory = Factory.forProtocol(lambda: _Wire(self._made))
        factory.noisy = False
        self._service = ClientService(
            self._endpoint,
            factory,
            retryPolicy=self._delay,
            clock=self._clock,
        )
        self._service.startService()

    async def stop(self) -> None:
        """
        Disconnect for good; unanswered calls raise L{Unavailable}.
        """
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        await self._service.stopService()

    async def connected(self, timeout: float = 10.0) -> None:
        """
        Wait until calls can be made.
        """
        if self._wire is not None and self._wire.connected:
            return
        waiting: Deferred[None] = Deferred()
        self._waiting.append(waiting)
        try:
            await waiting.addTimeout(timeout, self._clock)
        except DeferredTimeout as error:
            self._waiting = [other for other in self._waiting if other is not waiting]
            raise Unavailable("queue server: does not answer") from error

    async def command(self, *args: Arg) -> Any:
        """
        One command; its reply as hiredis gives it (bytes, int, list, None).
        """
        wire = self._wire
        if wire is None:
            raise Unavailable("queue server: not connected")
        if self._timer is None:
            self._seen = wire.answers
            self._timer = self._clock.callLater(self._timeout, self._sweep)
        return await wire.ask(*args)

    async def eval_script(
        self, script: Script, keys: Sequence[bytes | str], args: Iterable[Arg]
    ) -> Any:
        """
        Run a script, loading it first where the server does not know it.
        """
        self._scripts[script.sha] = script
        call = ("EVALSHA", script.sha, len(keys), *keys, *args)
        try:
            return await self._copied(*call)
        except ReplyError as error:
            if error.code != "NOSCRIPT":
                raise
        await self.command("SCRIPT", "LOAD", script.source)
        return await self._copied(*call)

    async def _copied(self, *call: Arg) -> Any:
        """
        The answer, once enough replicas have it; both are asked with one write. With
        too few, what became of the call is as unknown as without an answer.
        """
        if not self._replicas:
            return await self.command(*call)
        answer = Deferred.fromCoroutine(self.command(*call))
        waiting = self.command("WAIT", self._replicas, COPY_MS)
        copies = Deferred.fromCoroutine(waiting).addErrback(lambda _: 0)
        value = await answer
        if await copies < self._replicas:
            raise Unavailable(f"queue server: fewer than {self._replicas} replicas")
        return value

    async def info(self, key: str) -> dict[str, str]:
        """
        What the server that has a key tells of itself.
        """
        lines = (await self.command("INFO")).decode().splitlines()
        rows = (line.partition(":") for line in lines)
        return {name: value for name, colon, value in rows if colon}

    async def check_durability(self, relaxed: bool = False) -> list[str]:
        """
        What is wrong with the server's settings; L{NotDurable} unless relaxed.
        """
        if self._wire is None:
            raise Unavailable("queue server: not connected")
        problems = await _find_faults(self._wire)
        if problems and not relaxed:
            raise NotDurable("; ".join(problems))
        return problems

    def _delay(self, failed: int) -> float:
        return min(2.0, 0.02 * 1.5 ** min(30, max(failed, self._rejected)))

    def _made(self, wire: _Wire) -> None:
        """
        Prepare on our own: C{ClientService} leaks a connection, and later trips
        over its end, when a C{prepareConnection} that it waits for fails.
        """
        self._rejected += 1

        def refused(failure: Failure) -> None:
            self.log.info("queue server not ready: {why}", why=failure.value)
            wire.transport.abortConnection()

        preparing = Deferred.fromCoroutine(self._prepare(wire))
        limited = preparing.addTimeout(self._timeout, self._clock)
        self._preparing = limited.addErrback(refused)

    async def _prepare(self, wire: _Wire) -> None:
        if self._password:
            names = (self._username,) if self._username else ()
            await wire.ask("AUTH", *names, self._password)
        if self._database:
            await wire.ask("SELECT", self._database)
        await wire.ask("PING")
        if self._durable and (problems := await _find_faults(wire)):
            self.log.critical("queue server refused: {why}", why="; ".join(problems))
            raise NotDurable("; ".join(problems))
        for script in self._scripts.values():
            await wire.ask("SCRIPT", "LOAD", script.source)
        self._wire = wire
        self._rejected = 0
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one.callback(None)

    def _sweep(self) -> None:
        """
        One timer for all calls: nothing answered since the last look means hung.
        """
        self._timer = None
        wire = self._wire
        if wire is None or not wire.replyQueue.waiting:
            return
        if wire.answers == self._seen:
            self.log.warn("queue server silent, connection dropped")
            wire.transport.abortConnection()
            return
        self._seen = wire.answers
        self._timer = self._clock.callLater(self._timeout, self._sweep)


async def _find_faults(wire: _Wire) -> list[str]:
    lines = (await wire.ask("INFO", "server")).decode().split()
    versions = [line.partition(":")[2] for line in lines if "redis_version:" in line]
    if not versions or tuple(map(int, versions[0].split(".")[:2])) < OLDEST:
        return [f"version {versions} is older than {OLDEST[0]}.{OLDEST[1]}"]
    wanted = {
        b"appendonly": b"yes",
        b"appendfsync": b"always",
        b"maxmemory-policy": b"noeviction",
    }
    try:
        flat = await wire.ask("CONFIG", "GET", *wanted)
    except ReplyError as error:
        return [f"its settings cannot be read ({error.code} {error.detail})"]
    found = dict(zip(flat[::2], flat[1::2], strict=True))
    return [
        f"{name.decode()} is {found.get(name, b'?').decode()}, not {value.decode()}"
        for name, value in wanted.items()
        if found.get(name) != value
    ]
