"""
The web site under the door: bodies in memory and bounded, forms left alone.
"""

from io import BytesIO
from typing import Any

from twisted.internet.interfaces import IReactorTime
from twisted.web.iweb import IRequest
from twisted.web.resource import IResource
from twisted.web.server import Request, Site

__all__ = ["BoundedRequest", "front_site", "is_too_large"]

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
    A site that knows the bound; it keeps no access log of its own.
    """

    body_bytes = 0

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
    resource: IResource, reactor: IReactorTime, body_bytes: int, idle_seconds: float
) -> Site:
    """
    A site for a door's resource.
    """
    site = BoundedSite(
        resource,
        BoundedRequest,
        parsePOSTFormSubmission=False,
        timeout=idle_seconds,
        reactor=reactor,
    )
    site.body_bytes = body_bytes
    site.displayTracebacks = False
    return site
