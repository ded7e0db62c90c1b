"""
The contract on L{RedisParts}, against a real server.
"""

import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import UNIXClientEndpoint

from smsgw.queues.parts import RedisParts
from smsgw.queues.redis import RedisConnection
from tests.queues.contract_parts import PartsContract
from tests.support.valkey import ValkeyServer, ask, valkey_server


@pytest.fixture(scope="module")
def server() -> "object":
    """
    One server for the module; each test empties it.
    """
    with valkey_server("no") as running:
        yield running


@pytest.mark.real
class RedisPartsTests(PartsContract):
    """
    All of it, in Valkey.
    """

    server: ValkeyServer

    @pytest.fixture(autouse=True)
    def _serve(self, server: ValkeyServer) -> None:
        self.server = server
        ask(server.socket, "FLUSHALL")

    async def make(self) -> RedisParts:
        """
        An empty one over a connection of its own.
        """
        endpoint = UNIXClientEndpoint(reactor, self.server.socket)
        connection = RedisConnection(endpoint, reactor)
        connection.start()
        self.addCleanup(lambda: Deferred.fromCoroutine(connection.stop()))
        await connection.connected()
        return RedisParts(connection)


del PartsContract
