"""
C{smsgw record}: the gateway's recorder as a process; the gateway starts it itself.
"""

import argparse
import gc
import os
import signal
import sys
from typing import Any, TextIO

import attrs
import msgspec
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.stdio import StandardIO
from twisted.logger import globalLogBeginner
from twisted.python.failure import Failure

from smsgw.cli.stores import add_config, fields_of, in_reactor, with_queue
from smsgw.config import Settings, load
from smsgw.directory import Directory
from smsgw.logs import log_observer
from smsgw.queues.redis_queue import RedisQueue
from smsgw.queues.sealed import protected
from smsgw.scribe import Progress
from smsgw.storage.database import Database
from smsgw.storage.directory_store import load_directory
from smsgw.storage.recorder import Recorder
from smsgw.tasks import SystemClock, Tasks, clock_over

__all__ = ["configure", "run"]

TELL = 0.2
COURTESY = 5  # sending comes first; the record catches up
REFRESH = 2.0
YOUNG, MIDDLE, OLD = 50_000, 20, 100


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)
    parser.add_argument("--shard", type=int, default=0, help="whose facts")


def run(arguments: argparse.Namespace) -> int:
    """
    Record until standard input ends, and then what is left.
    """
    settings = load(arguments.config)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the gateway says when
    os.nice(COURTESY)

    async def work(reactor: Any) -> None:
        now = clock_over(reactor).now
        globalLogBeginner.beginLoggingTo(
            [log_observer(settings.log, "recorder", sys.stderr, now)],
            redirectStandardIO=False,
        )

        async def record(queue: RedisQueue) -> None:
            shard = arguments.shard
            await Scribing(settings, reactor, queue, sys.stdout, shard).run()

        await with_queue(reactor, arguments.config, record, arguments.shard)

    in_reactor(work)
    return 0


class Ears(Protocol):
    """
    Hears when the gateway is gone.
    """

    def __init__(self, ended: Any) -> None:
        self._ended = ended

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """
        Standard input has ended.
        """
        self._ended()


@attrs.define(eq=False)
class Scribing:
    """
    A recorder over one connection to the queue and one to the database, in one
    thread: who has nothing else to do may wait for the disk.
    """

    settings: Settings
    reactor: Any
    queue: RedisQueue
    out: TextIO
    shard: int = 0
    _directory: Directory = attrs.field(factory=Directory, init=False)

    async def run(self) -> None:
        """
        To the end.
        """
        clock = clock_over(self.reactor)
        fields = fields_of(self.settings)
        database = Database.open(self.settings.database_url)
        recorder = Recorder(
            protected(self.queue, fields),
            database,
            fields,
            clock,
            lambda: self._directory,
            self.shard,
        )
        StandardIO(Ears(recorder.stop))
        self._directory = await database.read(load_directory)
        gc.collect()
        gc.freeze()  # little of what comes later goes in circles: look seldom
        gc.set_threshold(YOUNG, MIDDLE, OLD)
        tasks = Tasks()
        tasks.spawn("tell", self._tell(recorder, clock))
        tasks.spawn("directory", self._refresh(database, clock))
        try:
            await recorder.run()
        finally:
            await tasks.stop()
            database.close()

    async def _tell(self, recorder: Recorder, clock: SystemClock) -> None:
        while True:
            told = Progress(
                recorder.recorded_at,
                recorder.trouble,
                recorder.strays,
                recorder.position,
            )
            self.out.write(msgspec.json.encode(told).decode() + "\n")
            self.out.flush()
            await clock.sleep(TELL)

    async def _refresh(self, database: Database, clock: SystemClock) -> None:
        while True:
            await clock.sleep(REFRESH)
            self._directory = await database.read(load_directory)
