"""
The demonstration's visitor, at a real door.
"""

from typing import Any

import attrs
import pytest
from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from smsgw.cli.visitor import Visitor
from smsgw.config import Endpoint, Server
from smsgw.errors import Unavailable
from smsgw.frontends.carrier.door import CarrierDoor
from smsgw.metrics import Metrics
from smsgw.protocols.neutral import ReceiptIn
from smsgw.queues.memory_parts import MemoryParts
from smsgw.tasks import SystemClock
from tests.frontends.carrier.test_returns import Marked
from tests.support.guests import ACCESS, LOGIN, SECRET, peer
from tests.support.worlds import World


@pytest.mark.real
class VisitorTests(TestCase):
    """
    It comes, sends, gets its receipts and goes.
    """

    async def setUp(self) -> None:
        """
        A door for CMPP.
        """
        self.world = World()
        directory = attrs.evolve(self.world.objects, peers={LOGIN: peer("cmpp")})
        self.door = CarrierDoor(
            [Server("cmpp", (Endpoint("tcp:0:interface=127.0.0.1"),))],
            lambda: directory,
            self.world.shard.gateway.accept,
            MemoryParts(),
            Marked([]),
            SystemClock(reactor),
            lambda: 0.5,
            Metrics(),
        )
        (self.port,) = await self.door.open(reactor)

    async def tearDown(self) -> None:
        """
        The door closes.
        """
        await self.door.stop()

    async def test_a_visit(self) -> None:
        """
        A short and a long text; a receipt is noted by its id.
        """
        visitor = Visitor(reactor, self.port, LOGIN, SECRET)
        await visitor.enter()
        self.assertEqual(1, await visitor.submit("13800138000", ACCESS, "您好"))
        long = "检验报告正常，" * 20
        self.assertEqual(3, await visitor.submit("13800138000", ACCESS, long, 2))
        self.assertEqual(2, self.world.counts()["accepted"])
        self.assertFalse(visitor.done)
        (guest,) = self.door.desks["cmpp"].of(LOGIN)
        for one in visitor.ids:
            receipt = ReceiptIn(one, "delivered", "DELIVRD", "13800138000")
            answer: Any = await guest.ask(guest.host.deliver_receipt(receipt, "1"))
            self.assertTrue(guest.host.delivered(answer))
        self.assertTrue(visitor.done)
        await visitor.leave()
        await SystemClock(reactor).sleep(0.05)

    async def test_a_stranger(self) -> None:
        """
        Words, not silence.
        """
        visitor = Visitor(reactor, self.port, LOGIN, "wrong")
        with self.assertRaises(Unavailable):
            await visitor.enter()
