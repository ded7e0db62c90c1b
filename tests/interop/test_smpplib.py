"""
Our SMPP server, driven by a client that others wrote.
"""

import sys
from pathlib import Path
from typing import Any

import attrs
import pytest
import twisted.internet.utils as processes
from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from smsgw.config import Endpoint, Server
from smsgw.frontends.carrier.door import CarrierDoor
from smsgw.metrics import Metrics
from smsgw.protocols.neutral import ReceiptIn
from smsgw.queues.memory_parts import MemoryParts
from smsgw.tasks import SystemClock, spawn
from tests.frontends.carrier.test_returns import Marked
from tests.interop.smpplib_client import LONG, SHORT
from tests.support.guests import ACCESS, LOGIN, SECRET, peer
from tests.support.worlds import World, run

CLIENT = Path(__file__).with_name("smpplib_client.py")
PARTS = -(-len(LONG) // 67)


@pytest.mark.real
class SmpplibTests(TestCase):
    """
    A short text, a long one in parts, and a receipt on the way back.
    """

    async def test_it_sends_and_is_told(self) -> None:
        """
        Every submit is answered with an id, the texts arrive whole, a receipt is
        read as one.
        """
        world = World()
        directory = attrs.evolve(world.objects, peers={LOGIN: peer("smpp")})
        clock = SystemClock(reactor)
        door = CarrierDoor(
            [Server("smpp", (Endpoint("tcp:0:interface=127.0.0.1"),))],
            lambda: directory,
            world.shard.gateway.accept,
            MemoryParts(),
            Marked([]),
            clock,
            lambda: 0.5,
            Metrics(),
        )
        (port,) = await door.open(reactor)

        async def tell() -> None:
            while _accepted(world) < 2:
                await clock.sleep(0.05)
            (guest,) = door.desks["smpp"].of(LOGIN)
            receipt = ReceiptIn(
                "4711", "delivered", "", "13800138000", access_number=ACCESS
            )
            answer: Any = guest.ask(guest.host.deliver_receipt(receipt, "1"))
            self.assertTrue(guest.host.delivered(await answer))

        spawn("tell", tell())
        words = [str(CLIENT), str(port), LOGIN, SECRET, ACCESS]
        told, error, status = await processes.getProcessOutputAndValue(
            sys.executable, words
        )
        await door.stop()
        self.assertEqual(0, status, error.decode()[-1000:])
        lines = told.decode().splitlines()
        self.assertEqual(["submitted 0 True"] * (1 + PARTS), lines[1:-1])
        self.assertEqual("given 4 b'4711'", lines[-1])
        world.turn()
        texts = {flight.message.text for flight in world.carrier.carried}
        self.assertEqual({SHORT, LONG}, texts)


def _accepted(world: World) -> int:
    """
    How many messages were taken so far.
    """
    counts = run(world.queue.counts())
    return sum(one["accepted"] for one in counts.values())
