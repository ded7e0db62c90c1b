"""
Our CMPP server, driven by a client that others wrote.
"""

import sys
from pathlib import Path

import attrs
import pytest
import twisted.internet.utils as processes
from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from smsgw.config import Endpoint, Server
from smsgw.frontends.carrier.door import CarrierDoor
from smsgw.metrics import Metrics
from smsgw.queues.memory_parts import MemoryParts
from smsgw.tasks import SystemClock
from tests.frontends.carrier.test_returns import Marked
from tests.interop.pycmpp_client import LONG, SHORT
from tests.support.guests import LOGIN, SECRET, peer
from tests.support.worlds import World

CLIENT = Path(__file__).with_name("pycmpp_client.py")


@pytest.mark.real
class PycmppTests(TestCase):
    """
    A short text and a long one in parts.
    """

    async def test_it_sends(self) -> None:
        """
        Every submit is answered with an id, and the texts arrive whole.
        """
        world = World()
        directory = attrs.evolve(world.objects, peers={LOGIN: peer("cmpp")})
        door = CarrierDoor(
            [Server("cmpp", (Endpoint("tcp:0:interface=127.0.0.1"),))],
            lambda: directory,
            world.shard.gateway.accept,
            MemoryParts(),
            Marked([]),
            SystemClock(reactor),
            lambda: 0.5,
            Metrics(),
        )
        (port,) = await door.open(reactor)
        arguments = [str(CLIENT), str(port), LOGIN, SECRET]
        told, error, status = await processes.getProcessOutputAndValue(
            sys.executable, arguments
        )
        await door.stop()
        self.assertEqual(0, status, error.decode()[-1000:])
        parts = -(-len(LONG) // 67)
        expected = ["connected 0", *["submitted 0 True"] * (1 + parts)]
        self.assertEqual(expected, told.decode().splitlines())
        self.assertEqual(2, world.counts()["accepted"])
        world.turn()
        texts = {flight.message.text for flight in world.carrier.carried}
        self.assertEqual({SHORT, LONG}, texts)
