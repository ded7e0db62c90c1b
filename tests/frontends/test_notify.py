"""
Tests of callbacks, with a receiver in memory and a clock by hand.
"""

from collections.abc import Mapping
from typing import Any

import attrs
import msgspec
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from smsgw.directory import Directory, Webhook
from smsgw.errors import Unavailable
from smsgw.frontends.notify import Notifier
from smsgw.metrics import Metrics
from smsgw.outgoing import Response
from smsgw.security.signing import verify_webhook
from smsgw.tasks import sleep
from smsgw.views import EventView
from tests.support.doors import NOW, Shown

HOOK = Webhook("h1", "his", "http://127.0.0.1:8090/events", ("new", "old"))


@attrs.define(eq=False)
class Hands:
    """
    A clock that is moved by hand.
    """

    clock: Clock = attrs.field(factory=Clock)

    def now(self) -> float:
        """
        Epoch seconds.
        """
        return NOW + self.clock.seconds()

    def monotonic(self) -> float:
        """
        Seconds since the test began.
        """
        return self.clock.seconds()

    def sleep(self, seconds: float) -> "Deferred[None]":
        """
        Until moved that far.
        """
        return sleep(self.clock, seconds)


@attrs.define(eq=False)
class Receiver:
    """
    Answers as told, in order, the last answer again and again.
    """

    answers: list[Response | None]
    seen: list[tuple[Mapping[str, str], bytes]] = attrs.field(factory=list)

    async def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Response:
        """
        One callback; C{None} is no answer.
        """
        self.seen.append((headers, body))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            raise Unavailable("no answer")
        return answer

    def events(self, index: int) -> list[str]:
        """
        Ids of the events in a callback.
        """
        return [
            one["event_id"]
            for one in msgspec.json.decode(self.seen[index][1])["events"]
        ]


def event(seq: int, kind: str = "message.delivered") -> EventView:
    """
    An event of C{his}.
    """
    return EventView(seq, f"e{seq}", kind, "M", NOW, {"state": "delivered"})


def status(code: int, body: bytes = b"", **headers: str) -> Response:
    """
    An answer.
    """
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(code, named, body)


OK = status(204)


