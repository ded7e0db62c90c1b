"""
Trials against a simulated carrier on real sockets, and against nobody.
"""

from typing import Any

import attrs
import pytest
from twisted.internet import reactor as the_reactor
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.endpoints import TCP4ServerEndpoint
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import TestCase

from smsgw.channels.trial import CONNECT, Trial, try_channel
from smsgw.simulator.scenario import Account, Scenario
from smsgw.simulator.service import simulator
from smsgw.tasks import SystemClock
from tests.channels.test_contract import CHANNEL
from tests.channels.vendor.imitations import channel_of

reactor: Any = the_reactor


def over_memory(**changes: Any) -> tuple[MemoryReactorClock, "Deferred[Trial]"]:
    """
    A trial on a reactor that only notes what it is asked.
    """
    memory: Any = MemoryReactorClock()
    channel = attrs.evolve(CHANNEL, **changes)
    trial = try_channel(channel, memory, SystemClock(memory))
    return memory, ensureDeferred(trial)


@pytest.mark.parametrize(
    "change",
    [{"endpoint": "nonsense"}, {"version": "9.9"}, {"login": "9000010"}],
)
def test_a_wrong_setting(change: dict[str, str]) -> None:
    """
    Is told before anything is connected.
    """
    memory, told = over_memory(**change)
    trial = told.result
    assert isinstance(trial, Trial)
    assert ("settings", False) == (trial.step, trial.good)
    assert trial.detail[0]
    assert [] == memory.tcpClients


def test_nobody_answers() -> None:
    """
    After five seconds it is over, with words about lines and allow lists.
    """
    memory, told = over_memory(endpoint="tcp:10.0.0.9:7890")
    assert ("10.0.0.9", 7890) == memory.tcpClients[0][:2]
    memory.advance(CONNECT)
    trial = told.result
    assert isinstance(trial, Trial)
    assert "connect" == trial.step
    assert "白名单" in trial.advice[0]


@pytest.mark.real
class TrialTests(TestCase):
    """
    One login on loopback.
    """

    async def carrier(self) -> int:
        """
        The port of one that knows 900001 with the secret C{s}.
        """
        scenario = Scenario(
            (Account("900001", "s", access="10690000"),),
            listen=("tcp:0:interface=127.0.0.1",),
            control=(),
        )
        carrier = simulator(scenario, reactor)
        ports, _ = await carrier.open()
        self.addCleanup(carrier.stopService)
        (port,) = ports["cmpp"]
        return port

    async def tried(self, port: int, **changes: Any) -> Trial:
        """
        How a channel to that port does.
        """
        channel = attrs.evolve(CHANNEL, endpoint=f"tcp:127.0.0.1:{port}", **changes)
        return await try_channel(channel, reactor, SystemClock(reactor))

    async def test_let_in(self) -> None:
        """
        The version is told; the connection is gone afterwards.
        """
        trial = await self.tried(await self.carrier())
        self.assertTrue(trial.good)
        self.assertIn("CMPP", trial.detail[0])
        self.assertLess(0.0, trial.seconds)

    async def test_kept_out(self) -> None:
        """
        The carrier's code has words.
        """
        trial = await self.tried(await self.carrier(), secret="wrong")
        self.assertEqual(("login", 3), (trial.step, trial.code))
        self.assertIn("认证", trial.detail[0])

    async def test_hung_up(self) -> None:
        """
        Something else listens there, and ends what it does not understand.
        """

        class Deaf(Protocol):
            """
            Reads one thing.
            """

            def dataReceived(self, data: bytes) -> None:
                """
                Enough.
                """
                transport: Any = self.transport
                transport.loseConnection()

        port = await TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1").listen(
            Factory.forProtocol(Deaf)
        )
        self.addCleanup(port.stopListening)
        number = port.getHost().port
        trial = await self.tried(number)
        self.assertEqual("login", trial.step)
        vendor = channel_of("aliyun", endpoint=f"http://127.0.0.1:{number}/")
        found = await try_channel(vendor, reactor, SystemClock(reactor))
        self.assertTrue(found.good)

    async def test_nothing_there(self) -> None:
        """
        A port that nobody listens on.
        """
        port = await TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1").listen(
            Factory()
        )
        number = port.getHost().port
        await port.stopListening()
        trial = await self.tried(number)
        self.assertEqual("connect", trial.step)
