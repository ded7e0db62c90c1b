"""
The short way for the requests that come by the thousand: POST /v1/messages and
/v1/messages/batch, parsed by httptools and answered without a web framework.

Only the plainest form of a request goes this way: HTTP/1.1, a Content-Length, one
after the other. Anything else, and everything after it on its connection, is handed
to twisted.web with the octets as they came.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import attrs
from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from twisted.internet.protocol import Protocol, connectionDone
from twisted.protocols.policies import TimeoutMixin
from twisted.python.failure import Failure

from smsgw.frontends.http.call import Answer
from smsgw.frontends.http.hall import Hall
from smsgw.tasks import Task, spawn

__all__ = ["PATHS", "Asked", "Swift"]

PATHS = frozenset({b"/v1/messages", b"/v1/messages/batch"})
START = b"POST /v1/messages"
END = b"\r\n\r\n"
HEAD = 16_384
ODD = frozenset({b"transfer-encoding", b"expect", b"upgrade"})
_REASONS = {status.value: status.phrase for status in HTTPStatus}


@attrs.define(eq=False)
class Asked:
    """
    A request's head as httptools read it, then its body.

    C{fault} says that it is not of the plainest form.
    """

    target: bytes = b""
    headers: dict[bytes, bytes] = attrs.field(factory=dict)
    fault: bool = False
    complete: bool = False
    body: bytes = b""

    def on_url(self, url: bytes) -> None:
        self.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        self.fault = self.fault or name in self.headers or name in ODD
        self.headers[name] = value

    def on_headers_complete(self) -> None:
        self.complete = True

    def header(self, name: str) -> str:
        """
        A header's value, '' for none.
        """
        return self.headers.get(name.lower().encode(), b"").decode("latin-1")


def read_head(head: bytes) -> Asked | None:
    """
    A request's head, None for one that has to go the long way.
    """
    asked = Asked()
    parser = HttpRequestParser(asked)
    try:
        parser.feed_data(head)
        keeps = parser.should_keep_alive() and parser.get_http_version() == "1.1"
    except (HttpParserError, HttpParserUpgrade):
        return None
    plain = asked.complete and keeps and not asked.fault
    return asked if plain and _size(asked) >= 0 else None


def _size(asked: Asked) -> int:
    length = asked.headers.get(b"content-length", b"")
    return int(length) if length.isdigit() and len(length) < 10 else -1


class Swift(Protocol, TimeoutMixin):
    """
    One connection. C{serve} answers a request of the short way; C{others} makes
    the protocol that takes the rest. C{most} octets of a body are accepted.
    """

    def __init__(
        self,
        serve: Callable[[Asked, str], Awaitable[Answer]],
        others: Callable[[], Any],
        most: int,
        seconds: float | None,
        clock: Any,
        hall: Hall | None = None,
    ) -> None:
        self._serve = serve
        self._others = others
        self._most = most
        self._seconds = seconds
        self._buffer = b""
        self._busy = False
        self._task: Task | None = None
        self._other: Any = None
        self._clock = clock
        self._hall = hall
        self._weight = 0

    def callLater(self, period: float, func: Callable[[], None]) -> Any:
        """
        What the time-out runs on.
        """
        return self._clock.callLater(period, func)

    def connectionMade(self) -> None:
        """
        Somebody may speak; for so long.
        """
        self.setTimeout(self._seconds)

    def dataReceived(self, data: bytes) -> None:
        """
        Octets, for whoever serves this connection by now.
        """
        if self._other is not None:
            self._other.dataReceived(data)
            return
        self._buffer += data
        if len(self._buffer) > HEAD and not self._weigh(len(self._buffer)):
            self.transport.abortConnection()  # type: ignore[union-attr]
            return
        if self._busy:
            if len(self._buffer) > 2 * self._most:
                self.transport.abortConnection()  # type: ignore[union-attr]
            return
        self.resetTimeout()
        asked = self._take()
        if asked is not None:
            self._busy = True
            self._task = spawn("requests", self._answer(asked))

    def _weigh(self, octets: int) -> bool:
        """
        Large bodies are weighed with those of all others, until they are answered.
        """
        change, self._weight = octets - self._weight, octets
        return self._hall is None or self._hall.weigh(change)

    def _take(self) -> Asked | None:
        """
        The next request, if its octets are all there.
        """
        buffer = self._buffer
        if not buffer:
            return None
        if not buffer.startswith(START[: len(buffer)]):
            return self._hand_over()
        begin = buffer.find(END) + len(END)
        if begin < len(END):
            return self._hand_over() if len(buffer) > HEAD else None
        asked = read_head(buffer[:begin])
        if asked is None or asked.target not in PATHS:
            return self._hand_over()
        end = begin + _size(asked)
        if end - begin > self._most:
            return self._hand_over()
        if len(buffer) < end:
            return None
        asked.body, self._buffer = buffer[begin:end], buffer[end:]
        return asked

    async def _answer(self, asked: Asked | None) -> None:
        """
        One request after the other, as long as they are there.
        """
        peer: Any = self.transport.getPeer()  # type: ignore[union-attr]
        address = getattr(peer, "host", "")
        self.setTimeout(None)
        while asked is not None:
            self._write(await self._serve(asked, address))
            if self._weight:
                self._weigh(0)
            asked = self._take()
        self._busy = False
        if self._other is None:
            self.setTimeout(self._seconds)

    def _write(self, told: Answer) -> None:
        lines = [f"HTTP/1.1 {told.status} {_REASONS.get(told.status, '')}"]
        lines += [f"{name}: {value}" for name, value in told.headers.items()]
        head = "\r\n".join(lines).encode("latin-1", "replace")
        transport: Any = self.transport
        transport.write(head + END + told.body)

    def _hand_over(self) -> Asked | None:
        """
        From here on this connection is twisted.web's, with what is in the buffer.
        """
        self.setTimeout(None)
        self._other = self._others()
        self._other.makeConnection(self.transport)
        data, self._buffer = self._buffer, b""
        if self._weight:
            self._weigh(0)
        self._other.dataReceived(data)
        return None

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """
        The caller has gone; what it asked is done all the same, or not at all.
        """
        self.setTimeout(None)
        if self._weight:
            self._weigh(0)
        if self._other is not None:
            self._other.connectionLost(reason)
        elif self._task is not None:
            self._task.cancel()
