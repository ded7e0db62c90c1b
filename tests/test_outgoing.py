"""
Tests of outgoing HTTP.
"""

from typing import Any

from klein import Klein
from treq.testing import RequestTraversalAgent
from twisted.internet.defer import Deferred, fail
from twisted.internet.error import ConnectionRefusedError
from twisted.internet.task import Clock
from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.http_headers import Headers
from twisted.web.iweb import IAgent, IBodyProducer
from zope.interface import implementer
from zope.interface.verify import verifyObject

from smsgw.errors import Unavailable
from smsgw.outgoing import Outgoing, WholeBody


class Echo:
    """
    A server that gives back what it got.
    """

    app = Klein()

    @app.route("/echo", methods=["POST"])
    def echo(self, request: Any) -> bytes:
        """
        The body, backwards.
        """
        request.setHeader("X-Seen", request.getHeader("X-Told"))
        return bytes(reversed(request.content.read()))

    @app.route("/away")
    def away(self, request: Any) -> bytes:
        """
        Somewhere else.
        """
        request.redirect(b"/echo")
        return b""


@implementer(IAgent)
class Agent:
    """
    An agent whose answer is given.
    """

    def __init__(self, answer: "Deferred[Any]") -> None:
        self._answer = answer

    def request(
        self,
        method: bytes,
        uri: bytes,
        headers: Headers | None = None,
        bodyProducer: IBodyProducer | None = None,  # noqa: N803
    ) -> "Deferred[Any]":
        """
        The given one.
        """
        return self._answer


class OutgoingTests(SynchronousTestCase):
    """
    What was answered, or that nothing was.
    """

    def test_an_answer_is_read_whole(self) -> None:
        """
        Status, headers, body.
        """
        outgoing = Outgoing(RequestTraversalAgent(Echo().app.resource()), Clock())
        asked = Deferred.fromCoroutine(
            outgoing.ask("POST", "http://127.0.0.1/echo", {"X-Told": "a"}, b"abc")
        )
        told = self.successResultOf(asked)

        self.assertEqual(
            (200, "a", b"cba"), (told.status, told.headers["x-seen"], told.body)
        )

    def test_redirects_are_answers(self) -> None:
        """
        A signed request does not wander.
        """
        outgoing = Outgoing(RequestTraversalAgent(Echo().app.resource()), Clock())
        asked = Deferred.fromCoroutine(outgoing.ask("GET", "http://127.0.0.1/away", {}))

        self.assertEqual(302, self.successResultOf(asked).status)

    def test_no_connection_is_unavailable(self) -> None:
        """
        Whatever the network calls it.
        """
        outgoing = Outgoing(Agent(fail(ConnectionRefusedError())), Clock())
        asked = Deferred.fromCoroutine(outgoing.ask("GET", "http://127.0.0.1/", {}))

        self.assertIn(
            "ConnectionRefused", str(self.failureResultOf(asked, Unavailable))
        )

    def test_an_address_that_is_none_is_unavailable(self) -> None:
        """
        A mistake in a registered address is a failure to reach it.
        """
        for url in ("ftp://127.0.0.1/x", "http://[::1/x"):
            outgoing = Outgoing.over(MemoryReactorClock())
            asked = Deferred.fromCoroutine(outgoing.ask("GET", url, {}))
            self.failureResultOf(asked, Unavailable)

    def test_no_answer_in_time_is_unavailable(self) -> None:
        """
        The request is given up.
        """
        clock, given_up = Clock(), []
        silent: Deferred[Any] = Deferred(given_up.append)
        outgoing = Outgoing(Agent(silent), clock, 15.0)
        asked = Deferred.fromCoroutine(outgoing.ask("GET", "http://127.0.0.1/", {}))
        clock.advance(14)
        self.assertNoResult(asked)
        clock.advance(1)

        self.failureResultOf(asked, Unavailable)
        self.assertEqual([silent], given_up)

    def test_a_body_is_a_producer(self) -> None:
        """
        Of its length, all at once.
        """
        body = WholeBody(b"abc")
        body.pauseProducing()
        body.resumeProducing()
        body.stopProducing()

        self.assertTrue(verifyObject(IBodyProducer, body))
        self.assertEqual(3, body.length)

    def test_a_pool_is_given_up(self) -> None:
        """
        With or without one.
        """
        for one in (
            Outgoing.over(Clock()),
            Outgoing(Agent(Deferred()), Clock()),
        ):
            self.successResultOf(Deferred.fromCoroutine(one.close()))
