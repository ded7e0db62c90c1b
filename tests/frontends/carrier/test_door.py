"""
The door on real sockets.
"""

from typing import Any

import attrs
import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import clientFromString
from twisted.internet.protocol import Factory
from twisted.trial.unittest import TestCase

from smsgw.config import Endpoint, Server
from smsgw.directory import Directory
from smsgw.frontends.carrier.door import CarrierDoor
from smsgw.link import Link
from smsgw.metrics import Metrics
from smsgw.protocols.dialects import dialect_of
from smsgw.protocols.session import Session
from smsgw.queues.memory_parts import MemoryParts
from smsgw.tasks import SystemClock
from tests.frontends.carrier.test_returns import Marked
from tests.support.guests import LOGIN, SECRET, peer
from tests.support.worlds import World

PLACE = Endpoint("tcp:0:interface=127.0.0.1")


@pytest.mark.real
class CarrierDoorTests(TestCase):
    """
    A listener, a system that logs in, and its end.
    """

    def setUp(self) -> None:
        """
        A door for CMPP that nobody has opened yet.
        """
        world = World()
        self.directory = attrs.evolve(world.objects, peers={LOGIN: peer("cmpp")})
        self.door = CarrierDoor(
            [Server("cmpp", (PLACE,))],
            lambda: self.directory,
            world.shard.gateway.accept,
            MemoryParts(),
            Marked([]),
            SystemClock(reactor),
            lambda: 0.5,
            Metrics(),
        )

    async def system(self, port: int) -> tuple[Link, "Deferred[str]"]:
        """
        A system that is let in, and a promise of why it ended.
        """
        dialect: Any = dialect_of("cmpp", LOGIN, SECRET, "3.0", "", {})
        link = Link(Session(dialect.protocol, dialect.version), reactor, "system")
        bound: Deferred[None] = Deferred()
        ended: Deferred[str] = Deferred()
        link.on_open = lambda: link.login(dialect.login(1_790_000_000.0))
        link.on_bound = lambda *_: bound.callback(None)
        link.on_closed = lambda reason, *_: ended.callback(reason)
        endpoint = clientFromString(reactor, f"tcp:127.0.0.1:{port}")
        await endpoint.connect(Factory.forProtocol(lambda: link))
        await bound
        return link, ended

    async def test_in_and_out(self) -> None:
        """
        A system comes in; when the door closes it is seen out politely.
        """
        (port,) = await self.door.open(reactor)
        self.door.follow(self.directory)
        link, ended = await self.system(port)
        self.assertEqual("bound", link.session.state)
        await self.door.stop()
        self.assertEqual("peer_terminated", await ended)

    async def test_a_system_that_is_struck_off(self) -> None:
        """
        A newer directory without it ends its connections.
        """
        (port,) = await self.door.open(reactor)
        _, ended = await self.system(port)
        self.directory = Directory(2, accounts=self.directory.accounts)
        self.door.follow(self.directory)
        self.assertEqual("peer_terminated", await ended)
        await self.door.stop()
