"""
Channels follow the directory.
"""

import tempfile
from pathlib import Path
from typing import Any

import attrs
from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import TestCase

from smsgw.channels.fleet import Fleet
from smsgw.channels.parting import Part
from smsgw.channels.traces import Watch, ask
from smsgw.directory import Channel, Directory
from smsgw.errors import Refused
from tests.channels.test_contract import CHANNEL
from tests.channels.test_listener import CUCC
from tests.channels.vendor.imitations import channel_of
from tests.channels.vendor.test_pushing import Knock
from tests.support.worlds import NOW, Still, World


def objects(*channels: Channel) -> Directory:
    """
    A directory of channels.
    """
    return Directory(channels={one.id: one for one in channels})


class FleetTests(TestCase):
    """
    On a reactor that only notes what it is asked.
    """

    def setUp(self) -> None:
        """
        A fleet without channels.
        """
        self.world = World()
        self.world.shard.carriers.clear()
        self.reactor: Any = MemoryReactorClock()
        self.fleet = Fleet(
            self.world.shard,
            self.reactor,
            self.world.clock,
            lambda: 0.5,
            Path("no such folder"),
        )

    async def test_start_change_stop(self) -> None:
        """
        The gateway knows those that run, each in its newest form.
        """
        await self.fleet.fit(objects(CHANNEL))
        first = self.world.shard.carriers[CHANNEL.id]
        await self.fleet.fit(objects(CHANNEL))
        self.assertIs(first, self.world.shard.carriers[CHANNEL.id])
        await self.fleet.fit(objects(attrs.evolve(CHANNEL, window=3)))
        self.assertIsNot(first, self.world.shard.carriers[CHANNEL.id])
        self.assertEqual({CHANNEL.id: False}, self.fleet.live())
        await self.fleet.fit(objects(attrs.evolve(CHANNEL, active=False)))
        self.assertEqual({}, dict(self.world.shard.carriers))
        await self.fleet.stop()

    async def test_channels_are_looked_after_every_second(self) -> None:
        """
        Each has a health, until it is gone or the fleet stops.
        """
        await self.fleet.fit(objects(CHANNEL))
        healths = self.world.shard.gates.healths
        fleet, looks = self.fleet, []

        class Watched(Still):
            """
            A clock that ends the fleet at its second look.
            """

            async def sleep(self, seconds: float) -> None:
                looks.append((seconds, set(healths)))
                await fleet.fit(objects())
                fleet.stopped = len(looks) == 2

        fleet.clock = Watched()
        await fleet.run()
        self.assertEqual([(1.0, {CHANNEL.id}), (1.0, set())], looks)

    async def test_a_channel_that_cannot_be(self) -> None:
        """
        It is passed over; the others run.
        """
        bad = attrs.evolve(CHANNEL, id="bad", protocol="pigeon")
        await self.fleet.fit(objects(bad, CHANNEL))
        self.assertEqual({CHANNEL.id}, set(self.fleet.channels))
        await self.fleet.stop()

    async def test_contracts_of_one_node_share_its_sequences(self) -> None:
        """
        Two SGIP contracts never make the same message id.
        """
        own = attrs.evolve(CUCC, settings={"node": 3010092008})
        await self.fleet.fit(objects(own, attrs.evolve(own, id="cucc2")))
        one, other = self.fleet.channels.values()
        self.assertIs(one.contract.dialect.numbers, other.contract.dialect.numbers)
        await self.fleet.stop()

    async def test_leased_logins(self) -> None:
        """
        This shard's part of them, each when its lease is granted.
        """
        part = Part(1, 2, lambda: True, lambda: False)
        self.fleet = attrs.evolve(self.fleet, part=part)
        single = attrs.evolve(CHANNEL, id="cm2", connections=1)
        await self.fleet.fit(objects(attrs.evolve(CHANNEL, connections=5), single))
        self.assertEqual(["cm1"], list(self.fleet.channels))
        self.assertEqual(["line:cm1:1", "line:cm1:3"], self.fleet.lines())
        self.assertEqual(0, len(self.reactor.tcpClients))
        self.fleet.sit(lambda name: name == "line:cm1:3")
        self.assertEqual(1, len(self.reactor.tcpClients))
        await self.fleet.stop()

    async def test_wishes_for_traces(self) -> None:
        """
        They are looked for when asked to.
        """
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        folder = Path(kept.name)
        self.fleet = attrs.evolve(self.fleet, traces=folder)
        await self.fleet.fit(objects(CHANNEL))
        ask(folder, CHANNEL.id, Watch(NOW + 60, "cm1-a"))
        self.fleet.look()
        self.assertTrue((folder / "cm1-a.log").exists())
        await self.fleet.stop()

    async def test_vendor(self) -> None:
        """
        A channel of protocol http runs among the others, and takes what is pushed.
        """
        await self.fleet.fit(objects(CHANNEL, channel_of("aliyun")))
        self.assertEqual({CHANNEL.id: False, "ali": True}, self.fleet.live())
        self.assertEqual([CHANNEL.id], list(self.fleet.channels))
        told = await self.fleet.bring("ali", "receipts/push-token", Knock(b"[]"))
        self.assertEqual(200, told.status)
        for channel, path in ((CHANNEL.id, "receipts"), ("ali", "x"), ("", "")):
            with self.assertRaises(Refused):
                await self.fleet.bring(channel, path, Knock(b"[]"))
        await self.fleet.stop()
