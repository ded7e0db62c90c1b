"""
Tests for L{smsgw.holding}: one shard over a queue in memory.
"""

import tempfile
from pathlib import Path
from typing import Any

import attrs
from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from smsgw.config import Settings
from smsgw.directory import Account
from smsgw.errors import Unavailable
from smsgw.holding import Holding, House
from smsgw.ids import lane_of
from smsgw.message import Item, Submission
from smsgw.ports import Admission
from smsgw.protocols.dialects import Nodes
from smsgw.queues.memory import MemoryQueue
from smsgw.queues.memory_leases import MemoryLeases
from smsgw.queues.stale import Stale
from smsgw.rules.book import Rulebook
from smsgw.scribe import Scribe
from smsgw.security.fields import Fields
from smsgw.storage.database import Database
from smsgw.storage.recorder import Recorder
from smsgw.tasks import SystemClock, sleep
from smsgw.tenure import SHARD, Tenure
from tests.support.record import now_or_never
from tests.support.worlds import directory


class HoldingTests(TestCase):
    """
    On the real reactor, without channels.
    """

    def setUp(self) -> None:
        """
        What shards share.
        """
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        folder = Path(kept.name)
        self.clock = SystemClock(reactor)
        self.full = False
        database = Database.open(f"sqlite:///{folder / 'record.sqlite'}")
        self.addCleanup(database.close)
        now_or_never(database.prepare())
        self.house = House(
            Settings(folder),
            reactor,
            self.clock,
            lambda: 0.5,
            database,
            Fields("off", "off", "off", b"k" * 32),
            None,
            self.check,
            lambda _: None,
            Nodes(self.clock.now),
        )
        self.queue = MemoryQueue()

    def check(self, _: Admission) -> None:
        """
        Whether there is room.
        """
        if self.full:
            raise Unavailable("full")

    def holding(self, tenure: Tenure | None = None, number: int = 0) -> Holding:
        """
        One shard.
        """
        made = Holding(self.house, self.queue, number, tenure)
        made.shard.gateway.book = Rulebook.of(directory())
        return made

    async def send(self, holding: Holding) -> str:
        """
        One message's id.
        """
        submission = Submission([Item("13800138000")], "您好", "notice")
        account = Account("his", "HIS", signature="某医院")
        accepted = await holding.gateway.accept(account, submission, self.clock.now())
        return accepted.items[0].id

    async def test_alone(self) -> None:
        """
        It accepts, sends, records and ends; a full disk refuses.
        """
        holding = self.holding()
        self.assertIsInstance(holding.recorder, Recorder)
        await holding.begin()
        self.assertTrue(holding.held)
        self.assertEqual(0, lane_of(await self.send(holding)))
        self.full = True
        with self.assertRaises(Unavailable):
            await self.send(holding)
        await holding.look()
        self.assertFalse(holding.broken)
        await holding.quiet()
        await holding.end()
        self.assertFalse(holding.held)
        self.assertEqual(0, (await self.queue.depths(self.clock.now())).facts)

    async def test_taken_over(self) -> None:
        """
        Its loops end when somebody else claims the shard; dropped, it is as new.
        """
        holding = self.holding()
        await holding.begin()
        await self.queue.claim("other")
        await self.send(holding)
        for _ in range(200):
            if holding.broken:
                break
            await sleep(reactor, 0.01)
        self.assertTrue(holding.broken)
        self.assertTrue(self.flushLoggedErrors(Stale))
        shard, book = holding.shard, holding.gateway.book
        before = await self.send(holding)
        await holding.drop()
        holding.renew()
        self.assertGreater(await self.send(holding), before)
        self.assertIsNot(shard, holding.shard)
        self.assertIs(book, holding.gateway.book)

    async def test_leased(self) -> None:
        """
        Ids are made in a lane that is sure to be ours, above all that were.
        """
        leases = MemoryLeases(self.clock.now)
        other = Tenure(leases, self.clock, "other", 1, 3)
        await other.renew([])
        tenure = Tenure(leases, self.clock, "this", 1, 3)
        holding = self.holding(tenure, 1)
        with self.assertRaises(Unavailable):
            await self.send(holding)
        await tenure.renew([SHARD])
        await holding.number_ids(tenure.lane)
        name = await self.send(holding)
        self.assertEqual(4, lane_of(name))
        self.assertGreater(self.clock.now(), holding.gateway.recorded())
        self.assertTrue(holding.gateway.pending(name))
        later = Holding(self.house, self.queue, 1, tenure)
        await later.number_ids(tenure.lane)
        self.assertGreater(later.shard.ids.take(1, 0.0)[0], name)

    async def test_not_ours(self) -> None:
        """
        What people decided about another shard's messages is left to it.
        """
        leases = MemoryLeases(self.clock.now)
        holding = self.holding(Tenure(leases, self.clock, "this", 1, 3), 1)
        self.assertTrue(holding.reviewing.mine("lis"))
        self.assertFalse(holding.reviewing.mine("his"))
        self.assertTrue(self.holding().reviewing.mine("his"))

    async def test_receipts_of_other_shards(self) -> None:
        """
        With several shards there is one more loop, which must go on too.
        """
        strays: Any = [object(), object()]
        holding = Holding(self.house, self.queue, strays=strays)
        await holding.begin()
        self.assertFalse(holding.broken)
        await holding.drop()
        self.assertFalse(holding.broken)

    async def test_recorder_as_a_process(self) -> None:
        """
        Where it can be: one for each shard.
        """
        house = attrs.evolve(self.house, scribe=Path("smsgw.toml"))
        recorder = Holding(house, self.queue, 2).recorder
        self.assertIsInstance(recorder, Scribe)
        self.assertEqual(2, recorder.shard)
