"""
Tests for L{smsgw.queues.census}, against a real server.
"""

from typing import Any

import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import UNIXClientEndpoint

from smsgw.ports import Queue, Settle, Want
from smsgw.queues.census import Census
from smsgw.queues.redis import RedisConnection
from smsgw.queues.redis_queue import RedisQueue
from tests.queues.contract import HOUR, NOW, TALLY, QueueCase, admission, entry
from tests.support.valkey import ValkeyServer, ask, valkey_server


@pytest.fixture(scope="module")
def server() -> "object":
    """
    One server for the module.
    """
    with valkey_server("no") as running:
        yield running


@pytest.mark.real
class CensusTests(QueueCase):
    """
    A queue with messages in every place.
    """

    server: ValkeyServer
    connection: RedisConnection

    @pytest.fixture(autouse=True)
    def _serve(self, server: ValkeyServer) -> None:
        self.server = server
        ask(server.socket, "FLUSHALL")

    async def make(self, high_water: int) -> Queue:
        """
        An empty queue over a connection of its own.
        """
        endpoint = UNIXClientEndpoint(reactor, self.server.socket)
        self.connection = RedisConnection(endpoint, reactor)
        self.connection.start()
        self.addCleanup(lambda: Deferred.fromCoroutine(self.connection.stop()))
        await self.connection.connected()
        return RedisQueue(self.connection, "s0", high_water)

    def census(self) -> Census:
        """
        All chunks are of one tally.
        """
        return Census(self.connection, lambda _: TALLY)

    async def test_an_empty_shard(self) -> None:
        """
        Has nothing.
        """
        self.assertEqual({}, await self.census().take())
        self.assertEqual([], await self.census().tombstones())

    async def test_every_place_is_counted(self) -> None:
        """
        Intake, out queues, what is due, leased, open; the counters say the same.
        """
        await self.lease("m1", "m2", "m3")
        await self.open("m1", "r1")
        await self.open("m2", "r2", NOW + 12 * HOUR)
        await self.fill("m4", "m5")
        await self.put([entry("m6")], "all:notice", NOW + HOUR)
        await self.accept(admission("7", 3))
        chunk: Any = admission("8", 4).chunks[0]
        chunk.not_before = NOW + HOUR
        await self.accept(admission("8", 4, chunks=[chunk]))
        await self.queue.cancel(["m6"], NOW)
        found = await self.census().take()

        self.assertEqual({TALLY: {"waiting": 10, "leased": 1, "open": 2}}, found)
        await self.counted(accepted=13, **found[TALLY])
        self.assertEqual(["m6"], await self.census().tombstones())

    async def test_reserved_money(self) -> None:
        """
        Prices of messages wherever they are, and charges of chunks, by account.
        """
        await self.lease("m1")
        await self.put([entry("m2", price=30), entry("m3", price=4)], "all:notice")
        await self.put([entry("m4", price=500)], "all:notice", NOW + HOUR)
        await self.exchange(wants=[Want("cm", 1, 1, ["all:notice"])])
        await self.accept(admission("7", 3))
        census = Census(self.connection, lambda _: TALLY, charge_of=lambda _: 6000)
        await census.take()

        self.assertEqual({"his": 6534}, census.reserved)

    async def test_more_than_a_step(self) -> None:
        """
        Long lists and large hashes are walked through to their ends.
        """
        names = [f"m{n}" for n in range(900)]
        await self.lease(*names)
        for start in (0, 450):
            ends: Any = [self.settled(name) for name in names[start : start + 450]]
            await self.exchange(settles=ends)
        for n in range(3):
            await self.fill(*(f"w{n}{k}" for k in range(700)))

        found = await self.census().take()
        self.assertEqual({TALLY: {"waiting": 2100, "open": 900}}, found)

    def settled(self, name: str) -> Any:
        """
        Taken by the carrier.
        """
        return Settle("open", name, TALLY, b"opened", [(f"cm|{name}", 0)])


del QueueCase
