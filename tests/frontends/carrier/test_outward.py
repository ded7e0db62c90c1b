"""
We call on a system, to deliver: SGIP as its standard has it.
"""

from typing import Any

import attrs
import pytest
from twisted.internet import reactor
from twisted.internet.protocol import Factory
from twisted.trial.unittest import TestCase

from smsgw.config import Endpoint, Server
from smsgw.directory import Directory
from smsgw.frontends.carrier.door import CarrierDoor
from smsgw.link import Link
from smsgw.metrics import Metrics
from smsgw.protocols.dialects import dialect_of
from smsgw.protocols.neutral import ReceiptIn
from smsgw.protocols.session import Session
from smsgw.queues.memory_parts import MemoryParts
from smsgw.tasks import SystemClock
from tests.frontends.carrier.test_returns import Marked, report
from tests.support.guests import LOGIN, SECRET, peer
from tests.support.worlds import World

ID = "00" * 11 + "07"


@pytest.mark.real
class OutwardTests(TestCase):
    """
    A system that listens, played here.
    """

    async def test_a_receipt_comes_to_the_system(self) -> None:
        """
        Over a connection that we made, with our login for deliveries.
        """
        received: list[Any] = []
        logins: list[Any] = []
        host: Any = dialect_of("sgip", "", "", "1.2", "", {})

        def listening() -> Link:
            link = Link(Session(host.protocol, host.version), reactor, "system")

            def on_login(sequence: int, pdu: Any) -> None:
                logins.append((host.read_login(pdu).kind, host.proves(pdu, SECRET)))
                answer, layout, _ = host.admit(pdu, "", "", host.version)
                link.accept_login(sequence, answer, layout)

            def on_received(sequence: int, pdu: Any) -> None:
                received.append(host.read(pdu, sequence))
                link.answer(sequence, host.acknowledge(pdu))

            link.on_login, link.on_received = on_login, on_received
            return link

        factory = Factory.forProtocol(listening)
        port: Any = reactor.listenTCP(0, factory, interface="127.0.0.1")
        place = f"tcp:127.0.0.1:{port.getHost().port}"
        caller = peer("sgip", secrets=(SECRET,), settings={"deliver_to": place})
        world, clock = World(), SystemClock(reactor)
        directory = attrs.evolve(world.objects, peers={LOGIN: caller})
        door = CarrierDoor(
            [Server("sgip", (Endpoint("tcp:0:interface=127.0.0.1"),))],
            lambda: directory,
            world.shard.gateway.accept,
            MemoryParts(),
            Marked([[report("message.delivered", [ID])]]),
            clock,
            lambda: 0.5,
            Metrics(),
        )
        await door.open(reactor)
        door.follow(directory)
        try:
            for _ in range(200):
                if received:
                    break
                await clock.sleep(0.02)
            (receipt,) = received
            self.assertIsInstance(receipt, ReceiptIn)
            self.assertEqual((ID, "delivered"), (receipt.carrier_id, receipt.state))
            self.assertEqual([("2", True)], logins)
            door.follow(Directory())
            await clock.sleep(0.1)
            self.assertEqual([], door.desks["sgip"].of(LOGIN))
        finally:
            await door.stop()
            await port.stopListening()
            await clock.sleep(0.3)
