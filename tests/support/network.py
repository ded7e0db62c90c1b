"""
A network in memory: each write arrives by itself, when the clock turns.
"""

from collections.abc import Callable
from typing import Any

import attrs
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import (
    ConnectionDone,
    ConnectionLost,
    ConnectionRefusedError,
)
from twisted.internet.interfaces import IPushProducer, IStreamClientEndpoint, ITransport
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from zope.interface import implementer

__all__ = ["Network", "Pipe"]


@attrs.frozen
class Address:
    """
    Who is at an end.
    """

    host: str = "127.0.0.1"
    port: int = 1


@implementer(ITransport, IPushProducer)
@attrs.define(eq=False)
class Pipe:
    """
    One end of a connection.
    """

    clock: Clock
    protocol: Any = None
    other: "Pipe | None" = None
    open: bool = True
    paused: bool = False
    waiting: list[bytes] = attrs.field(factory=list)

    def write(self, data: bytes) -> None:
        if self.open and self.other is not None:
            self.clock.callLater(0.0, self.other.arrive, bytes(data))

    def writeSequence(self, data: Any) -> None:
        self.write(b"".join(data))

    def arrive(self, data: bytes) -> None:
        """
        What the other end wrote.
        """
        if self.paused:
            self.waiting.append(data)
        elif self.open:
            self.protocol.dataReceived(data)

    def loseConnection(self) -> None:
        self._end(ConnectionDone())

    def abortConnection(self) -> None:
        self._end(ConnectionLost())

    def _end(self, reason: Exception) -> None:
        if self.open:
            self.clock.callLater(0.0, self.lost, reason)
            if self.other is not None:
                self.clock.callLater(0.0, self.other.lost, reason)

    def lost(self, reason: Exception) -> None:
        """
        The connection ends here.
        """
        if self.open:
            self.open = False
            self.protocol.connectionLost(Failure(reason))

    def pauseProducing(self) -> None:
        self.paused = True

    def resumeProducing(self) -> None:
        self.paused = False
        waiting, self.waiting = self.waiting, []
        for data in waiting:
            self.arrive(data)

    def stopProducing(self) -> None:
        self.loseConnection()

    def getPeer(self) -> Address:
        return Address()

    def getHost(self) -> Address:
        return Address()


@implementer(IStreamClientEndpoint)
@attrs.define(eq=False)
class _Dialer:
    """
    An endpoint of one place.
    """

    network: "Network"
    place: str

    def connect(self, factory: Any) -> "Deferred[Any]":
        made = self.network.places.get(self.place)
        if made is None:
            return fail(ConnectionRefusedError())
        factory.doStart()
        client = factory.buildProtocol(Address())
        self.network.join(made(), client)
        return succeed(client)


@attrs.define(eq=False)
class Network:
    """
    Places where somebody listens; C{places} make the server's protocol.
    """

    clock: Clock
    places: dict[str, Callable[[], Any]] = attrs.field(factory=dict)

    def dial(self, place: str) -> Any:
        """
        The endpoint of a place.
        """
        return _Dialer(self, place)

    def join(self, server: Any, client: Any) -> tuple[Pipe, Pipe]:
        """
        Connect two protocols.
        """
        one, other = Pipe(self.clock, server), Pipe(self.clock, client)
        one.other, other.other = other, one
        server.makeConnection(one)
        client.makeConnection(other)
        return one, other
