"""
The short way, and when it is not taken.
"""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from smsgw.frontends.http.call import Answer
from smsgw.frontends.http.swift import HEAD, Asked, Swift, read_head
from tests.frontends.http.test_site import Transport

HEADERS = "Host: x\r\nContent-Type: application/json\r\n"


def post(body: bytes, target: str = "/v1/messages", more: str = "") -> bytes:
    """
    A request of the plainest form, or nearly.
    """
    head = f"POST {target} HTTP/1.1\r\n{HEADERS}{more}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Long:
    """
    Who takes the rest: keeps what it is given.
    """

    def __init__(self) -> None:
        self.data = b""
        self.lost = False

    def makeConnection(self, transport: Any) -> None:
        """
        Nothing to say.
        """

    def dataReceived(self, data: bytes) -> None:
        """
        Keep it.
        """
        self.data += data

    def connectionLost(self, reason: Failure) -> None:
        """
        Note it.
        """
        self.lost = True


class Line:
    """
    A connection and both of its ways.
    """

    def __init__(self, wait: bool = False) -> None:
        self.served: list[Asked] = []
        self.held: list[Deferred[None]] = []
        self.wait = wait
        self.long = Long()
        self.clock = Clock()
        self.transport = Transport()
        self.swift = Swift(self.serve, lambda: self.long, 1000, 60, self.clock)
        self.swift.makeConnection(self.transport)

    async def serve(self, asked: Asked, peer: str) -> Answer:
        """
        An answer that repeats the body.
        """
        self.served.append(asked)
        if self.wait:
            self.held.append(Deferred())
            await self.held[-1]
        headers = {"Content-Length": str(len(asked.body))}
        return Answer(202, asked.body, headers)

    def answers(self) -> list[bytes]:
        """
        The bodies of what was answered.
        """
        return [one[4:] for one in _split(self.transport.value())]


def _split(octets: bytes) -> list[bytes]:
    found = octets.split(b"HTTP/1.1 202 Accepted\r\n")[1:]
    return [one[one.index(b"\r\n\r\n") :] for one in found]


@given(st.lists(st.binary(max_size=300), max_size=5), st.integers(1, 400))
def test_any_pieces(bodies: list[bytes], size: int) -> None:
    """
    Requests one after the other, cut anywhere, are answered in their order.
    """
    line = Line()
    octets = b"".join(post(body) for body in bodies)
    for at in range(0, len(octets), size):
        line.swift.dataReceived(octets[at : at + size])
    assert bodies == [one.body for one in line.served]
    assert bodies == line.answers()
    assert b"" == line.long.data


def test_what_a_handler_sees() -> None:
    """
    Path, headers whatever their case, body.
    """
    line = Line()
    line.swift.dataReceived(post(b"{}", "/v1/messages/batch", "X-App-Id: his\r\n"))
    (asked,) = line.served
    assert b"/v1/messages/batch" == asked.target
    assert ("his", "his", "") == tuple(
        map(asked.header, ("X-App-Id", "x-app-id", "No"))
    )


@pytest.mark.parametrize(
    "octets",
    [
        b"GET /v1/messages HTTP/1.1\r\nHost: x\r\n\r\n",
        post(b"{}", "/v1/messages/preview"),
        post(b"{}", "/v1/messages?x=1"),
        post(b"{}", more="Expect: 100-continue\r\n"),
        post(b"{}", more="Transfer-Encoding: chunked\r\n"),
        post(b"{}", more="Connection: close\r\n"),
        post(b"{}", more="Content-Length: 3\r\n"),
        post(b"{}", more="Upgrade: h2c\r\nConnection: Upgrade\r\n"),
        post(b"{}").replace(b"HTTP/1.1", b"HTTP/1.0"),
        post(b"{}").replace(b"Content-Length: 2", b"Content-Length: +2"),
        post(b"{}").replace(b"Content-Length: 2", b"Content-Length: 9999999999999"),
        post(b"x" * 1001),
        b"POST /v1/messages HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /v1/messages \x00\r\n\r\n",
        b"POST /v1/messages HTTP/1.1\r\nX: " + b"x" * HEAD,
        b"garbage",
    ],
)
def test_the_long_way(octets: bytes) -> None:
    """
    What is not of the plainest form goes on as it came, and all after it.
    """
    line = Line()
    line.swift.dataReceived(post(b"first") + octets)
    line.swift.dataReceived(b"more")
    assert [b"first"] == [one.body for one in line.served]
    assert octets + b"more" == line.long.data
    line.swift.connectionLost(Failure(ConnectionDone()))
    assert line.long.lost


def test_one_at_a_time() -> None:
    """
    The next request waits for the answer before it; too much of it is cut off.
    """
    line = Line(wait=True)
    line.swift.dataReceived(post(b"one") + post(b"two"))
    assert [b"one"] == [one.body for one in line.served]
    line.held[0].callback(None)
    assert [b"one", b"two"] == [one.body for one in line.served]
    assert [b"one"] == line.answers()
    line.swift.dataReceived(b"x" * 2001)
    assert line.transport.disconnected


def test_who_is_silent_is_cut_off() -> None:
    """
    Before a request and within one; not while its answer is being made.
    """
    line = Line(wait=True)
    line.clock.advance(59)
    line.swift.dataReceived(post(b"one"))
    line.clock.advance(600)
    assert not line.transport.disconnecting
    line.held[0].callback(None)
    line.swift.dataReceived(b"POST /v1")
    line.clock.advance(61)
    assert line.transport.disconnecting


def test_a_caller_who_has_gone() -> None:
    """
    What is under way ends quietly.
    """
    line = Line(wait=True)
    line.swift.dataReceived(post(b"one"))
    line.swift.connectionLost(Failure(ConnectionDone()))
    assert b"" == line.transport.value()


@given(st.binary(max_size=200))
def test_any_head(octets: bytes) -> None:
    """
    Nothing but a head or nothing comes of any octets.
    """
    asked = read_head(octets + b"\r\n\r\n")
    assert asked is None or asked.complete


def test_an_answer_on_the_wire() -> None:
    """
    Status, headers, body; nothing else.
    """
    line = Line()
    line.swift.dataReceived(post(msgspec.json.encode({"to": "1"})))
    assert line.transport.value() == (
        b'HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\n\r\n{"to":"1"}'
    )
