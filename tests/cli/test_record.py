"""
Tests for L{smsgw.cli.record}: the real process, at a real queue and record.
"""

import tempfile
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from smsgw.cli.stores import fields_of, open_record, with_queue
from smsgw.config import load
from smsgw.ports import Admission, Stored
from smsgw.queues.embedded import EmbeddedValkey
from smsgw.queues.redis_queue import RedisQueue
from smsgw.scribe import Scribe
from smsgw.storage.directory_store import apply_directory
from smsgw.storage.reader import StoreReader
from smsgw.tasks import SystemClock, spawn
from smsgw.views import MessageView
from tests.support.record import DIRECTORY, IDS, NOW, PHONE, chunk


@pytest.mark.real
class RecordTests(TestCase):
    """
    Facts go into the queue here, rows come out there.
    """

    async def setUp(self) -> None:
        """
        A queue server and a record with accounts.
        """
        folder = Path(tempfile.mkdtemp(prefix="smsgw-"))
        self.addCleanup(rmtree, folder)
        self.config = folder / "smsgw.toml"
        self.config.write_text('data_dir = "data"\n', "utf-8")
        self.server = EmbeddedValkey(folder / "data", reactor, reactor)
        await self.server.start()
        self.settings = load(self.config)
        self.database = await open_record(self.settings)
        await self.database.write(apply_directory, DIRECTORY, "admin", NOW)
        self.scribe = Scribe(self.config, reactor, SystemClock(reactor))
        self.task = spawn("scribe", self.scribe.run())
        self.addCleanup(lambda: Deferred.fromCoroutine(self.end()))

    async def end(self) -> None:
        """
        Whatever still runs ends.
        """
        self.scribe.stop()
        await self.until(lambda: self.task.finished)
        self.database.close()
        await self.server.stop()

    async def until(self, what: Any) -> None:
        """
        Let the reactor turn until it is so.
        """
        clock = SystemClock(reactor)
        for _ in range(1000):
            if what():
                return
            await clock.sleep(0.02)
        self.fail("it never came")

    async def accept(self, message_id: str) -> None:
        """
        One message, as the door would put it.
        """
        _, body = chunk([message_id])
        kept = Stored(message_id, "notice", 1, body)

        async def put(queue: RedisQueue) -> None:
            clock = SystemClock(reactor)
            admission = Admission("his|20260921", [kept], message_id)
            await queue.accept([admission], clock.now())

        await with_queue(reactor, self.config, put)

    async def message(self, message_id: str) -> MessageView | None:
        """
        What the record has of it.
        """
        reader = StoreReader(self.database, fields_of(self.settings))
        return await reader.message("his", message_id)

    async def test_it_records(self) -> None:
        """
        What was accepted is in the record when the process says so, also after a
        kill -9 of it.
        """
        clock = SystemClock(reactor)
        for place, message_id in enumerate(IDS[:2]):
            await self.accept(message_id)
            at = clock.now()
            await self.until(lambda at=at: self.scribe.recorded_at > at)
            found = await self.message(message_id)
            assert found is not None
            self.assertEqual(("accepted", PHONE), (found.state, found.to))
            if not place:
                self.scribe._child.kill()
                await self.until(lambda: self.scribe.trouble)

    async def test_it_finishes_what_is_there(self) -> None:
        """
        At a stop nothing is left for the next start.
        """
        await self.until(lambda: self.scribe.recorded_at)
        await self.accept(IDS[0])
        self.scribe.stop()
        await self.until(lambda: self.task.finished)
        self.assertIsNotNone(await self.message(IDS[0]))
