"""
Polls: kept before they are acknowledged, rarer while they fail.
"""

import json
from typing import Any

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from smsgw.channels.vendor.asking import Request
from smsgw.channels.vendor.contract import VendorContract
from smsgw.channels.vendor.intake import Intake
from smsgw.channels.vendor.polling import Poller
from smsgw.channels.vendor.wire import Unanswered
from smsgw.gateway.outbox import Outbox
from smsgw.outgoing import Response
from tests.channels.vendor.imitations import channel_of
from tests.support.worlds import Still

ROW = {"mobile": "13800138000", "report_status": "SUCCESS", "sid": "1"}


@attrs.define
class Wire:
    """
    Gives what it has, and nothing after that.
    """

    answers: list[Any] = attrs.field(factory=list)
    requests: list[Request] = attrs.field(factory=list)

    async def ask(self, request: Request) -> Response:
        """
        The next.
        """
        self.requests.append(request)
        answer = self.answers.pop(0) if self.answers else {"result": 0, "data": []}
        if isinstance(answer, Exception):
            raise answer
        status = 200
        if isinstance(answer, int):
            status, answer = answer, {}
        return Response(status, {}, json.dumps(answer).encode())


class PollerTests(SynchronousTestCase):
    """
    Under a clock that is moved.
    """

    def setUp(self) -> None:
        """
        A poller that runs.
        """
        self.clock, self.wire = Clock(), Wire()
        self.outbox = Outbox(lambda: None)
        contract = VendorContract.of(channel_of("tencent"))
        self.poller = Poller(
            "receipts",
            contract.polled["receipts"],
            self.wire,  # type: ignore[arg-type]
            Intake(contract, Still(), self.outbox),
            self.clock,
            lambda: contract.values(1.0, "n"),
        )
        self.running = Deferred.fromCoroutine(self.poller.run())

    def paths(self) -> list[str]:
        """
        What was asked, by the last word of its path.
        """
        return [
            one.url.partition("?")[0].rpartition("/")[2] for one in self.wire.requests
        ]

    def test_acknowledged_when_durable(self) -> None:
        """
        Nothing is asked meanwhile; the lot goes back with the ids.
        """
        self.wire.answers = [{"result": 0, "lot": 9, "data": [ROW]}]
        self.clock.advance(0.1)
        self.clock.advance(5)
        self.assertEqual(["pullstatus"], self.paths())
        (acknowledge,) = self.outbox.acks
        acknowledge()
        self.assertEqual(["pullstatus", "confirm"], self.paths())
        self.assertEqual(
            {"sids": ["1"], "lot": 9}, json.loads(self.wire.requests[1].body)
        )
        self.clock.advance(0.1)
        self.assertEqual(3, len(self.wire.requests))

    def test_rarer_while_it_fails(self) -> None:
        """
        No answer, an HTTP status, a code, another form: up to a minute.
        """
        fails = [Unanswered("x"), 500, {"result": 5}, {}]
        self.wire.answers = fails * 4
        for _ in range(4000):
            self.clock.advance(0.1)
        self.assertLess(len(self.wire.requests), 17)
        self.clock.advance(60.0)
        asked = len(self.wire.requests)
        self.wire.answers = []
        self.clock.advance(60.0)
        self.clock.advance(0.11)
        self.clock.advance(0.11)
        self.assertEqual(asked + 3, len(self.wire.requests))

    def test_ends(self) -> None:
        """
        When it is cancelled.
        """
        self.poller.stopped = True
        self.running.addErrback(lambda _: None)
        self.running.cancel()
        self.clock.advance(100)
        self.assertEqual([], self.wire.requests)
