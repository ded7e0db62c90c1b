"""
The contract on L{RedisQueue}, against a real server.
"""

import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import UNIXClientEndpoint

from smsgw.ports import Queue
from smsgw.queues.redis import RedisConnection
from smsgw.queues.redis_queue import RedisQueue, script
from tests.queues.contract import AcceptContract
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


del AcceptContract, ExchangeContract, MoneyContract, ReceiptContract


def test_only_accept_is_refused_when_full() -> None:
    """
    A server without memory still takes settles and receipts.
    """
    assert script("accept").source.startswith(b"#!lua\n")
    assert script("exchange").source.startswith(b"#!lua flags=allow-oom\n")
