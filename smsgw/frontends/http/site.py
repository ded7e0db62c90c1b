"""
The web site under the door: bodies in memory and bounded, forms left alone.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from io import BytesIO
from typing import Any

from twisted.internet.interfaces import IAddress, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.iweb import IRequest
from twisted.web.resource import IResource
from twisted.web.server import Request, Site

from smsgw.frontends.http.call import Answer
from smsgw.frontends.http.swift import Asked, Swift

__all__ = ["BoundedRequest", "front_site", "is_too_large"]

Serve = Callable[[Asked, str], Awaitable[Answer]]

# Who sends this many times the bound, unread, is cut off.
PATIENCE = 4
# So many connections of one address at once; a proxy's too.
EACH = 1000


class BoundedRequest(Request):
    """
    A request whose body is kept up to the site's bound; what is above is let go.
    """

    channel: Any
    content: Any
    too_large = False
    _received = 0

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
            self.content.write(data)
            return
        self.too_large = True
        self.content = BytesIO()
        if self._received > PATIENCE * bound:
            self.channel.forceAbortClient()


class BoundedSite(Site):
    """
    A site that knows the bounds; it keeps no access log of its own.
    """

    body_bytes = 0
    each = EACH
    serve: Serve | None = None
    errors = Logger()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._held: Counter[str] = Counter()
        self._told: set[str] = set()

    def buildProtocol(self, addr: IAddress | None) -> Any:
        """
        A connection; C{None}, which closes it, when its address has enough.
        """
        host = getattr(addr, "host", "")
        if not host:
            return self._protocol(addr)
        if self._held[host] >= self.each:
            self._tell(host)
            return None
        channel: Any = self._protocol(addr)
        end = channel.connectionLost

        def lost(reason: Failure) -> None:
            self._leave(host)
            end(reason)

        self._held[host] += 1
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
        return Swift(self.serve, behind, self.body_bytes, self.timeOut, clock)

    def _leave(self, host: str) -> None:
        self._held[host] -= 1
        if not self._held[host]:
            del self._held[host]
            self._told.discard(host)

    def _tell(self, host: str) -> None:
        """
        One line, until all of its connections have gone.
        """
        if host not in self._told:
            self._told.add(host)
            self.errors.warn(
                "{host} has {count} connections, more are closed",
                host=host,
                count=self.each,
            )

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
) -> Site:
    """
    A site for a door's resource; C{serve} answers what may take the short way.
    """
    site = BoundedSite(
        resource,
        BoundedRequest,
        parsePOSTFormSubmission=False,
        timeout=idle_seconds,
        reactor=reactor,
    )
    site.body_bytes = body_bytes
    site.each = each
    site.serve = serve
    site.displayTracebacks = False
    return site
