"""
The carrier's side of a socket, which can be told to behave badly.
"""

from collections.abc import Callable, Iterable
from typing import Any

from twisted.internet.interfaces import (
    IAddress,
    IDelayedCall,
    IReactorTime,
    ITransport,
)
from zope.interface import implementer

from smsgw.simulator.faults import Faults

__all__ = ["Wire"]

TAIL = 5  # less than any PDU: what is cut off is inside of the last one
NEXT = 0.0  # an octet's turn is the reactor's next


@implementer(ITransport)
class Wire:
    """
    A transport around another one. C{before} runs before each write.
    """

    def __init__(
        self,
        transport: Any,
        clock: IReactorTime,
        faults: Faults,
        before: Callable[[], None],
    ) -> None:
        self.transport = transport
        self._clock = clock
        self._faults = faults
        self._before = before
        self._kept = bytearray()
        self._timer: IDelayedCall | None = None
        self._closing = False
        self._broken = False

    def write(self, data: bytes) -> None:
        """
        All at once, unless a fault says otherwise; nothing once it broke off.
        """
        self._before()
        faults = self._faults
        if self._broken:
            return
        if faults.calm and not self._kept:
            self.transport.write(data)
        elif faults.mute or self._closing:
            return
        elif self._kept or faults.bytewise or faults.glue:
            self._keep(data)
        elif faults.cut and len(data) > TAIL and faults.use("cut"):
            self._broken = True
            self.transport.write(data[:-TAIL])
            self.transport.loseConnection()
        else:
            self.transport.write(data)

    def _keep(self, data: bytes) -> None:
        self._kept += data
        if self._timer is None:
            self._timer = self._clock.callLater(self._faults.glue, self._go_on)

    def _go_on(self) -> None:
        self._timer = None
        faults = self._faults
        size = 1 if faults.bytewise else len(self._kept)
        piece, self._kept = bytes(self._kept[:size]), self._kept[size:]
        self.transport.write(piece)
        if self._kept:
            self._timer = self._clock.callLater(NEXT, self._go_on)
        elif self._closing:
            self.transport.loseConnection()

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """
        As one.
        """
        self.write(b"".join(data))

    def loseConnection(self) -> None:
        """
        When all is written.
        """
        self._closing = True
        if not self._kept:
            self.transport.loseConnection()

    def abortConnection(self) -> None:
        """
        Now.
        """
        self.stop()
        self.transport.abortConnection()

    def stop(self) -> None:
        """
        The connection is gone.
        """
        self._kept.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def pauseProducing(self) -> None:
        """
        Read nothing.
        """
        self.transport.pauseProducing()

    def resumeProducing(self) -> None:
        """
        Read again.
        """
        self.transport.resumeProducing()

    def getPeer(self) -> IAddress:
        """
        The client's address.
        """
        peer: IAddress = self.transport.getPeer()
        return peer

    def getHost(self) -> IAddress:
        """
        Ours.
        """
        host: IAddress = self.transport.getHost()
        return host
