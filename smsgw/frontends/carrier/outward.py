"""
Connections that we make to systems, to deliver: SGIP's second direction.

A system whose C{deliver_to} setting names an endpoint is delivered to there, and
nowhere else; C{deliver_login} is the name we come with (default: its own).
"""

from collections.abc import Callable
from typing import Any

import attrs
from twisted.application.internet import ClientService, backoffPolicy
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import clientFromString
from twisted.internet.protocol import Factory

from smsgw.directory import Directory, Peer
from smsgw.frontends.carrier.desk import Desk
from smsgw.frontends.carrier.guest import Guest
from smsgw.tasks import spawn

__all__ = ["Outwards"]

FIRST, LAST = 1.0, 60.0


@attrs.define(eq=False)
class Outwards:
    """
    One connection for each system that wants to be called on.
    """

    desks: dict[str, Desk]
    chance: Callable[[], float]
    _reactor: Any = attrs.field(default=None, init=False)
    _services: dict[str, tuple[Peer, ClientService]] = attrs.field(
        factory=dict, init=False
    )

    def open(self, reactor: Any) -> None:
        """
        From now on connections may be made.
        """
        self._reactor = reactor

    def follow(self, directory: Directory) -> None:
        """
        Begin, end and replace connections as a newer directory says.
        """
        wanted = {
            peer.id: peer
            for peer in directory.peers.values()
            if peer.active and peer.protocol in self.desks and peer.deliver_to
        }
        for login, (peer, service) in list(self._services.items()):
            if wanted.get(login) != peer:
                del self._services[login]
                spawn(f"outward to {login} ends", _end(service))
        for login, peer in wanted.items():
            if login not in self._services and self._reactor is not None:
                self._services[login] = peer, self._serve(peer)

    def _serve(self, peer: Peer) -> ClientService:
        desk = self.desks[peer.protocol]

        def connection() -> Guest:
            return desk.outward(peer, self._reactor)

        service = ClientService(
            clientFromString(self._reactor, peer.deliver_to),
            Factory.forProtocol(connection),
            retryPolicy=backoffPolicy(FIRST, LAST, jitter=self.chance),
            clock=self._reactor,
        )
        service.startService()
        return service

    async def stop(self) -> None:
        """
        End all of them.
        """
        services, self._services = self._services, {}
        for _, service in services.values():
            await _end(service)


async def _end(service: ClientService) -> None:
    ending: Deferred[Any] | None = service.stopService()
    if ending is not None:
        await ending
