"""
A channel over real sockets, against the simulated carrier.
"""

import tempfile
from pathlib import Path
from typing import Any

import attrs
import pytest
from twisted.internet import reactor as the_reactor
from twisted.internet.endpoints import clientFromString
from twisted.trial.unittest import TestCase

from smsgw.channels.channel import CarrierChannel
from smsgw.channels.contract import Contract
from smsgw.channels.pace import Pace
from smsgw.channels.trace import Trace
from smsgw.gateway.flight import Flight, entry_of
from smsgw.message import Message
from smsgw.simulator.scenario import Account, Latency, Scenario
from smsgw.simulator.service import simulator
from smsgw.tasks import SystemClock
from tests.channels.test_contract import CHANNEL
from tests.support.carried import Carried
from tests.support.worlds import World

reactor: Any = the_reactor


def test_a_slow_channel_keeps_nothing_back_of_its_pace() -> None:
    """
    What is reserved is reserved of the window: one message each 0.2 s is anybody's.
    """
    carried = Carried("cmpp", connections=1)
    channel = carried.channel
    assert (16, 2) == (channel.room(0.0).segments, channel.room(0.0).reserve)
    channel.pace = Pace(5.0, carried.timers.seconds())
    assert (1, 0) == (channel.room(0.0).segments, channel.room(0.0).reserve)
    carried.stop()


def test_a_small_window_keeps_one_place_for_what_is_urgent() -> None:
    """
    Of several; the only one is everybody's.
    """
    carried = Carried("cmpp", connections=1)
    channel = carried.channel
    line: Any = channel.connections[0].line
    for window, reserve in ((2, 1), (1, 0)):
        known = channel.contract
        small = attrs.evolve(known.channel, window=window)
        channel.contract = attrs.evolve(known, channel=small)
        line.session.window = window
        assert reserve == channel.room(0.0).reserve
    carried.stop()


def test_a_sample_is_of_what_came_since_it_was_fresh() -> None:
    """
    Messages on the air, unanswered ones, and lost links.
    """
    carried = Carried("cmpp", connections=1)
    carried.carrier.faults.set(silent=True)
    carried.world.accept("您好", "再见")
    carried.turn(4.0)
    channel, now = carried.channel, carried.timers.seconds()
    sample = channel.sample(now)
    assert (1, 1, 2) == (sample.links, sample.wanted, sample.held)
    assert 3.0 < sample.waiting <= sample.backlog <= 4.0
    channel.fresh(now)
    sample = channel.sample(now)
    assert (0, 0.0, 0.0) == (sample.held, sample.waiting, sample.backlog)
    assert 0 == channel.give_back()
    line: Any = channel.connections[0].line
    line.abort()
    carried.turn()
    assert 1 == channel.sample(now).drops
    carried.stop()


