"""
What failed is told apart: not sent, or perhaps taken.
"""

import datetime
from ipaddress import IPv4Address
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from OpenSSL import SSL
from twisted.internet import reactor
from twisted.internet.interfaces import IOpenSSLContextFactory, IReactorTCP
from twisted.trial.unittest import TestCase
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Site
from twisted.web.server import Request as Came
from zope.interface import implementer

from smsgw.channels.vendor.asking import Request
from smsgw.channels.vendor.wire import NotSent, Unanswered, Wire


class Place(Resource):
    """
    Does as its path says.
    """

    def __init__(self) -> None:
        super().__init__()
        self.isLeaf = True
        self.came: list[bytes] = []

    def render(self, request: Came) -> Any:
        """
        C{/cut}, C{/silent}, C{/half}, C{/large}, C{/once} or an echo.
        """
        self.came.append(request.uri)
        if request.path == b"/cut" or (request.path == b"/once" and self.came[1:]):
            request.transport.abortConnection()
            return NOT_DONE_YET
        if request.path == b"/silent":
            request.notifyFinish().addErrback(lambda _: None)
            return NOT_DONE_YET
        if request.path == b"/half":
            request.setHeader("Content-Length", "100")
            request.write(b"half")
            request.transport.loseConnection()
            return NOT_DONE_YET
        if request.path == b"/large":
            return b"x" * 200_000
        request.setHeader("X-Method", request.method)
        return request.content.read() + (request.getHeader("X-A") or "").encode()


@pytest.mark.real
class WireTests(TestCase):
    """
    Over loopback.
    """

    def setUp(self) -> None:
        """
        A server, and a wire to it.
        """
        self.place = Place()
        net: Any = IReactorTCP(reactor)
        self.port = net.listenTCP(0, Site(self.place), interface="127.0.0.1")
        self.addCleanup(self.port.stopListening)
        self.wire = Wire.over(reactor, 2, 1.0, 5.0)
        self.addCleanup(self.wire.close)

    def request(self, path: str, method: str = "POST", body: bytes = b"b") -> Request:
        """
        A request to the server.
        """
        url = f"http://127.0.0.1:{self.port.getHost().port}{path}"
        return Request(method, url, {"X-A": "中"}, body)

    async def test_answer(self) -> None:
        """
        Octet for octet; the URL goes as it is.
        """
        response = await self.wire.ask(self.request("/a%2Bb?c=%20+%2b", body=b"\xff"))
        self.assertEqual(b"\xff\xe4\xb8\xad", response.body)
        self.assertEqual(("POST", 200), (response.headers["x-method"], response.status))
        self.assertEqual([b"/a%2Bb?c=%20+%2b"], self.place.came)

    async def test_perhaps_taken(self) -> None:
        """
        Cut, silent, or half an answer.
        """
        for path in ("/cut", "/silent", "/half"):
            with self.assertRaises(Unanswered):
                await self.wire.ask(self.request(path))
        self.assertEqual(3, len(self.place.came))

    async def test_never_twice_by_itself(self) -> None:
        """
        A GET whose kept connection ends is not repeated: it may send a message.
        """
        await self.wire.ask(self.request("/once", "GET", b""))
        with self.assertRaises(Unanswered):
            await self.wire.ask(self.request("/once", "GET", b""))
        self.assertEqual(2, len(self.place.came))

    async def test_too_large(self) -> None:
        """
        No answer fills the memory.
        """
        self.wire._largest = 100_000
        with self.assertRaises(Unanswered):
            await self.wire.ask(self.request("/large"))

    async def test_not_sent(self) -> None:
        """
        Nobody listens, the name is unknown, the scheme is none.
        """
        number = self.port.getHost().port
        await self.port.stopListening()
        for url in (f"http://127.0.0.1:{number}/", "ftp://127.0.0.1/"):
            with self.assertRaises(NotSent):
                await self.wire.ask(Request("POST", url, {}, b"b"))

    async def test_a_stranger(self) -> None:
        """
        A certificate that nobody vouches for: nothing is told to it.
        """
        net: Any = reactor
        port = net.listenSSL(0, Site(self.place), Stranger(), interface="127.0.0.1")
        self.addCleanup(port.stopListening)
        url = f"https://127.0.0.1:{port.getHost().port}/"
        with self.assertRaises(NotSent):
            await self.wire.ask(Request("POST", url, {}, b"b"))
        self.assertEqual([], self.place.came)


@implementer(IOpenSSLContextFactory)
class Stranger:
    """
    A server's end of TLS with a key and its own word for it.
    """

    def getContext(self) -> SSL.Context:
        """
        What listenSSL asks for.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stranger")])
        begin = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
        place = x509.IPAddress(IPv4Address("127.0.0.1"))
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(begin)
            .not_valid_after(begin + datetime.timedelta(days=36500))
            .add_extension(x509.SubjectAlternativeName([place]), critical=False)
            .sign(key, hashes.SHA256())
        )
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        context.use_privatekey(key)
        context.use_certificate(made)
        return context
