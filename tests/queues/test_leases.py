"""
The contract on L{RedisLeases}, against a real server.
"""

import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import UNIXClientEndpoint
from twisted.internet.task import deferLater

from smsgw.queues.leases import RedisLeases
from smsgw.queues.redis import RedisConnection
from tests.queues.contract_leases import LeasesContract
from tests.support.valkey import ValkeyServer, ask, valkey_server

SHORT = 0.25


@pytest.fixture(scope="module")
def server() -> "object":
    """
    One server for the module; each test empties it.
    """
    with valkey_server("no") as running:
        yield running


@pytest.mark.real
class RedisLeasesTests(LeasesContract):
    """
    All of it, in Valkey.
    """

    server: ValkeyServer

    @pytest.fixture(autouse=True)
    def _serve(self, server: ValkeyServer) -> None:
        self.server = server
        ask(server.socket, "FLUSHALL")

    async def make(self) -> RedisLeases:
        """
        Short ones, over a connection of its own.
        """
        endpoint = UNIXClientEndpoint(reactor, self.server.socket)
        connection = RedisConnection(endpoint, reactor)
        connection.start()
        self.addCleanup(lambda: Deferred.fromCoroutine(connection.stop()))
        await connection.connected()
        return RedisLeases(connection, "s0", SHORT)

    async def run_out(self) -> None:
        """
        Time passes by the server's clock.
        """
        await deferLater(reactor, SHORT + 0.05)


del LeasesContract
