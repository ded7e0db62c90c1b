"""
Tests for L{smsgw.queues.strays}, against a real server.
"""

import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import UNIXClientEndpoint

from smsgw.ports import Settle, Want
from smsgw.queues.redis import RedisConnection
from smsgw.queues.redis_queue import RedisQueue
from smsgw.queues.strays import RedisStrays
from tests.queues.contract import NOW, TALLY, QueueCase
from tests.support.valkey import ValkeyServer, ask, valkey_server


@pytest.fixture(scope="module")
def server() -> "object":
    """
    One server for the module; each test empties it.
    """
    with valkey_server("no") as running:
        yield running


@pytest.mark.real
class RedisStraysTests(QueueCase):
    """
    Beside a queue with messages on their way.
    """

    server: ValkeyServer

    @pytest.fixture(autouse=True)
    def _serve(self, server: ValkeyServer) -> None:
        self.server = server
        ask(server.socket, "FLUSHALL")

    async def make(self, high_water: int) -> RedisQueue:
        """
        An empty queue over a connection of its own.
        """
        endpoint = UNIXClientEndpoint(reactor, self.server.socket)
        self.connection = RedisConnection(endpoint, reactor)
        self.connection.start()
        self.addCleanup(lambda: Deferred.fromCoroutine(self.connection.stop()))
        await self.connection.connected()
        return RedisQueue(self.connection, "s0", high_water)

    async def test_only_what_is_known(self) -> None:
        """
        Of a message that is open or has ended; kept until it is dropped.
        """
        await self.fill("m1", "m2")
        await self.exchange(wants=[Want("cm", 2, 2, ["all:notice"])])
        settles = [
            Settle("open", name, TALLY, b"s", [(f"cm|{name}", 1)])
            for name in ("m1", "m2")
        ]
        await self.exchange(settles=settles)
        ended = Settle("end", "m2", TALLY, b"s", [("cm|m2", 1)])
        await self.exchange(settles=[ended])
        strays = RedisStrays(self.connection, "s0", bytes.upper, bytes.lower)
        rows = [("cm|m1", b"one"), ("cm|m2", b"two"), ("cm|m3", b"three")]
        self.assertEqual([True, True, False], await strays.bring(rows, NOW))
        self.assertEqual(dict(rows[:2]), dict(await strays.brought()))
        kept = ask(self.server.socket, "HGET", "{s0}:brought", "cm|m1")
        self.assertIn(b"ONE", kept)
        await strays.drop([])
        await strays.drop(["cm|m1", "cm|m2"])
        self.assertEqual([], await strays.brought())


del QueueCase
