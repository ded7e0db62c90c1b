"""
The contract on L{RedisQueue}, against a real server.
"""

import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import UNIXClientEndpoint

from smsgw.ports import Queue, Settle, Want
from smsgw.queues.redis import RedisConnection, ReplyError
from smsgw.queues.redis_queue import RedisQueue, script
from tests.queues.contract import TALLY, AcceptContract, admission
from tests.queues.contract_exchange import ExchangeContract, ReceiptContract
from tests.queues.contract_money import MoneyContract
from tests.support.valkey import ValkeyServer, ask, valkey_server


@pytest.fixture(scope="module")
def server() -> "object":
    """
    One server for the module; each test empties it.
    """
    with valkey_server("no") as running:
        yield running


@pytest.mark.real
class RedisQueueTests(AcceptContract, ExchangeContract, ReceiptContract, MoneyContract):
    """
    All of it, in Valkey.
    """

    server: ValkeyServer

    @pytest.fixture(autouse=True)
    def _serve(self, server: ValkeyServer) -> None:
        self.server = server
        ask(server.socket, "FLUSHALL")

    async def make(self, high_water: int) -> Queue:
        """
        An empty queue over a connection of its own.
        """
        endpoint = UNIXClientEndpoint(reactor, self.server.socket)
        connection = RedisConnection(endpoint, reactor)
        connection.start()
        self.addCleanup(lambda: Deferred.fromCoroutine(connection.stop()))
        await connection.connected()
        return RedisQueue(connection, "s0", high_water)

    async def test_entries_of_another_format(self) -> None:
        """
        A shard that holds some is left alone; an empty one is taken.
        """
        await self.fill("m1")
        ask(self.server.socket, "SET", "{s0}:format", "1")
        with self.assertRaises(ReplyError) as raised:
            await self.queue.claim("other")
        self.assertEqual("FORMAT", raised.exception.code)
        await self.exchange(wants=[Want("cm", 1, 1, ["all:notice"])])
        for kind in ("open", "end"):
            with self.assertRaises(ReplyError):
                await self.queue.claim("other")
            await self.exchange(settles=[Settle(kind, "m1", TALLY, b"s")])
        self.assertEqual(self.epoch + 1, await self.queue.claim("other"))

    async def test_counters_of_quotas_expire(self) -> None:
        """
        By themselves, when their lifetime is over.
        """
        await self.accept(admission("1", limits=[("his|m|1", 4, 60)]))
        left = ask(self.server.socket, "TTL", "{s0}:quota:his|m|1")
        self.assertIn(left, (b":60\r\n", b":59\r\n"))


del AcceptContract, ExchangeContract, MoneyContract, ReceiptContract


def test_only_accept_is_refused_when_full() -> None:
    """
    A server without memory still takes settles and receipts.
    """
    assert script("accept").source.startswith(b"#!lua\n")
    assert script("exchange").source.startswith(b"#!lua flags=allow-oom\n")
