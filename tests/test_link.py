"""
The link: transport, timer and promises around a session.
"""

from typing import Any

from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from smsgw.errors import Unavailable
from smsgw.link import HURRY, Link
from smsgw.protocols.cmpp import V30, ConnectResp, SubmitResp
from smsgw.protocols.cmpp_rules import CMPP
from smsgw.protocols.events import Answered
from smsgw.protocols.rows import Pdu, WireError
from smsgw.protocols.session import Session
from tests.support.sessions import connect, deliver, submit


class CountingTransport(StringTransport):
    """
    A transport that counts writes.
    """

    writes = 0

    def write(self, data: bytes) -> None:
        """
        Count and keep.
        """
        self.writes += 1
        super().write(data)


class LinkTests(SynchronousTestCase):
    """
    One link, its peer played by hand.
    """

    def setUp(self) -> None:
        """
        A link that is connected.
        """
        self.clock = Clock()
        self.session = Session(CMPP, V30, idle=30, timeout=60, tries=1, misses=9)
        self.link = Link(self.session, self.clock, "hospital#1")
        self.told: list[tuple[Any, ...]] = []
        self.link.on_bound = lambda *a: self.told.append(("bound", a[0]))
        self.link.on_refused = lambda *a: self.told.append(("refused", *a))
        self.link.on_login = lambda *a: self.told.append(("login", *a))
        self.link.on_received = lambda *a: self.told.append(("received", *a))
        self.link.on_answered = lambda a: self.told.append(("answered", a))
        self.link.on_expired = lambda a: self.told.append(("expired", a))
        self.link.on_closed = lambda *a: self.told.append(("closed", *a))
        self.transport = CountingTransport()
        self.link.makeConnection(self.transport)

    def receive(self, pdu: Pdu, sequence: int) -> None:
        """
        The peer sends a PDU.
        """
        self.link.dataReceived(CMPP.encode(pdu, V30, sequence))

    def bind(self) -> None:
        """
        Log in and forget what was said so far.
        """
        self.link.login(connect())
        self.receive(ConnectResp(status=0, version=V30), 1)
        self.assertEqual([("bound", V30)], self.told)
        self.told.clear()
        self.transport.clear()
        self.transport.writes = 0

    def lose(self) -> None:
        """
        The transport goes away.
        """
        self.link.connectionLost(Failure(ConnectionDone()))

    def tearDown(self) -> None:
        """
        No timer is left behind by a link that is gone.
        """
        if not self.link.closed:
            self.lose()
        self.assertEqual([], self.clock.getDelayedCalls())

    def test_ask(self) -> None:
        """
        A promise is kept by the answer.
        """
        self.bind()
        promise = self.link.ask(submit())
        self.assertNoResult(promise)
        self.receive(SubmitResp(msg_id=5), 2)
        self.assertEqual(SubmitResp(msg_id=5), self.successResultOf(promise))

    def test_ask_expires(self) -> None:
        """
        A promise without an answer fails; a late answer changes nothing.
        """
        self.bind()
        promise = self.link.ask(submit())
        self.clock.advance(30)
        self.clock.advance(30)
        self.failureResultOf(promise, Unavailable)
        self.receive(SubmitResp(msg_id=5), 2)
        self.assertEqual([], self.told)

    def test_ask_gets_a_bad_answer(self) -> None:
        """
        A promise with an unreadable answer fails as a violation.
        """
        self.bind()
        promise = self.link.ask(submit())
        self.link.dataReceived(bytes.fromhex("0000000d800000040000000200"))
        self.failureResultOf(promise, WireError)

    def test_ask_many(self) -> None:
        """
        Many requests are one write; answers come with their tokens.
        """
        self.bind()
        unfit = self.link.ask_many(
            [(submit(), "a"), (submit(b"x" * 256), "b"), (submit(), "c")]
        )
        self.assertEqual(["b"], [token for token, _ in unfit])
        self.assertEqual(1, self.transport.writes)
        self.assertEqual(14, self.link.room)
        self.receive(SubmitResp(msg_id=9), 4)
        # The PDU that did not fit has used up sequence 3.
        self.assertEqual(
            [("answered", Answered(4, "c", SubmitResp(msg_id=9)))], self.told
        )

    def test_one_write_per_turn(self) -> None:
        """
        What callbacks ask and answer while data is read is written once.
        """
        self.bind()

        def on_answered(_: Answered) -> None:
            self.link.ask_many([(submit(), None)])

        self.link.on_answered = on_answered
        self.link.ask_many([(submit(), None), (submit(), None)])
        data = b"".join(CMPP.encode(SubmitResp(msg_id=1), V30, s) for s in (2, 3))
        self.transport.writes = 0
        self.link.dataReceived(data)
        self.assertEqual(1, self.transport.writes)
        self.assertEqual(14, self.link.room)

    def test_answer_many(self) -> None:
        """
        Requests of the peer are told; several answers are one write.
        """
        self.bind()
        self.receive(deliver(1), 8)
        self.receive(deliver(2), 9)
        self.assertEqual([("received", 8, deliver(1))], self.told[:1])
        self.link.answer_many([(8, SubmitResp(msg_id=1)), (9, SubmitResp(msg_id=2))])
        self.link.answer(8, SubmitResp(msg_id=1))
        self.assertEqual(2, self.transport.writes)

    def test_one_timer(self) -> None:
        """
        However many requests, there is one timer; it runs at the deadline.
        """
        self.bind()
        self.link.ask_many([(submit(), n) for n in range(10)])
        (timer,) = self.clock.getDelayedCalls()
        self.assertEqual(30, timer.getTime())
        self.clock.advance(30)
        self.assertEqual(2, self.transport.writes)
        self.clock.advance(30)
        self.assertEqual([("expired", n) for n in range(10)], self.told)

    def test_keepalive_silence(self) -> None:
        """
        An idle peer that does not answer is dropped.
        """
        self.bind()
        self.clock.pump([30, 60])
        self.assertTrue(self.transport.disconnecting)
        self.lose()
        self.assertEqual([("closed", "silent", 0, [])], self.told)

    def test_lost(self) -> None:
        """
        When the transport goes, promises fail and tokens are handed back.
        """
        self.bind()
        promise = self.link.ask(submit())
        self.link.ask_many([(submit(), "a")])
        self.lose()
        self.failureResultOf(promise, Unavailable)
        self.assertEqual([("closed", "lost", 0, ["a"])], self.told)

    def test_close(self) -> None:
        """
        Closing says TERMINATE, waits for its answer, then drops the transport.
        """
        self.bind()
        self.link.close()
        self.assertEqual("0000000c0000000200000002", self.transport.value().hex())
        self.assertFalse(self.transport.disconnecting)
        self.link.dataReceived(bytes.fromhex("0000000c8000000200000002"))
        self.assertTrue(self.transport.disconnecting)
        self.lose()
        self.assertEqual([("closed", "terminated", 0, [])], self.told)

    def test_peer_that_does_not_read(self) -> None:
        """
        Last octets that nobody takes are dropped after a while.
        """
        self.bind()
        self.link.abort()
        self.assertTrue(self.transport.disconnecting)
        self.assertFalse(self.transport.disconnected)
        self.clock.advance(HURRY)
        self.assertTrue(self.transport.disconnected)

    def test_refused(self) -> None:
        """
        A refusal tells code and version, then the end.
        """
        self.link.login(connect())
        self.receive(ConnectResp(status=3, version=V30), 1)
        self.lose()
        self.assertEqual(
            [("refused", 3, V30), ("closed", "login_refused", 3, [])], self.told
        )

    def test_serve_a_login(self) -> None:
        """
        The same link lets a peer in.
        """
        self.receive(connect(), 5)
        self.assertEqual([("login", 5, connect())], self.told)
        self.link.accept_login(5, ConnectResp(status=0, version=V30), V30)
        self.assertEqual(("bound", V30), self.told[-1])
        self.assertEqual(33, len(self.transport.value()))

    def test_refuse_a_login(self) -> None:
        """
        The same link keeps a peer out.
        """
        self.receive(connect(), 5)
        self.link.refuse_login(5, ConnectResp(status=3, version=V30), V30, 3)
        self.assertTrue(self.transport.disconnecting)
        self.lose()
        self.assertEqual(("closed", "login_refused", 3, []), self.told[-1])

    def test_garbage(self) -> None:
        """
        Garbage closes the link without an exception.
        """
        self.bind()
        self.link.dataReceived(b"GET / HTTP/1.0\r\n\r\n")
        self.assertTrue(self.transport.disconnecting)

    def test_no_callbacks(self) -> None:
        """
        A link whose owner set no callbacks lives.
        """
        link = Link(Session(CMPP, V30), Clock())
        link.makeConnection(StringTransport())
        link.dataReceived(CMPP.encode(connect(), V30, 1))
        link.connectionLost()
        self.assertTrue(link.closed)
        self.assertEqual(0, link.room)
