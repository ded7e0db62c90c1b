"""
The wire to a vendor: one request, one answer, never a silent second try.

What failed is told apart: not sent for certain, or perhaps taken.
"""

from collections.abc import Iterable
from typing import Any

import attrs
from OpenSSL import SSL
from service_identity import VerificationError
from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.error import ConnectError, ConnectionClosed, DNSLookupError
from twisted.internet.protocol import Protocol
from twisted.python.failure import Failure
from twisted.web.client import (
    Agent,
    HTTPConnectionPool,
    PartialDownloadError,
    RequestTransmissionFailed,
    ResponseDone,
    ResponseFailed,
)
from twisted.web.error import SchemeNotSupported
from twisted.web.http_headers import Headers
from twisted.web.iweb import IAgent

from smsgw.channels.vendor.asking import Request
from smsgw.outgoing import Response, WholeBody

__all__ = ["LARGEST", "NotSent", "Unanswered", "Wire"]

LARGEST = 4 * 1024 * 1024
CONNECT = 5.0
_UNREACHED = (ConnectError, DNSLookupError, SchemeNotSupported)
_BROKEN = (
    ConnectionClosed,
    PartialDownloadError,
    RequestTransmissionFailed,
    ResponseFailed,
    TimeoutError,
)


class NotSent(Exception):
    """
    The vendor cannot have seen the request.
    """


class Unanswered(Exception):
    """
    The vendor may have acted on the request; nothing was heard.
    """


class _Body(Protocol):
    """
    Keeps an answer's octets, up to a bound.
    """

    def __init__(self, largest: int) -> None:
        self.read: Deferred[bytes] = Deferred(lambda _: self._let_go())
        self._octets: list[bytes] = []
        self._left = largest

    def _let_go(self) -> None:
        transport: Any = self.transport
        if transport is not None:
            transport.loseConnection()

    def dataReceived(self, data: bytes) -> None:
        if self.read.called:
            return
        self._left -= len(data)
        self._octets.append(data)
        if self._left < 0:
            self.read.errback(ResponseFailed([Failure(ValueError("too large"))]))
            self._let_go()

    def connectionLost(self, reason: Failure = Failure(ResponseDone())) -> None:  # noqa: B008
        if self.read.called:
            return
        if reason.check(ResponseDone):
            self.read.callback(b"".join(self._octets))
        else:
            self.read.errback(reason)


@attrs.define(eq=False)
class Wire:
    """
    Requests over persistent connections. C{reactor} times them.
    """

    _agent: IAgent
    _reactor: Any
    _seconds: float
    _pool: HTTPConnectionPool | None = None
    _largest: int = LARGEST

    @classmethod
    def over(
        cls, reactor: Any, connections: int, seconds: float, idle: float
    ) -> "Wire":
        """
        At most so many idle connections, each for C{idle} seconds.

        Twisted would ask again by itself when a connection ends: never here, a
        GET may send a message.
        """
        pool = HTTPConnectionPool(reactor, persistent=idle > 0.0)
        pool.maxPersistentPerHost = connections
        pool.cachedConnectionTimeout = idle  # type: ignore[assignment]  # callLater takes it
        pool.retryAutomatically = False
        agent = Agent(reactor, connectTimeout=min(CONNECT, seconds / 2), pool=pool)
        return cls(agent, reactor, seconds, pool)

    async def ask(self, request: Request) -> Response:
        """
        The answer; redirects are not followed. L{NotSent} or L{Unanswered}.
        """
        headers = Headers({name: [one] for name, one in request.headers.items()})
        body = WholeBody(request.body) if request.body else None
        keeper = _Body(self._largest)
        method, url = request.method.encode(), request.url.encode()
        try:
            asked: Any = self._agent.request(method, url, headers, body)
            response = await asked.addTimeout(self._seconds, self._reactor)
            response.deliverBody(keeper)
            octets = await keeper.read.addTimeout(self._seconds, self._reactor)
        except _UNREACHED as error:
            raise NotSent(type(error).__name__) from error
        except _BROKEN as error:
            if _refused_by_us(getattr(error, "reasons", ())):
                raise NotSent("the certificate does not fit") from error
            raise Unanswered(type(error).__name__) from error
        told = {
            name.decode("latin-1").lower(): values[-1].decode("latin-1")
            for name, values in response.headers.getAllRawHeaders()
        }
        return Response(response.code, told, octets)

    async def close(self) -> None:
        """
        Give up idle connections.
        """
        if self._pool is not None:
            await self._pool.closeCachedConnections()


def _refused_by_us(reasons: Iterable[Failure]) -> bool:
    """
    TLS ended before the request was readable: the vendor is not who it should be.
    """
    return any(
        reason.check(VerificationError)
        or (reason.check(SSL.Error) and "certificate verify" in str(reason.value))
        for reason in reasons
    )
