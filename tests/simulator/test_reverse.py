"""
A carrier that connects to its client.
"""

from typing import Any

import attrs
import pytest
from twisted.internet import reactor as the_reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import clientFromString
from twisted.trial.unittest import TestCase

from smsgw.channels.channel import CarrierChannel
from smsgw.channels.listener import Listener
from smsgw.simulator.scenario import Account, Latency, Scenario
from smsgw.simulator.service import simulator
from smsgw.tasks import SystemClock
from tests.channels.test_listener import PLACE, contract
from tests.support.worlds import World

reactor: Any = the_reactor


@pytest.mark.real
class ReverseTests(TestCase):
    """
    SGIP as it is: submits one way, reports and replies the other.
    """

    async def test_there_and_back(self) -> None:
        """
        A message goes out over our connection; its report and the phone's reply
        come in over the carrier's.
        """
        world, clock = World(), SystemClock(reactor)
        channel = CarrierChannel(
            contract(),
            lambda: clientFromString(reactor, f"tcp:127.0.0.1:{ports[0]}"),
            reactor,
            clock,
            world.shard.outbox,
            world.shard.settlement,
            lambda: 0.5,
        )
        listener = Listener(PLACE, reactor, {"cucc": channel})
        port = await listener.open()
        account = Account(
            "hospital", "s3cret", access="10655", deliver_to=f"tcp:127.0.0.1:{port}"
        )
        carrier = simulator(
            Scenario(
                (account,),
                latency=Latency(0.0, 0.0, 0.05),
                listen=("tcp:0:interface=127.0.0.1",),
                control=(),
                protocol="sgip",
                gateway=10100,
            ),
            reactor,
        )
        ports, _ = await carrier.open()
        channel.start()
        try:
            await self.until(lambda: channel.connections)
            world.accept("您好")
            world.turn()
            channel.carry(world.carrier.carried)
            totals = carrier.carrier.subscribers["hospital"].counts
            await self.until(lambda: world.shard.outbox.receipts)
            carrier.carrier.say("13800138000", "10655", "收到")
            await self.until(lambda: world.shard.outbox.inbound)
            world.shard.carriers.clear()
            world.turn()
            await self.until(lambda: totals["report_taken"] and totals["mo_taken"])
            self.assertEqual(1, totals["logins"])
        finally:
            await listener.close()
            stopped: Deferred[Any] = carrier.stopService()
            await channel.stop()
            await stopped

    async def until(self, what: Any) -> None:
        """
        Let the reactor turn until it is so.
        """
        clock = SystemClock(reactor)
        for _ in range(500):
            if what():
                return
            await clock.sleep(0.01)
        self.fail("it never came")


def test_nothing_to_connect_to() -> None:
    """
    Who names no endpoint is delivered to over his own connections.
    """
    assert "" == attrs.fields_dict(Account)["deliver_to"].default
