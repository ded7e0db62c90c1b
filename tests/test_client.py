"""
Tests of the client, against the real door in memory.
"""

from itertools import count
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from smsgw.client import GatewayClient
from smsgw.errors import Refused, Unavailable
from smsgw.outgoing import Response
from smsgw.views import EventView
from tests.support.doors import NOW, SECRET, Front


def client(front: Front, **changes: Any) -> GatewayClient:
    """
    A client of C{his}.
    """
    numbers = count()
    settings: dict[str, Any] = {
        "outgoing": front.outgoing(),
        "base": "http://127.0.0.1",
        "app_id": "his",
        "secret": SECRET,
        "now": front.wall.now,
        "next_nonce": lambda: f"client-{next(numbers)}",
        **changes,
    }
    return GatewayClient(**settings)


class ClientTests(SynchronousTestCase):
    """
    Every call is signed, understood and read.
    """

    def test_messages_are_sent_and_found(self) -> None:
        """
        Send, batch, preview, look up, timeline, search, cancel.
        """
        front = Front(recorded=NOW)
        one = client(front)
        body = {"to": ["13800138000"], "text": "你好"}
        batch = {"items": [{"to": "13800138000", "text": "x"}]}

        sent = self.ask(one.send(body))
        self.assertEqual(1, sent["accepted"])
        self.assertEqual(1, self.ask(one.send_batch(batch))["accepted"])
        self.assertEqual(1, len(self.ask(one.preview(body))["items"]))
        message_id = sent["items"][0]["id"]
        self.assertEqual("accepted", self.ask(one.message(message_id))["state"])
        self.assertEqual([], self.ask(one.timeline(message_id))["steps"])
        found = self.ask(
            one.search(to="+86 138 0013 8000", from_="2027-01-15T16:00:00")
        )
        self.assertEqual([], found["items"])
        self.assertEqual("13800138000", front.shown.searches[0][1].to)
        self.assertEqual(NOW, front.shown.searches[0][1].since)
        self.fault(one.cancel(message_id), Unavailable)

    def test_events_are_read_and_acknowledged(self) -> None:
        """
        By cursor, limit and kind.
        """
        front = Front()
        front.shown.stream = [EventView(1, "e1", "message.delivered", "M", NOW, {})]
        one = client(front)

        told = self.ask(one.events(0, 10, "report"))

        self.assertEqual(["e1"], [event["event_id"] for event in told["events"]])
        self.assertEqual([], self.ask(one.events(told["cursor"]))["events"])
        self.assertEqual(1, self.ask(one.ack(["e1"]))["acknowledged"])

    def test_a_key_makes_a_repeat_safe(self) -> None:
        """
        The second send is the first one's answer.
        """
        front = Front()
        one = client(front, algorithm="sm3")
        body = {"to": ["13800138000"], "text": "你好"}

        first = self.ask(one.send(body, "k"))

        self.assertEqual(first["items"], self.ask(one.send(body, "k"))["items"])
        self.assertEqual(1, len(front.shelf.kept))

    def test_problems_are_refusals(self) -> None:
        """
        With code, words and field.
        """
        caught = self.fault(client(Front()).send({"to": ["138"], "text": "x"}), Refused)

        self.assertEqual((2006, "to[0]"), (caught.code, caught.field))
        self.assertIn("手机号码无效", caught.detail)

    def fault(self, coroutine: Any, kind: type[Any]) -> Any:
        """
        The error of a call that fails.
        """
        failed = Deferred.fromCoroutine(coroutine)
        return self.failureResultOf(failed, kind).value

    def test_our_trouble_is_unavailable(self) -> None:
        """
        With the time to wait.
        """
        front = Front()
        front.shelf.down = True
        caught = self.fault(
            client(front).send({"to": ["13800138000"], "text": "x"}), Unavailable
        )

        self.assertEqual(3.0, caught.retry_after)

    def test_ready_is_a_yes_or_no(self) -> None:
        """
        A starting gateway says no.
        """
        front = Front()
        self.assertTrue(self.ask(client(front).ready()))
        front.parts["queue"] = False
        self.assertFalse(self.ask(client(front).ready()))

    def ask(self, coroutine: Any) -> Any:
        """
        The result of a call that needs no waiting.
        """
        return self.successResultOf(Deferred.fromCoroutine(coroutine))

    def test_a_page_that_is_no_json_is_nobodys_answer(self) -> None:
        """
        A proxy's error page is not ours.
        """
        for status in (200, 404, 502):
            outgoing = Fixed(Response(status, {}, b"<html>"))
            self.fault(client(Front(), outgoing=outgoing).send({}), Unavailable)

    def test_over_makes_its_own_connections(self) -> None:
        """
        And gives them up when told.
        """
        one = GatewayClient.over(Clock(), "http://127.0.0.1:8080/", "his", SECRET)

        self.ask(one.close())
        self.assertNotIn(SECRET, repr(one))


class Fixed:
    """
    An outgoing that always gets the same.
    """

    def __init__(self, response: Response) -> None:
        self._response = response

    async def ask(self, *_: object) -> Response:
        """
        The same.
        """
        return self._response


@pytest.mark.parametrize("message_id", ["a/b", "..", "a?b"])
def test_an_id_stays_one_segment_of_the_path(message_id: str) -> None:
    """
    Whatever a caller takes for an id, it is only looked up.
    """
    told: list[object] = []

    async def look() -> None:
        try:
            await client(Front()).message(message_id)
        except Refused as refused:
            told.append(refused.code)

    Deferred.fromCoroutine(look())

    assert [7404] == told