class NotifierTests(SynchronousTestCase):
    """
    What is pushed, when again, and when no more.
    """

    def begin(
        self, *answers: Response | None, events: int = 1, hook: Webhook = HOOK
    ) -> None:
        """
        Start with a receiver and a stream.
        """
        self.hands = Hands()
        self.shown = Shown(stream=[event(seq) for seq in range(1, events + 1)])
        self.receiver = Receiver(list(answers))
        self.metrics = Metrics()
        self.notifier = Notifier(
            self.shown, self.receiver, self.hands, lambda: 0.5, self.metrics
        )
        self.follow(hook)
        self.addCleanup(self.end)

    def follow(self, *hooks: Webhook) -> None:
        """
        A newer directory.
        """
        self.notifier.follow(Directory(webhooks={hook.id: hook for hook in hooks}))

    def end(self) -> None:
        """
        Nothing stays behind.
        """
        self.successResultOf(Deferred.fromCoroutine(self.notifier.stop()))
        self.assertEqual([], self.hands.clock.getDelayedCalls())

    def taken(self) -> list[str]:
        """
        What was written down.
        """
        return self.shown.acknowledged.get(("his", "webhook:h1"), [])

    def test_an_event_is_pushed_signed_and_acknowledged(self) -> None:
        """
        Standard Webhooks' headers, with a signature per secret.
        """
        self.begin(OK)
        headers, body = self.receiver.seen[0]

        for secret in ("new", "old"):
            self.assertTrue(
                verify_webhook(
                    secret,
                    headers["webhook-id"],
                    int(headers["webhook-timestamp"]),
                    body,
                    headers["webhook-signature"],
                )
            )
        told = msgspec.json.decode(body)["events"][0]
        self.assertEqual("message.delivered", told["type"])
        self.assertEqual("2027-01-15T16:00:00.000+08:00", told["occurred_at"])
        self.assertEqual(["e1"], self.taken())
        self.assertEqual(1.0, self.metrics.totals()["smsgw_callbacks_total"])

    def test_events_go_in_lots_of_a_hundred(self) -> None:
        """
        In order, each once, and later ones when they come.
        """
        self.begin(OK, events=250)
        self.assertEqual(
            [100, 100, 50], [len(self.receiver.events(i)) for i in range(3)]
        )

        self.shown.stream.append(event(251))
        self.hands.clock.advance(1)

        self.assertEqual(["e251"], self.receiver.events(3))
        self.assertEqual([f"e{seq}" for seq in range(1, 252)], self.taken())

    def test_what_was_acknowledged_is_not_pushed(self) -> None:
        """
        By whichever way.
        """
        self.begin(None, events=0)
        self.shown.stream = [event(1), event(2)]
        self.shown.acknowledged[("his", "api:his")] = ["e1"]
        self.receiver.answers = [OK]
        self.hands.clock.advance(1)

        self.assertEqual(["e2"], self.receiver.events(0))

    def test_a_failure_is_tried_again(self) -> None:
        """
        By the steps, under the same id with a new time, until it is taken.
        """
        self.begin(None, status(500), status(302), OK)
        for wait in (10, 30, 120):
            self.hands.clock.advance(wait - 1)
            count = len(self.receiver.seen)
            self.hands.clock.advance(1)
            self.assertEqual(count + 1, len(self.receiver.seen))

        ids = {headers["webhook-id"] for headers, _ in self.receiver.seen}
        times = {headers["webhook-timestamp"] for headers, _ in self.receiver.seen}
        self.assertEqual((1, 4), (len(ids), len(times)))
        self.assertEqual(["e1"], self.taken())

    def test_the_receiver_may_ask_for_time(self) -> None:
        """
        Retry-After is honoured.
        """
        self.begin(status(429, retry_after="100"), OK)
        self.hands.clock.advance(99)
        self.assertEqual(1, len(self.receiver.seen))
        self.hands.clock.advance(1)
        self.assertEqual(["e1"], self.taken())

    def test_only_what_failed_is_repeated(self) -> None:
        """
        A 2xx may name events that it wants again.
        """
        again = status(200, b'{"failed":["e2"],"more":1}')
        self.begin(again, OK, events=3)
        self.assertEqual(["e1", "e3"], self.taken())
        self.hands.clock.advance(10)

        self.assertEqual(["e2"], self.receiver.events(1))
        self.assertEqual(["e1", "e3", "e2"], self.taken())

    def test_any_other_body_is_no_wish(self) -> None:
        """
        Words of success are not read.
        """
        for body in (b"success", b'{"code":0}', b'{"failed":"e1"}', b"\xff"):
            self.begin(status(200, body))
            self.assertEqual(["e1"], self.taken())

    def test_gone_ends_the_lane(self) -> None:
        """
        410 until the webhook is changed.
        """
        self.begin(status(410), OK)
        self.assertEqual([], self.notifier.lanes())
        self.follow(HOOK)
        self.hands.clock.advance(100)
        self.assertEqual(1, len(self.receiver.seen))

        self.follow(attrs.evolve(HOOK, url="http://127.0.0.1:8091/"))
        self.assertEqual(["h1"], self.notifier.lanes())
        self.assertEqual(["e1"], self.taken())

    def test_after_three_days_the_next_have_their_turn(self) -> None:
        """
        A poisonous lot does not stop the lane for ever.
        """
        self.begin(status(400))
        self.hands.clock.pump([14400.0] * 25)
        self.shown.stream.append(event(2))
        self.receiver.answers = [OK]
        self.hands.clock.advance(1)

        self.assertEqual(["e2"], self.taken())

    def test_lanes_follow_the_directory(self) -> None:
        """
        Taken away, switched off, added.
        """
        other = attrs.evolve(HOOK, id="h2", types=("inbound.received",))
        self.begin(OK)
        self.follow(HOOK, other)
        self.assertEqual(["h1", "h2"], self.notifier.lanes())
        self.follow(attrs.evolve(HOOK, active=False), other)
        self.assertEqual(["h2"], self.notifier.lanes())
        self.shown.stream += [event(2), event(3, "inbound.received")]
        self.hands.clock.advance(1)

        self.assertEqual(["e3"], self.receiver.events(-1))

    def test_a_record_that_is_away_is_waited_for(self) -> None:
        """
        Neither reading nor noting gives up.
        """
        self.begin(OK, events=0)
        self.shown.down = True
        self.hands.clock.advance(1)
        self.shown.stream = [event(1)]
        self.shown.down = False
        self.hands.clock.advance(2)
        self.assertEqual(["e1"], self.taken())

    def test_what_was_taken_is_noted_when_it_can_be(self) -> None:
        """
        The receiver is not asked again for that.
        """
        self.begin(OK, events=0)
        note, refusals = self.shown.acknowledge, [1, 1]

        async def later(*given: Any) -> int:
            if refusals:
                refusals.pop()
                raise Unavailable("the record is down")
            return await note(*given)

        self.shown.acknowledge = later  # type: ignore[method-assign]
        self.shown.stream = [event(1)]
        self.hands.clock.pump([1, 1, 1])

        self.assertEqual(["e1"], self.taken())
        self.assertEqual(1, len(self.receiver.seen))