@pytest.mark.real
class ChannelTests(TestCase):
    """
    Logging in, sending, losing the carrier, coming back.
    """

    async def open(
        self, secret: str = "s", connections: int = 2, sure: Any = None
    ) -> CarrierChannel:
        """
        A carrier and a channel towards it.
        """
        scenario = Scenario(
            (Account("900001", "s", access="10690000"),),
            latency=Latency(0.0, 0.0, 0.01, 0.0),
            listen=("tcp:0:interface=127.0.0.1",),
            control=(),
        )
        self.carrier = simulator(scenario, reactor)
        ports, _ = await self.carrier.open()
        (port,) = ports["cmpp"]
        self.world = World()
        channel = attrs.evolve(CHANNEL, secret=secret, connections=connections)
        made = CarrierChannel(
            Contract.of(channel),
            lambda: clientFromString(reactor, f"tcp:127.0.0.1:{port}"),
            reactor,
            SystemClock(reactor),
            self.world.shard.outbox,
            self.world.shard.settlement,
            lambda: 0.5,
            sure,
            sure is not None,
        )
        self.addCleanup(self.carrier.stopService)
        self.addCleanup(lambda: self.stop(made))
        made.start()
        return made

    def stop(self, channel: CarrierChannel) -> Any:
        """
        The channel's end.
        """
        from twisted.internet.defer import Deferred

        return Deferred.fromCoroutine(channel.stop())

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

    def flight(self, text: str = "您好") -> Flight:
        """
        A message that is leased to the channel.
        """
        message = Message(
            1, "id1", "his", "id1", "otp", "code", "13800138000", text, "示范医院",
            "", 0.0, 9e9, 9, "all",
        )  # fmt: skip
        flight = Flight.of("cm1", 9, entry_of(message), b"")
        self.world.shard.settlement.flights["id1"] = flight
        return flight

    async def test_a_long_message_reaches_the_phone(self) -> None:
        """All connections log in, and the phone shows the text as sent."""
        channel = await self.open()
        await self.until(lambda: len(channel.connections) == 2)
        text = "检查报告😀" * 60
        channel.carry([self.flight(text)])
        phones = self.carrier.carrier.phones
        await self.until(lambda: phones.texts("13800138000"))
        (shown,) = phones.texts("13800138000")

        self.assertEqual("【示范医院】" + text, shown.text)
        self.assertEqual(32 // 8, channel.room(0.0).reserve)
        self.assertFalse(channel.room(0.0).full)
        channel.pace.throttled(60.0, channel.clock.monotonic())
        self.assertTrue(channel.room(0.0).full)
        self.assertTrue(channel.live)

    async def test_a_lost_carrier_leaves_no_flight_behind(self) -> None:
        """Everything that was on the connection is settled or in doubt."""
        channel = await self.open(connections=1)
        await self.until(lambda: channel.live)
        self.carrier.carrier.faults.set(silent=True)
        flight = self.flight()
        channel.carry([flight])
        await self.until(lambda: flight.attempt.parts and flight.unanswered())
        channel.connections[0].line.abort()
        await self.until(lambda: not channel.live)

        self.assertTrue(flight.attempt.uncertain)
        self.assertEqual({}, self.world.shard.settlement.flights)

    async def test_seats(self) -> None:
        """
        Only the connections that it is told to have; one that is taken away ends.
        """
        made = await self.open()
        await self.until(lambda: len(made.connections) == 2)
        made.sit([1])
        await self.until(lambda: len(made.connections) == 1)
        self.assertEqual("cm1#2", made.connections[0].line.name)
        made.sit([0])
        await self.until(lambda: made.connections[0].line.name == "cm1#1")

    async def test_unsure(self) -> None:
        """
        Nothing is sent, and nobody logs in, while another process may be sending.
        """
        sure: list[bool] = []
        made = await self.open(sure=lambda: bool(sure))
        self.assertEqual({}, made._services)
        made.sit([0])
        await self.until(lambda: made._failed)
        self.assertFalse(made.live)
        sure.append(True)
        await self.until(lambda: made.live)
        sure.clear()
        flight = self.flight()
        made.carry([flight])
        await SystemClock(reactor).sleep(0.3)
        self.assertTrue(flight.untouched)
        sure.append(True)
        await self.until(lambda: not flight.untouched)

    async def test_a_refused_login_waits_long(self) -> None:
        """A wrong secret is not tried again at once."""
        channel = await self.open(secret="wrong", connections=1)
        await self.until(lambda: channel._refused)

        self.assertFalse(channel.live)
        self.assertGreaterEqual(channel._delay(1), 60.0 * 0.8)

    async def test_a_trace_is_switched_on_while_it_runs(self) -> None:
        """
        Every connection is heard from then on, and after a reconnection.
        """
        channel = await self.open()
        await self.until(lambda: len(channel.connections) == 2)
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        folder = Path(kept.name)
        trace = Trace(folder / "cm1", channel.rules, lambda: 1_790_000_000.0)
        channel.listen_in(trace)
        channel.carry([self.flight()])
        log = folder / "cm1.log"
        await self.until(lambda: b"CMPP_SUBMIT_RESP" in log.read_bytes())
        channel.listen_in(None)
        size = log.stat().st_size
        channel.carry([self.flight("再次")])
        await self.until(lambda: self.carrier.carrier.phones.segments == 2)
        self.assertEqual(size, log.stat().st_size)
        trace.close()
