"""
The web site under the door: bodies in memory and bounded, forms left alone.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from io import BytesIO
from typing import Any

from twisted.internet.interfaces import IAddress, IReactorTime
from twisted.python.failure import Failure
from twisted.web.iweb import IRequest
from twisted.web.resource import IResource
from twisted.web.server import Request, Site

from smsgw.frontends.http.call import Answer
from smsgw.frontends.http.hall import BODIES, EACH, MOST, Hall
from smsgw.frontends.http.swift import Asked, Swift

__all__ = ["BoundedRequest", "front_site", "is_too_large"]

Serve = Callable[[Asked, str], Awaitable[Answer]]

# Who sends this many times the bound, unread, is cut off.
PATIENCE = 4


class BoundedRequest(Request):
    """
    A request whose body is kept up to the site's bound; what is above is let go.
    """

    channel: Any
    content: Any
    too_large = False
    _received = 0
    _weight = 0

    def gotLength(self, length: int | None) -> None:
        """
        Twisted would use a temporary file from 100,000 octets on.
        """
        self.content = BytesIO()
        self.too_large = (length or 0) > self.channel.site.body_bytes

    def handleContentChunk(self, data: bytes) -> None:
        self._received += len(data)
        bound = self.channel.site.body_bytes
        if self._received <= bound and not self.too_large:
            self._weight += len(data)
            if not self.channel.site.hall.weigh(len(data)):
                self.channel.forceAbortClient()
                return
            self.content.write(data)
            return
        self.too_large = True
        self.content = BytesIO()
        if self._received > PATIENCE * bound:
            self.channel.forceAbortClient()

    def finish(self) -> None:
        """
        Answered: its body is let go.
        """
        self._lighten()
        super().finish()

    def connectionLost(self, reason: Failure) -> None:
        """
        It will not be answered.
        """
        self._lighten()
        super().connectionLost(reason)

    def _lighten(self) -> None:
        weight, self._weight = self._weight, 0
        if weight:
            self.channel.site.hall.weigh(-weight)


class BoundedSite(Site):
    """
    A site that knows the bounds; it keeps no access log of its own.
    """

    body_bytes = 0
    hall: Hall
    serve: Serve | None = None

    def buildProtocol(self, addr: IAddress | None) -> Any:
        """
        A connection; C{None}, which closes it, when there are enough.
        """
        host = getattr(addr, "host", "")
        if not self.hall.enter(host):
            return None
        channel: Any = self._protocol(addr)
        end = channel.connectionLost

        def lost(reason: Failure) -> None:
            self.hall.leave(host)
            end(reason)

        channel.connectionLost = lost
        return channel

    def _protocol(self, addr: IAddress | None) -> Any:
        """
        The short way where there is one, with the long way behind it.
        """
        if self.serve is None:
            return super().buildProtocol(addr)
        behind = partial(super().buildProtocol, addr)
        clock: Any = self.reactor
        most, seconds = self.body_bytes, self.timeOut
        return Swift(self.serve, behind, most, seconds, clock, self.hall)

    def log(self, request: Any) -> None:
        """
        Requests are counted, not written down.
        """


def is_too_large(request: IRequest) -> bool:
    """
    Whether the body was above the bound.
    """
    return bool(getattr(request, "too_large", False))


def front_site(
    resource: IResource,
    reactor: IReactorTime,
    body_bytes: int,
    idle_seconds: float,
    each: int = EACH,
    serve: Serve | None = None,
    most: int = MOST,
) -> Site:
    """
    A site for a door's resource; C{serve} answers what may take the short way. It has
    C{most} connections, and C{each} of one address.
    """
    site = BoundedSite(
        resource,
        BoundedRequest,
        parsePOSTFormSubmission=False,
        timeout=idle_seconds,
        reactor=reactor,
    )
    site.body_bytes = body_bytes
    site.hall = Hall(each, most, BODIES * body_bytes)
    site.serve = serve
    site.displayTracebacks = False
    return site
