"""
Vendor channels from end to end, over loopback.
"""

import json
from typing import Any

import attrs
import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase, TestCase

from smsgw.channels.vendor import channel as channels
from smsgw.channels.vendor.asking import Request
from smsgw.channels.vendor.channel import VendorChannel
from smsgw.channels.vendor.contract import VendorContract
from smsgw.errors import Refused
from smsgw.gateway.exchange import Carrier
from smsgw.outgoing import Response
from tests.channels.vendor.imitations import (
    AliyunLike,
    Joined,
    TencentLike,
    channel_of,
    objects,
)
from tests.channels.vendor.test_pushing import Knock
from tests.support.shards import flight
from tests.support.worlds import World

CODE = "您的验证码是123456，5分钟内有效。"


class VendorTests(TestCase):
    """
    What both vendors' tests need.
    """

    joined: Joined

    async def push(self, kind: str, body: bytes, tail: str, query: str = "") -> Any:
        """
        A push and its answer, which comes with an exchange and not before.
        """
        told: list[Any] = []

        async def take() -> None:
            told.append(
                await self.joined.channel.desk.take(kind, tail, Knock(body, query))
            )

        pushed = Deferred.fromCoroutine(take())
        self.assertEqual([], told)
        await self.joined.until(lambda: told or pushed.called)
        await pushed
        return told[0]

    def states(self, names: list[str]) -> list[str]:
        """
        Where these messages are.
        """
        return [self.joined.world.state(name) for name in names]

    def kinds(self, name: str) -> list[str]:
        """
        What happened to a message.
        """
        return [f.kind for f in self.joined.world.facts() if f.message == name]


