"""
Outgoing HTTP: pooled connections, bodies sent in one piece, one kind of failure.
"""

from collections.abc import Mapping
from typing import Any

import attrs
from hyperlink import URLParseError
from treq.client import HTTPClient
from twisted.internet.defer import Deferred, TimeoutError, succeed
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.internet.interfaces import IConsumer
from twisted.web.client import (
    Agent,
    HTTPConnectionPool,
    RequestTransmissionFailed,
    ResponseFailed,
)
from twisted.web.error import SchemeNotSupported
from twisted.web.http_headers import Headers
from twisted.web.iweb import IAgent, IBodyProducer
from zope.interface import implementer

from smsgw.errors import Unavailable

__all__ = ["Outgoing", "Response", "WholeBody"]

_BROKEN = (
    ConnectError,
    ConnectionClosed,
    RequestTransmissionFailed,
    ResponseFailed,
    SchemeNotSupported,
    TimeoutError,
    URLParseError,
)


@implementer(IBodyProducer)
class WholeBody:
    """
    Octets written at once: no cooperator, no global reactor.
    """

    def __init__(self, body: bytes) -> None:
        self.length = len(body)
        self._body = body

    def startProducing(self, consumer: IConsumer) -> "Deferred[None]":
        consumer.write(self._body)
        return succeed(None)

    def stopProducing(self) -> None: ...

    def pauseProducing(self) -> None: ...

    def resumeProducing(self) -> None: ...


@attrs.frozen
class Response:
    """
    An answer, wholly read. C{headers} have lower-case names.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


@attrs.define(eq=False)
class Outgoing:
    """
    Asks other servers; no answer within C{seconds} is L{Unavailable}.
    """

    _agent: IAgent
    _reactor: Any
    _seconds: float = 60.0
    _pool: HTTPConnectionPool | None = None
    _http: HTTPClient = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._http = HTTPClient(self._agent, data_to_body_producer=WholeBody)

    @classmethod
    def over(
        cls, reactor: Any, connections: int = 64, seconds: float = 60.0
    ) -> "Outgoing":
        """
        Over persistent connections, at most so many idle ones per host.
        """
        pool = HTTPConnectionPool(reactor, persistent=True)
        pool.maxPersistentPerHost = connections
        agent = Agent(reactor, connectTimeout=min(10.0, seconds), pool=pool)
        return cls(agent, reactor, seconds, pool)

    async def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Response:
        """
        One request, redirects not followed.
        """
        try:
            asked: Deferred[Any] = self._http.request(
                method,
                url,
                headers=Headers({name: [value] for name, value in headers.items()}),
                data=body or None,
                allow_redirects=False,
                reactor=self._reactor,
            )
            response = await asked.addTimeout(self._seconds, self._reactor)
            read: Deferred[bytes] = response.content()
            octets = await read.addTimeout(self._seconds, self._reactor)
        except _BROKEN as error:
            raise Unavailable(f"no answer: {type(error).__name__}") from error
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
