"""
The simulator as a Twisted service: it listens while it runs.
"""

from collections.abc import Sequence
from pathlib import Path

from twisted.application.service import Service
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.endpoints import clientFromString, serverFromString
from twisted.internet.interfaces import (
    IListeningPort,
    IProtocolFactory,
    IReactorTime,
    IStreamClientEndpoint,
)
from twisted.logger import Logger
from twisted.web.server import Site

from smsgw.simulator.carrier import Carrier
from smsgw.simulator.connection import ConnectionFactory
from smsgw.simulator.control import Control
from smsgw.simulator.journal import Journal
from smsgw.simulator.reverse import Reverse, reverses
from smsgw.simulator.scenario import Scenario, Scene
from smsgw.tasks import SystemClock, spawn

__all__ = ["SimulatorService", "simulator"]


class SimulatorService(Service):
    """
    Carriers at their endpoints, with one control.
    """

    log = Logger()

    def __init__(
        self,
        reactor: IReactorTime,
        carriers: Sequence[Carrier],
        control: Sequence[str] = (),
    ) -> None:
        self.carriers = list(carriers)
        self.setName("simulator")
        self._reactor = reactor
        self._control = tuple(control)
        self._ports: list[IListeningPort] = []
        self._reverses: list[Reverse] = []

    @property
    def carrier(self) -> Carrier:
        """
        The first one, or the only one.
        """
        return self.carriers[0]

    async def open(self) -> tuple[dict[str, list[int]], list[int]]:
        """
        Listen; the ports of each carrier by its name, and of the control.
        """
        ports = {}
        for carrier in self.carriers:
            factory = ConnectionFactory(carrier, self._reactor)
            scenario = carrier.scenario
            ports[scenario.called] = await self._listen(scenario.listen, factory)
            self._reverses += reverses(carrier, self._dial, self._reactor)
        for one in self._reverses:
            one.start()
        site = Site(Control(*self.carriers))
        site.noisy = False
        control = await self._listen(self._control, site)
        self.log.info(
            "simulator at {ports}, control at {control}", ports=ports, control=control
        )
        return ports, control

    def _dial(self, place: str) -> IStreamClientEndpoint:
        endpoint: IStreamClientEndpoint = clientFromString(self._reactor, place)
        return endpoint

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

    def stopService(self) -> "Deferred[list[None]]":
        """
        Close the doors and the connections.
        """
        super().stopService()
        ports, self._ports = self._ports, []
        reverses, self._reverses = self._reverses, []
        closing: list[Deferred[None] | None] = [one.stop() for one in reverses]
        for carrier in self.carriers:
            for connection in list(carrier.connections):
                connection.abort()
            carrier.stop()
        closing += [port.stopListening() for port in ports]
        return gatherResults([one for one in closing if one is not None])


def simulator(
    scene: Scene | Scenario, reactor: IReactorTime, journal: Path | None = None
) -> SimulatorService:
    """
    The service of a scenario file, on the machine's clock. Several carriers
    share a journal.
    """
    if isinstance(scene, Scenario):
        scene = Scene((scene,), scene.control)
    most = max(one.journal for one in scene.carriers)
    book = Journal.at(journal, most) if journal is not None else None
    now = SystemClock(reactor).now
    carriers = [
        Carrier(one, reactor, now, book or Journal(one.journal))
        for one in scene.carriers
    ]
    return SimulatorService(reactor, carriers, scene.control)
