"""
Tests of the site under the door.
"""

import time
from typing import Any

import pytest
from twisted.internet import reactor
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.logger import capturedLogs
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase, TestCase

from smsgw.client import GatewayClient
from smsgw.frontends.http.site import front_site
from tests.support.doors import SECRET, Front

BOUND = 200_000


def talk(octets: bytes, pieces: int = 1 << 16, short: bool = False) -> "Transport":
    """
    Send octets over one connection; what comes back. C{short}: with the short way.
    """
    front = Front()
    serve = front.door.respond if short else None
    site = front_site(front.resource(), Clock(), BOUND, 60, serve=serve)
    channel: Any = site.buildProtocol(None)
    transport = Transport()
    channel.makeConnection(transport)
    for start in range(0, len(octets), pieces):
        if not transport.disconnected:
            channel.dataReceived(octets[start : start + pieces])
    return transport


class Transport(StringTransport):
    """
    One that can be aborted, and has no delays of its own.
    """

    def setTcpNoDelay(self, enabled: bool) -> None:
        """
        Nothing to do.
        """

    def abortConnection(self) -> None:
        """
        Close at once.
        """
        self.disconnected = True


def request(front: Front, body: bytes, key: str = "Accept: */*") -> bytes:
    """
    A signed send as octets.
    """
    headers = front.signed("POST", "/v1/messages", body)
    lines = [f"{name}: {value}" for name, value in headers.items()]
    lines += ["Host: x", key, f"Content-Length: {len(body)}"]
    return "\r\n".join(["POST /v1/messages HTTP/1.1", *lines, "", ""]).encode() + body


