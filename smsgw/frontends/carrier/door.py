"""
The whole door: a listener per protocol, ways back for all who logged in.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

import attrs
from twisted.internet.endpoints import serverFromString
from twisted.internet.interfaces import IAddress, IListeningPort
from twisted.internet.protocol import Factory

from smsgw.config import Server
from smsgw.directory import Account, Directory
from smsgw.frontends.carrier.desk import Desk
from smsgw.frontends.carrier.guest import Guest
from smsgw.frontends.carrier.intake import Intake, Parts
from smsgw.frontends.carrier.outward import Outwards
from smsgw.frontends.carrier.partials import Begun, Partials
from smsgw.frontends.carrier.returns import Returns
from smsgw.frontends.marks import Marks
from smsgw.message import Accepted, Submission
from smsgw.metrics import Metrics
from smsgw.ports import Clock
from smsgw.tasks import Tasks

__all__ = ["CarrierDoor", "KeptParts"]


class KeptParts(Parts, Begun, Protocol):
    """
    All that is done with parts of long messages.
    """


class GuestFactory(Factory):
    """
    A guest for each who knocks.
    """

    noisy = False

    def __init__(self, desk: Desk, reactor: Any) -> None:
        self._desk = desk
        self._reactor = reactor

    def buildProtocol(self, addr: IAddress | None) -> Guest:
        return self._desk.guest(self._reactor, getattr(addr, "host", ""))


@attrs.define(eq=False)
class CarrierDoor:
    """
    Servers for systems that speak CMPP, SGIP, SMGP or SMPP.
    """

    servers: Sequence[Server]
    directory: Callable[[], Directory]
    accept: Callable[[Account, Submission, float], Awaitable[Accepted]]
    parts: KeptParts
    marks: Marks
    clock: Clock
    chance: Callable[[], float]
    metrics: Metrics
    desks: dict[str, Desk] = attrs.field(factory=dict, init=False)
    _returns: Returns = attrs.field(init=False)
    _outwards: Outwards = attrs.field(init=False)
    _ports: list[IListeningPort] = attrs.field(factory=list, init=False)
    _tasks: Tasks = attrs.field(factory=Tasks, init=False)

    def __attrs_post_init__(self) -> None:
        intake = Intake(self.accept, self.parts)
        for server in self.servers:
            self.desks[server.protocol] = Desk(
                server.protocol,
                self.directory,
                intake,
                self.clock,
                self.metrics,
                server.gateway,
            )
        self._outwards = Outwards(self.desks, self.chance)
        self._returns = Returns(
            self.desks, self.marks, self.clock, self.chance, self.metrics
        )

    async def open(self, reactor: Any) -> list[int]:
        """
        Listen; the ports' numbers, in the order of the settings.
        """
        numbers = []
        self._outwards.open(reactor)
        self._outwards.follow(self.directory())
        for server in self.servers:
            factory = GuestFactory(self.desks[server.protocol], reactor)
            for place in server.listen:
                endpoint = serverFromString(reactor, str(place))
                port = await endpoint.listen(factory)
                self._ports.append(port)
                numbers.append(getattr(port.getHost(), "port", 0))
        if self.servers:
            partials = Partials(self.parts, self._desk_of, self.clock)
            self._tasks.spawn("partials", partials.run())
        return numbers

    def follow(self, directory: Directory) -> None:
        """
        A newer directory: who may stay, who is given what.
        """
        self._returns.follow(directory)
        self._outwards.follow(directory)
        for desk in self.desks.values():
            for guest in list(desk.guests):
                peer = directory.peers.get(guest.login_name)
                if guest.login_name and not (peer and peer.active):
                    guest.close()

    def _desk_of(self, login: str) -> Desk | None:
        peer = self.directory().peers.get(login)
        return self.desks.get(peer.protocol) if peer else None

    async def stop(self) -> None:
        """
        No new guests; those that are here are seen to the door.
        """
        ports, self._ports = self._ports, []
        for port in ports:
            closed = port.stopListening()
            if closed is not None:
                await closed
        await self._returns.stop()
        await self._outwards.stop()
        await self._tasks.stop()
        for desk in self.desks.values():
            for guest in list(desk.guests):
                guest.close(drain=0.0)
