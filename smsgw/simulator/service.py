"""
The simulator as a Twisted service: it listens while it runs.
"""

from pathlib import Path
from typing import Any

from twisted.application.service import Service
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.endpoints import serverFromString
from twisted.internet.interfaces import IListeningPort, IProtocolFactory, IReactorTime
from twisted.logger import Logger
from twisted.web.server import Site

from smsgw.simulator.carrier import Carrier
from smsgw.simulator.connection import ConnectionFactory
from smsgw.simulator.control import Control
from smsgw.simulator.journal import Journal
from smsgw.simulator.reverse import Reverse
from smsgw.simulator.scenario import Scenario
from smsgw.tasks import SystemClock, spawn

__all__ = ["SimulatorService", "simulator"]


class SimulatorService(Service):
    """
    A carrier at its endpoints; C{opened} tells when it listens, and where.
    """

    log = Logger()

    def __init__(self, reactor: IReactorTime, carrier: Carrier) -> None:
        self.carrier = carrier
        self.setName("simulator")
        self._reactor = reactor
        self._ports: list[IListeningPort] = []
        self._reverse = [
            Reverse(carrier.scenario, one, reactor, carrier.now)
            for one in carrier.subscribers.values()
            if one.account.deliver_to
        ]

    async def open(self) -> tuple[list[int], list[int]]:
        """
        Listen; the ports of carrier and control.
        """
        scenario = self.carrier.scenario
        carrier = ConnectionFactory(self.carrier, self._reactor)
        site = Site(Control(self.carrier))
        site.noisy = False
        ports = await self._listen(scenario.listen, carrier)
        control = await self._listen(scenario.control, site)
        for one in self._reverse:
            one.start()
        self.log.info(
            "simulator at {ports}, control at {control}", ports=ports, control=control
        )
        return ports, control

    async def _listen(
        self, places: tuple[str, ...], factory: IProtocolFactory
    ) -> list[int]:
        numbers = []
        for place in places:
            port = await serverFromString(self._reactor, place).listen(factory)
            self._ports.append(port)
            numbers.append(getattr(port.getHost(), "port", 0))
        return numbers

    def startService(self) -> None:
        super().startService()
        spawn("simulator listens", self.open())

    def stopService(self) -> "Deferred[list[Any]]":
        """
        Close the doors and the connections.
        """
        super().stopService()
        ports, self._ports = self._ports, []
        for connection in list(self.carrier.connections):
            connection.abort()
        self.carrier.stop()
        closing: list[Any] = [port.stopListening() for port in ports]
        closing += [one.stop() for one in self._reverse]
        return gatherResults([one for one in closing if one is not None])


def simulator(
    scenario: Scenario, reactor: IReactorTime, journal: Path | None = None
) -> SimulatorService:
    """
    The service of a scenario, on the machine's clock.
    """
    book = Journal.at(journal) if journal is not None else None
    carrier = Carrier(scenario, reactor, SystemClock(reactor).now, book)
    return SimulatorService(reactor, carrier)
