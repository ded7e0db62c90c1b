"""
What commands open: files of business objects, the record, and the queue of a
running or stopped gateway.
"""

import argparse
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.task import react
from twisted.python.failure import Failure

from smsgw.channels.contracts import mistakes_of
from smsgw.config import Settings, load
from smsgw.directory import Directory
from smsgw.errors import Unavailable
from smsgw.objects import load_directory
from smsgw.queues.redis import Connection
from smsgw.queues.redis_queue import RedisQueue
from smsgw.security.opening import fields_of
from smsgw.storage.database import Database

__all__ = [
    "add_config",
    "fields_of",
    "in_reactor",
    "load_objects",
    "open_record",
    "with_queue",
]

T = TypeVar("T")


def add_config(parser: argparse.ArgumentParser) -> None:
    """
    The C{-c} that every such command takes.
    """
    parser.add_argument("-c", "--config", type=Path, default=Path("etc/smsgw.toml"))


def in_reactor(work: Callable[[Any], Awaitable[T]]) -> T:
    """
    Run a coroutine under the reactor to its end; its result or its error.
    """
    outcome: list[T | Failure] = []

    def begin(reactor: Any) -> "Deferred[None]":
        return Deferred.fromCoroutine(_as_coroutine(work(reactor))).addBoth(
            outcome.append
        )

    with contextlib.suppress(SystemExit):
        react(begin, ())
    if not outcome:
        raise KeyboardInterrupt
    result = outcome[0]
    if isinstance(result, Failure):
        result.raiseException()
    return result


async def _as_coroutine(work: Awaitable[T]) -> T:
    return await work


def load_objects(path: Path, secrets: Path | None) -> Directory:
    """
    The business objects in a file, every channel's settings tried.
    """
    return load_directory(path, secrets, mistakes_of)


async def open_record(settings: Settings) -> Database:
    """
    The record, its tables at this release's newest step.
    """
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database.open(settings.database_url)
    await database.prepare()
    return database


async def with_queue(
    reactor: Any,
    config: Path,
    work: Callable[[RedisQueue], Awaitable[T]],
    shard: int = 0,
) -> T:
    """
    Run C{work} on a shard of the queue, whose server must be running.
    """
    from smsgw.queues.opening import open_queue
    from smsgw.queues.valkey_files import ValkeyFiles

    settings = load(config)
    socket = ""
    if settings.queue.kind == "embedded":
        files = ValkeyFiles.prepare(settings.data_dir).at_recorded_socket()
        socket = str(files.socket)
        if not Path(socket).exists():
            raise Unavailable("the gateway's queue server is not running")
    connection: Connection = open_queue(settings, reactor, socket)
    connection.start()
    try:
        await connection.connected()
        return await work(RedisQueue(connection, f"s{shard}"))
    finally:
        await connection.stop()