class SiteTests(SynchronousTestCase):
    """
    Bodies up to the bound, and above.
    """

    short = False

    def talk(self, octets: bytes, pieces: int = 1 << 16) -> "Transport":
        """
        See the function.
        """
        return talk(octets, pieces, self.short)

    def test_a_body_is_read_however_it_comes(self) -> None:
        """
        Whole or in small pieces, and beyond Twisted's 100,000 octets.
        """
        text = "x" * 150_000
        body = f'{{"to":"13800138000","text":"{text}"}}'.encode()
        for pieces in (1 << 20, 977):
            told = self.talk(request(Front(), body), pieces).value()

            self.assertIn(b"400 Bad Request", told)
            self.assertIn(b'"code":2005', told)

    def test_a_body_above_the_bound_is_refused(self) -> None:
        """
        413 with our code, before any signature is looked at.
        """
        told = self.talk(request(Front(), b"x" * (BOUND + 1))).value()

        self.assertIn(b"413 ", told.splitlines()[0])
        self.assertIn(b'"code":2010', told)
        self.assertIn("请求体过大".encode(), told)

    def test_a_chunked_body_above_the_bound_is_refused_too(self) -> None:
        """
        Also when no length is told before.
        """
        head = (
            b"POST /v1/messages HTTP/1.1\r\nHost: x\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        piece = b"%x\r\n" % 50_000 + b"x" * 50_000 + b"\r\n"

        told = self.talk(head + piece * 5 + b"0\r\n\r\n").value()

        self.assertIn(b'"code":2010', told)

    def test_a_flood_is_cut_off(self) -> None:
        """
        Who goes on far beyond the bound loses the connection.
        """
        transport = self.talk(request(Front(), b"x" * (6 * BOUND)))

        self.assertTrue(transport.disconnected)
        self.assertEqual(b"", transport.value())


class ShortSiteTests(SiteTests):
    """
    The same, with the short way open: nobody can tell.
    """

    short = True


class CrowdTests(SynchronousTestCase):
    """
    Many connections of one address.
    """

    def test_an_address_has_so_many_and_no_more(self) -> None:
        """
        Others are not disturbed; one that ends makes room for one.
        """
        here, there = (IPv4Address("TCP", f"10.0.0.{n}", 4000) for n in (1, 2))
        site = front_site(Front().resource(), Clock(), BOUND, 60, each=2)
        channels: list[Any] = [site.buildProtocol(here) for _ in range(4)]

        self.assertEqual([True, True, False, False], [bool(one) for one in channels])
        self.assertTrue(site.buildProtocol(there))
        self.assertTrue(all(site.buildProtocol(None) for _ in range(4)))
        channels[0].makeConnection(Transport())
        channels[0].connectionLost(Failure(ConnectionDone()))
        self.assertTrue(site.buildProtocol(here))
        self.assertFalse(site.buildProtocol(here))

    def test_a_door_has_so_many_and_no_more(self) -> None:
        """
        Of all addresses; over a unix socket, too.
        """
        site = front_site(Front().resource(), Clock(), BOUND, 60, most=3)
        hosts = [IPv4Address("TCP", f"10.0.0.{n}", 4000) for n in (1, 2)]
        told = [bool(site.buildProtocol(one)) for one in (*hosts, None, None)]
        self.assertEqual([True, True, True, False], told)

    def test_bodies_under_way_are_bounded(self) -> None:
        """
        Whose octets are too many for all is cut off; what was answered, or went,
        makes room.
        """
        for short in (False, True):
            front = Front()
            serve = front.door.respond if short else None
            site: Any = front_site(front.resource(), Clock(), BOUND, 60, serve=serve)
            site.hall.octets = 250_000
            text = "x" * 150_000
            octets = request(front, f'{{"to":"13800138000","text":"{text}"}}'.encode())
            ends = [Transport(), Transport()]
            pair: list[Any] = [site.buildProtocol(None) for _ in ends]
            for channel, end in zip(pair, ends, strict=True):
                channel.makeConnection(end)
                channel.dataReceived(octets[:-5])
            self.assertEqual([False, True], [one.disconnected for one in ends])
            pair[1].connectionLost(Failure(ConnectionDone()))
            pair[0].dataReceived(octets[-5:])
            self.assertIn(b"400 Bad Request", ends[0].value())
            self.assertEqual(0, site.hall.weight)

    def test_the_crowd_is_told_once(self) -> None:
        """
        One line, and another only after it went.
        """
        here = IPv4Address("TCP", "10.0.0.1", 4000)
        site: Any = front_site(Front().resource(), Clock(), BOUND, 60, each=1)
        with capturedLogs() as lines:
            for _ in range(2):
                channel: Any = site.buildProtocol(here)
                channel.makeConnection(Transport())
                self.assertEqual([None] * 3, [site.buildProtocol(here)] * 3)
                channel.connectionLost(Failure(ConnectionDone()))

        self.assertEqual(["10.0.0.1"] * 2, [line["host"] for line in lines])


class GoneTests(SynchronousTestCase):
    """
    A caller that does not wait for the answer.
    """

    short = False

    def test_what_was_begun_is_finished(self) -> None:
        """
        The put goes on, the key is free, nothing is logged.
        """
        front = Front()
        held: Deferred[None] = Deferred()
        front.shelf.held = held
        serve = front.door.respond if self.short else None
        site = front_site(front.resource(), Clock(), BOUND, 60, serve=serve)
        channel: Any = site.buildProtocol(None)
        channel.makeConnection(Transport())
        channel.dataReceived(
            request(front, b'{"to":"13800138000","text":"x"}', key="Idempotency-Key: k")
        )
        self.assertEqual({"his|POST|/v1/messages|k"}, front.door.messages.running)
        channel.connectionLost(Failure(ConnectionDone()))

        self.assertEqual(set(), front.door.messages.running)
        self.assertEqual([], self.flushLoggedErrors())


class ShortGoneTests(GoneTests):
    """
    The same, with the short way open.
    """

    short = True


@pytest.mark.real
class SocketTests(TestCase):
    """
    The door and the client over real sockets.
    """

    async def test_many_calls_share_connections(self) -> None:
        """
        Sends at once, one after the other, and a large one.
        """
        front = Front()
        front.wall.at = time.time()
        serve = front.door.respond
        site = front_site(front.resource(), reactor, 8 << 20, 60, serve=serve)
        port = reactor.listenTCP(0, site, interface="127.0.0.1")
        url = f"http://127.0.0.1:{port.getHost().port}"
        client = GatewayClient.over(reactor, url, "his", SECRET)
        try:
            self.assertTrue(await client.ready())
            body = {"to": "13800138000", "text": "你好"}
            sends = [Deferred.fromCoroutine(client.send(body)) for _ in range(20)]
            self.assertEqual([1] * 20, [(await one)["accepted"] for one in sends])
            numbers = [str(13_800_000_000 + n) for n in range(10_000)]
            told = await client.send({"to": numbers, "text": "你好"}, "k")
            self.assertEqual(10_000, len(told["items"]))
        finally:
            await client.close()
            await port.stopListening()


@pytest.mark.parametrize("garbage", [b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n"])
def test_garbage_is_a_bad_request(garbage: bytes) -> None:
    """
    Not HTTP: the connection ends.
    """
    assert talk(garbage).value().startswith((b"HTTP/1.1 400", b""))
