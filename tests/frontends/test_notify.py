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
from smsgw.frontends.marks import Lot
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


@attrs.define(eq=False)
class Kept:
    """
    Marks that outlive a notifier; C{down} is how often noting fails.
    """

    shown: Shown
    seqs: dict[str, int] = attrs.field(factory=dict)
    late: dict[str, tuple[int, float, str]] = attrs.field(factory=dict)
    down: int = 0

    async def due(self, webhook: Webhook, now: float, limit: int = 100) -> Lot | None:
        """
        After the mark, and not before its time.
        """
        failures, due_at, _ = self.late.get(webhook.id, (0, 0.0, ""))
        seq = self.seqs.get(webhook.id, 0)
        events = await self.shown.events(webhook.account, webhook.types, seq, limit)
        return Lot(events, failures) if events and due_at <= now else None

    async def delivered(self, webhook_id: str, seq: int, now: float) -> None:
        """
        Move the mark.
        """
        if self.down:
            self.down -= 1
            raise Unavailable("the record is down")
        self.seqs[webhook_id] = seq
        self.late.pop(webhook_id, None)

    async def failed(
        self, webhook_id: str, failures: int, due_at: float, note: str, now: float
    ) -> None:
        """
        Not before C{due_at}.
        """
        if self.down:
            self.down -= 1
            raise Unavailable("the record is down")
        self.late[webhook_id] = (failures, due_at, note)


class MarkTests(SynchronousTestCase):
    """
    A webhook's own mark, which a restart finds again.
    """

    def setUp(self) -> None:
        self.hands = Hands()
        self.shown = Shown(stream=[event(1), event(2)])
        self.kept = Kept(self.shown)

    def begin(self, receiver: Any, *hooks: Webhook) -> Notifier:
        """
        A notifier with these webhooks.
        """
        notifier = Notifier(
            self.shown, receiver, self.hands, lambda: 0.5, Metrics(), self.kept
        )
        notifier.follow(Directory(webhooks={hook.id: hook for hook in hooks}))
        self.addCleanup(self.end, notifier)
        return notifier

    def end(self, notifier: Notifier) -> None:
        """
        As at the end of the process.
        """
        self.successResultOf(Deferred.fromCoroutine(notifier.stop()))

    def test_two_webhooks_of_an_account_get_everything_each(self) -> None:
        """
        What one has taken is still news to the other.
        """
        receiver = Receiver([OK])
        self.begin(receiver, HOOK, attrs.evolve(HOOK, id="h2"))

        self.assertEqual([["e1", "e2"]] * 2, [receiver.events(n) for n in (0, 1)])
        self.assertEqual({"h1": 2, "h2": 2}, self.kept.seqs)

    def test_a_restart_pushes_nothing_twice(self) -> None:
        """
        The mark is where the receiver is.
        """
        receiver = Receiver([OK])
        self.end(self.begin(receiver, HOOK))
        self.begin(receiver, HOOK)
        self.hands.clock.advance(5)

        self.assertEqual(1, len(receiver.seen))

    def test_a_restart_waits_on_and_counts_on(self) -> None:
        """
        Failures and the time of the next try are kept.
        """
        receiver = Receiver([status(503), None])
        first = self.begin(receiver, HOOK)
        self.assertEqual((1, NOW + 10, "status 503"), self.kept.late["h1"])
        self.hands.clock.advance(5)
        self.end(first)
        self.begin(receiver, HOOK)
        self.hands.clock.advance(4)
        self.assertEqual(1, len(receiver.seen))
        self.hands.clock.advance(1)

        self.assertEqual(2, len(receiver.seen))
        self.assertEqual((2, NOW + 40, "no answer"), self.kept.late["h1"])
        ids = {headers["webhook-id"] for headers, _ in receiver.seen}
        self.assertEqual(1, len(ids))

    def test_three_days_end_over_restarts_too(self) -> None:
        """
        What was given up is passed for good, and is not in the ledger.
        """
        receiver = Receiver([status(400)])
        self.kept.late["h1"] = (26, NOW, "status 400")
        self.end(self.begin(receiver, HOOK))
        self.begin(receiver, HOOK)
        self.hands.clock.advance(5)

        self.assertEqual(1, len(receiver.seen))
        self.assertEqual(({"h1": 2}, {}), (self.kept.seqs, self.shown.acknowledged))

    def test_a_record_that_is_away_delays_the_mark_alone(self) -> None:
        """
        Neither a push nor a wait is lost or doubled.
        """
        self.kept.down = 3
        receiver = Receiver([status(500), OK])
        self.begin(receiver, HOOK)
        self.hands.clock.pump([10, 1, 1])

        self.assertEqual(2, len(receiver.seen))
        self.assertEqual({"h1": 2}, self.kept.seqs)

    def test_gone_moves_no_mark(self) -> None:
        """
        Whoever mends the webhook gets what was missed.
        """
        notifier = self.begin(Receiver([status(410), OK]), HOOK)
        self.assertEqual({}, self.kept.seqs)
        changed = attrs.evolve(HOOK, url="http://127.0.0.1:8091/")
        notifier.follow(Directory(webhooks={"h1": changed}))

        self.assertEqual({"h1": 2}, self.kept.seqs)