@pytest.mark.real
class AliyunLikeTests(VendorTests):
    """
    One message per request, registered templates, pushed reports.
    """

    def setUp(self) -> None:
        """
        A shard, the channel, the vendor.
        """
        self.vendor = AliyunLike()
        self.joined = Joined(self.vendor, "aliyun")
        self.world = self.joined.world
        self.addCleanup(self.joined.end)

    async def test_sent_and_delivered(self) -> None:
        """
        The words of the template go; the push is answered when it is durable.
        """
        carrier: Carrier = self.joined.channel
        self.assertTrue(carrier.live)
        (name,) = self.world.accept(CODE, category="otp")
        await self.joined.until(lambda: self.world.state(name) == "submitted")
        (taken,) = self.vendor.taken
        self.assertEqual("SMS_1", taken["TemplateCode"])
        self.assertEqual("示范医院", taken["SignName"])
        self.assertEqual(
            {"code": "123456", "minutes": "5"}, json.loads(taken["TemplateParam"])
        )
        told = await self.push("receipts", self.vendor.report(0), "push-token")
        self.assertEqual('{"code":0,"msg":"接收成功"}', told.body.decode())
        self.assertEqual("delivered", self.world.state(name))
        self.assertEqual(1, self.world.counts()["ended"])

    async def test_undelivered(self) -> None:
        """
        The vendor's own code is kept.
        """
        (name,) = self.world.accept(CODE, category="otp")
        await self.joined.until(lambda: self.world.state(name) == "submitted")
        await self.push("receipts", self.vendor.report(0, good=False), "push-token")
        await self.joined.until(lambda: self.world.state(name) == "undelivered")
        (final,) = [f for f in self.world.facts() if f.kind == "final"]
        self.assertEqual("MK:0001", final.code)

    async def test_whole_text_is_one_segment(self) -> None:
        """
        A long text goes undivided, and one receipt ends it.
        """
        text = "张三您好，" + "检查报告已出，" * 30 + "请到门诊领取。"
        (name,) = self.world.accept(text)
        await self.joined.until(lambda: self.world.state(name) == "submitted")
        self.assertEqual(1, len(self.vendor.taken))
        self.assertIn("检查报告", self.vendor.taken[0]["TemplateParam"])
        await self.push("receipts", self.vendor.report(0), "push-token")
        self.assertEqual("delivered", self.world.state(name))

    async def test_no_template(self) -> None:
        """
        A text that no template makes is nothing for this channel.
        """
        (name,) = self.world.accept("随便写点什么")
        await self.joined.until(lambda: self.world.state(name) == "undelivered")
        self.assertEqual(0, self.vendor.asked)

    async def test_refused(self) -> None:
        """
        A code of the table is final, or sends it elsewhere, as its class says.
        """
        self.vendor.fails = [{"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "no"}]
        (name,) = self.world.accept(CODE)
        await self.joined.until(lambda: self.world.state(name) == "undelivered")
        self.assertEqual(1, self.vendor.asked)

    async def test_throttled(self) -> None:
        """
        Sent too fast is sent again, after a moment, by the same channel.
        """
        self.vendor.fails = [{"Code": "Throttling.User"}, 429]
        (name,) = self.world.accept(CODE)

        def seen() -> bool:
            self.world.clock.at += 0.1
            return self.world.state(name) == "submitted"

        await self.joined.until(seen)
        self.assertEqual(3, self.vendor.asked)
        self.assertEqual(1, len(self.vendor.taken))
        self.assertNotIn("again", self.kinds(name))

    async def test_unanswered_is_uncertain(self) -> None:
        """
        A connection cut after the request: asked once, marked, and settled by the
        receipt alone.
        """
        self.vendor.fails = ["cut"]
        (name,) = self.world.accept(CODE, category="bulk")
        await self.joined.until(lambda: "uncertain" in self.kinds(name))
        await self.joined.rest(0.1)
        self.assertEqual(1, self.vendor.asked)
        await self.push("receipts", self.vendor.report(0), "push-token")
        await self.joined.until(lambda: self.world.state(name) == "delivered")

    async def test_server_errors_are_uncertain(self) -> None:
        """
        So is an HTTP status that says nothing about the message.
        """
        self.vendor.fails = [502, b"<html>gateway</html>", {"Code": "isp.SYSTEM_ERROR"}]
        names = self.world.accept(CODE, CODE, CODE, category="bulk")
        await self.joined.until(
            lambda: all("uncertain" in self.kinds(name) for name in names)
        )
        self.assertEqual(3, self.vendor.asked)

    async def test_timeout(self) -> None:
        """
        Silence is uncertain after the contract's time; a critical one goes again.
        """
        self.vendor.fails = ["silent"]
        (name,) = self.world.accept(CODE, category="critical")
        await self.joined.until(lambda: self.world.state(name) == "submitted")
        self.assertEqual(2, self.vendor.asked)
        self.assertIn("uncertain", self.kinds(name))

    async def test_unreachable_goes_back(self) -> None:
        """
        A closed port took nothing: not uncertain, sent when the vendor is back.
        """
        number = self.joined.port.getHost().port
        await self.joined.port.stopListening()
        (name,) = self.world.accept(CODE)
        await self.joined.until(lambda: "again" in self.kinds(name))
        self.assertFalse(self.joined.channel.live)
        self.assertNotIn("uncertain", self.kinds(name))
        self.joined.port = self.joined.listen(number)
        self.world.clock.at += 2.0
        await self.joined.until(lambda: self.world.state(name) == "submitted")
        self.assertTrue(self.joined.channel.live)
        self.assertEqual(1, self.vendor.asked)

    async def test_stop_leaves_nothing_behind(self) -> None:
        """
        What is unanswered at the end is uncertain, what waits goes back.
        """
        self.patch(channels, "DRAIN", 0.05)
        self.vendor.fails = ["silent"] * 4
        names = self.world.accept(*[CODE] * 8, category="bulk")
        await self.joined.until(lambda: self.vendor.asked == 4)
        await self.joined.channel.stop()
        await self.joined.until(
            lambda: sum("uncertain" in self.kinds(name) for name in names) == 4
        )
        counts = self.world.counts()
        self.assertEqual((4, 4), (counts["leased"], counts["waiting"]))

    async def test_reply_pushed(self) -> None:
        """
        A reply with its token in the query.
        """
        body = json.dumps(
            [
                {
                    "phone_number": "13800138000",
                    "content": "收到😀",
                    "send_time": "2026-09-21 08:00:00",
                    "dest_code": "1069000001",
                    "sequence_id": 1234567890,
                }
            ]
        ).encode()
        await self.push("inbound", body, "", "token=push-token")
        await self.joined.until(
            lambda: any(f.kind == "inbound" for f in self.world.facts())
        )
        (fact,) = [f for f in self.world.facts() if f.kind == "inbound"]
        assert fact.inbound is not None
        self.assertEqual("收到😀", fact.inbound.text)
        self.assertEqual("1234567890", fact.inbound.delivery_id)


@pytest.mark.real
class TencentLikeTests(VendorTests):
    """
    Many numbers in a request, a result for each, polled reports.
    """

    def setUp(self) -> None:
        """
        A shard, the channel, the vendor.
        """
        self.vendor = TencentLike()
        self.joined = Joined(self.vendor, "tencent")
        self.world = self.joined.world
        self.addCleanup(self.joined.end)

    async def test_batches_delivered(self) -> None:
        """
        Same texts share requests; each ends by its own polled receipt, and the lot
        is confirmed after that.
        """
        names = self.world.accept(*["明天停诊"] * 7)
        await self.joined.until(lambda: set(self.states(names)) == {"delivered"})
        self.assertEqual([3, 3, 1], self.vendor.requests)
        self.assertEqual("【示范医院】明天停诊", self.vendor.taken[0]["msg"])
        await self.joined.until(lambda: not self.vendor.reports)
        self.assertEqual({7}, {one["lot"] for one in self.vendor.confirmed})
        self.assertEqual(7, self.world.counts()["ended"])

    async def test_results_are_told_apart(self) -> None:
        """
        One number of a request is refused, others go; the order does not matter.
        """
        names = self.world.accept(*["明天停诊"] * 10)
        await self.joined.until(
            lambda: self.states(names) == ["delivered"] * 9 + ["undelivered"]
        )

    async def test_other_texts_go_apart(self) -> None:
        """
        What shares a request has one text.
        """
        names = self.world.accept("明天停诊", "明天停诊", "后天停诊")
        await self.joined.until(lambda: set(self.states(names)) == {"delivered"})
        self.assertEqual([1, 2], sorted(self.vendor.requests))

    async def test_one_request_is_lost(self) -> None:
        """
        All of a cut request are uncertain, and their receipts settle them.
        """
        self.vendor.fails = ["cut"]
        names = self.world.accept(*["明天停诊"] * 3, category="bulk")
        await self.joined.until(lambda: set(self.states(names)) == {"delivered"})
        self.assertEqual([3], self.vendor.requests)
        self.assertTrue(all("uncertain" in self.kinds(name) for name in names))

    async def test_reply_polled(self) -> None:
        """
        A reply is kept once.
        """
        self.vendor.replies = [
            {
                "nationcode": "86",
                "mobile": "13800138000",
                "text": "TD",
                "sign": "示范医院",
                "time": 1457336869,
                "extend": "01",
            }
        ]
        await self.joined.until(
            lambda: any(f.kind == "inbound" for f in self.world.facts())
        )
        await self.joined.rest(0.3)
        (fact,) = [f for f in self.world.facts() if f.kind == "inbound"]
        assert fact.inbound is not None
        self.assertEqual(
            ("TD", "01", "13800138000"),
            (fact.inbound.text, fact.inbound.access_number, fact.inbound.number),
        )

    async def test_wrong_secret(self) -> None:
        """
        The vendor's word for a wrong signature ends it: there is no other channel.
        """
        joined = Joined(TencentLike(), "tencent", {"secret": "wrong"})
        self.addCleanup(joined.end)
        (name,) = joined.world.accept("明天停诊")
        await joined.until(lambda: joined.world.state(name) == "undelivered")
        (final,) = [f for f in joined.world.facts() if f.kind == "final"]
        self.assertEqual("1001", final.code)

    async def test_push_where_none_is_agreed(self) -> None:
        """
        A path that the contract has not is none of ours.
        """
        with self.assertRaises(Refused):
            await self.joined.channel.desk.take("receipts", "", Knock(b"[]"))


@attrs.define
class Held:
    """
    A wire that waits until it is told.
    """

    waiting: list[Deferred[Response]] = attrs.field(factory=list)
    requests: list[Request] = attrs.field(factory=list)

    async def ask(self, request: Request) -> Response:
        """
        When L{answer} says so.
        """
        self.requests.append(request)
        held: Deferred[Response] = Deferred()
        self.waiting.append(held)
        return await held

    def answer(self, told: Any) -> None:
        """
        The oldest request's answer.
        """
        self.waiting.pop(0).callback(Response(200, {}, json.dumps(told).encode()))

    async def close(self) -> None:
        """
        Nothing is kept.
        """


@attrs.define(eq=False)
class Bench:
    """
    A channel in memory, under a clock.
    """

    vendor: dict[str, Any] = attrs.field(factory=dict)
    changes: dict[str, Any] = attrs.field(factory=dict)
    wire: Held = attrs.field(factory=Held)
    timers: Clock = attrs.field(factory=Clock)
    world: World = attrs.field(init=False)
    channel: VendorChannel = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        made = channel_of("tencent", **self.changes)
        made = attrs.evolve(made, vendor={**made.vendor, **self.vendor})
        self.world = World(objects=objects(made))
        self.channel = VendorChannel(
            VendorContract.of(made),
            self.wire,  # type: ignore[arg-type]
            self.timers,  # type: ignore[arg-type]
            self.world.clock,
            self.world.shard.outbox,
            self.world.shard.settlement,
            lambda: 0.5,
            lambda: "n",
        )
        self.world.shard.carriers[made.id] = self.channel

    def move(self, seconds: float = 0.0) -> None:
        """
        Time passes, the shard turns, the channel sends.
        """
        for _ in range(2):
            self.world.clock.at += seconds / 2
            self.world.turn()
            self.timers.advance(seconds / 2)

    def sent(self) -> list[int]:
        """
        The numbers in each request.
        """
        return [len(json.loads(one.body)["tel"]) for one in self.wire.requests]


class BenchTests(SynchronousTestCase):
    """
    Windows, pace and what cannot go.
    """

    def test_window(self) -> None:
        """
        So many requests in flight, of so many messages; room is what is left.
        """
        bench = Bench()
        self.assertEqual(6, bench.channel.room(0.0).messages)
        bench.world.accept(*["明天停诊"] * 10)
        bench.move()
        self.assertEqual([3, 3], bench.sent())
        self.assertEqual(0, bench.channel.room(0.0).messages)
        bench.wire.answer({"result": 1016})
        bench.move()
        self.assertEqual([3, 3, 3], bench.sent())

    def test_pace_counts_segments(self) -> None:
        """
        Ten a second are five messages of two segments.
        """
        bench = Bench(changes={"speed": 10.0, "window": 100}, vendor=one_by_one())
        bench.world.accept(*["长" * 100] * 40)
        for _ in range(400):
            bench.move(0.01)
        self.assertLess(abs(len(bench.wire.requests) - 20), 3)

    def test_full_of_its_own_pace(self) -> None:
        """
        It says so when half of what it may look ahead waits, and while it pauses.
        """
        bench = Bench(changes={"speed": 100.0, "window": 100})
        self.assertFalse(bench.channel.room(0.0).full)
        bench.world.accept(*["明天停诊"] * 200)
        bench.world.turn(2)
        self.assertTrue(bench.channel.room(0.0).full)
        bench.channel.pace.throttled(5.0, bench.world.clock.monotonic())
        self.assertEqual((0, True), attrs.astuple(bench.channel.room(0.0))[1::2])

    def test_pause(self) -> None:
        """
        After a throttle answer there is no room for a while, and at the fifth in a
        row the message goes back.
        """
        bench = Bench()
        (name,) = bench.world.accept("明天停诊")
        bench.move()
        for count in range(1, 6):
            self.assertEqual(count, len(bench.wire.requests))
            bench.wire.answer({"result": 1022})
            self.assertEqual(0, bench.channel.room(0.0).messages)
            bench.move()
            self.assertEqual(count, len(bench.wire.requests))
            if count < 5:
                bench.move(2.0)
        self.assertEqual("queued", bench.world.state(name))

    def test_a_character_that_has_no_octets(self) -> None:
        """
        Of a request only the message that cannot go is refused.
        """
        item = {"mobile": "{number}", "msg": "{text}"}
        bench = Bench(vendor={"charset": "gbk", "submit": apart(item)})
        names = bench.world.accept("明天停诊", "停诊😀", "后天停诊")
        bench.move()
        bench.world.turn()
        states = [bench.world.state(name) for name in names]
        self.assertEqual(["", "undelivered", ""], states)
        self.assertEqual(2, len(bench.wire.requests))

    def test_carried_too_late(self) -> None:
        """
        What is granted to a channel that stopped goes back; what another protocol
        began here cannot be gone on with.
        """
        bench = Bench()
        settlement = bench.world.shard.settlement
        fresh, begun = flight(id="A"), flight(2, id="B")
        begun.attempt.parts[0].state = "taken"
        for one in (fresh, begun):
            settlement.flights[one.message.id] = one
        self.successResultOf(Deferred.fromCoroutine(bench.channel.stop()))
        self.assertFalse(bench.channel.live)
        bench.channel.carry([fresh, begun])
        kinds = [one.kind for one in bench.world.shard.outbox.settles]
        self.assertEqual(["again", "end"], kinds)

    def test_too_long(self) -> None:
        """
        A text of more segments than the contract allows ends here.
        """
        bench = Bench(changes={"settings": {"max_parts": 1}})
        (name,) = bench.world.accept("长" * 100)
        bench.move()
        self.assertEqual("undelivered", bench.world.state(name))
        self.assertEqual([], bench.wire.requests)


def one_by_one() -> dict[str, Any]:
    """
    The fixture without batches.
    """
    return {"submit": channel_of("tencent").vendor["submit"] | {"batch": 1}}


def apart(item: dict[str, str]) -> dict[str, Any]:
    """
    The fixture with a text for each number.
    """
    submit = dict(channel_of("tencent").vendor["submit"])
    body = {"sig": "{sign}", "tel": "{items}"}
    return submit | {"same": False, "item": item, "json": body}
