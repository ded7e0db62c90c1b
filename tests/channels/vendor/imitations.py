"""
Two vendors in small, after their published formats, with signatures checked by a
second way of making them; and a channel joined to one over loopback.
"""

import base64
import hashlib
import hmac
import json
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode

import attrs
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request, Site

from smsgw.channels.vendor.channel import VendorChannel
from smsgw.channels.vendor.contract import VendorContract
from smsgw.channels.vendor.wire import Wire
from smsgw.directory import Channel, Directory, Group, Rule, Share
from smsgw.objects import load_directory
from tests.support.worlds import World, directory

HERE = Path(__file__).parent


def channel_of(name: str, **changes: Any) -> Channel:
    """
    The channel of a fixture.
    """
    (made,) = load_directory(HERE / f"{name}_like.toml").channels.values()
    return attrs.evolve(made, **changes)


def objects(channel: Channel) -> Directory:
    """
    A directory that sends everything through a channel.
    """
    return attrs.evolve(
        directory(),
        channels={channel.id: channel},
        groups={"all": Group("all", (Share(channel.id),))},
        rules=(Rule("r1", 1, "all"),),
    )


class Vendor(Resource):
    """
    A server that keeps what it was asked, and may be told to fail: by an HTTP
    status, C{silent}, or C{cut}.
    """

    def __init__(self) -> None:
        super().__init__()
        self.isLeaf = True
        self.taken: list[dict[str, Any]] = []
        self.asked = 0
        self.fails: list[Any] = []
        self.ids = count(900_000_001)

    def render(self, request: Request) -> Any:
        """
        An answer, or a fault.
        """
        self.asked += 1
        fault = self.fails.pop(0) if self.fails and self._submits(request) else None
        if fault == "cut":
            self.answer(request)
            request.transport.abortConnection()
            return NOT_DONE_YET
        if fault == "silent":
            self.answer(request)
            request.notifyFinish().addErrback(lambda _: None)
            return NOT_DONE_YET
        if isinstance(fault, int):
            request.setResponseCode(fault)
            return b"no"
        told = fault or self.answer(request)
        return told if isinstance(told, bytes) else json.dumps(told).encode()

    def _submits(self, request: Request) -> bool:
        return True

    def answer(self, request: Request) -> Any:
        """
        What a vendor in good health says.
        """
        raise NotImplementedError


class AliyunLike(Vendor):
    """
    C{SendSms} of version 2017-05-25.
    """

    def answer(self, request: Request) -> Any:
        """
        C{OK} and a BizId, if the signature is right.
        """
        pairs = parse_qsl(request.uri.partition(b"?")[2].decode())
        given = dict(pairs)
        signature = given.pop("Signature")
        whole = urlencode(sorted(given.items()), quote_via=quote, safe="~")
        text = f"GET&{quote('/', safe='')}&{quote(whole, safe='~')}"
        made = hmac.new(b"testSecret&", text.encode(), hashlib.sha1).digest()
        if base64.b64encode(made).decode() != signature:
            request.setResponseCode(400)
            return {"Code": "SignatureDoesNotMatch", "Message": "no"}
        given["BizId"] = f"{next(self.ids)}^0"
        self.taken.append(given)
        return {
            "Message": "OK",
            "RequestId": "F655A8D5-B967-440B-8683-DAD6FF8DE990",
            "BizId": given["BizId"],
            "Code": "OK",
        }

    def report(self, place: int, good: bool = True) -> bytes:
        """
        A pushed report about a message.
        """
        one = self.taken[place]
        told = {
            "phone_number": one["PhoneNumbers"],
            "send_time": "2026-09-21 08:00:00",
            "report_time": "2026-09-21 08:00:05",
            "success": good,
            "err_code": "DELIVERED" if good else "MK:0001",
            "err_msg": "用户接收成功",
            "sms_size": "1",
            "biz_id": one["BizId"],
            "out_id": one["OutId"],
        }
        return json.dumps([told]).encode()


class TencentLike(Vendor):
    """
    C{sendmultisms2} and C{pullstatus} of version 5, with a confirmation of lots.
    """

    KEY = "5f03a35d00ee52a21327ab048186a2c4"

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[int] = []
        self.reports: list[dict[str, Any]] = []
        self.replies: list[dict[str, Any]] = []
        self.confirmed: list[dict[str, Any]] = []

    def _submits(self, request: Request) -> bool:
        return bool(request.path.endswith(b"sendmultisms2"))

    def answer(self, request: Request) -> Any:
        """
        By path.
        """
        body = json.loads(request.content.read())
        if request.path.endswith(b"confirm"):
            self.confirmed.append(body)
            gone = set(body["sids"])
            self.reports = [one for one in self.reports if one["sid"] not in gone]
            return {"result": 0}
        random = parse_qs(request.uri.partition(b"?")[2].decode())["random"][0]
        text = f"appkey={self.KEY}&random={random}&time={body['time']}"
        if self._submits(request):
            text += "&mobile=" + ",".join(one["mobile"] for one in body["tel"])
        if hashlib.sha256(text.encode()).hexdigest() != body["sig"]:
            return {"result": 1001, "errmsg": "sig校验失败"}
        if not self._submits(request):
            return self._pull(body["type"])
        self.requests.append(len(body["tel"]))
        return {
            "result": 0,
            "errmsg": "OK",
            "ext": body["ext"],
            "detail": [self._one(one, body) for one in reversed(body["tel"])],
        }

    def _one(self, tel: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        if tel["mobile"].endswith("9"):
            return {"result": 1016, "errmsg": "手机号格式错误", **tel}
        sid = f"8:{next(self.ids)}"
        self.taken.append({**tel, "sid": sid, "msg": body["msg"]})
        report = {
            "user_receive_time": "2026-09-21 08:00:05",
            **tel,
            "report_status": "SUCCESS",
            "errmsg": "DELIVRD",
            "description": "用户短信送达成功",
            "sid": sid,
        }
        self.reports.append(report)
        return {"result": 0, "errmsg": "OK", **tel, "sid": sid, "fee": 1}

    def _pull(self, kind: int) -> dict[str, Any]:
        data = self.replies if kind else self.reports
        if kind:
            self.replies = []
        return {"result": 0, "errmsg": "", "lot": 7, "count": len(data), "data": data}


@attrs.define(eq=False)
class Joined:
    """
    A shard in memory, a channel, and a vendor at a real port.
    """

    vendor: Vendor
    name: str
    changes: dict[str, Any] = attrs.field(factory=dict)
    world: World = attrs.field(init=False)
    channel: VendorChannel = attrs.field(init=False)
    port: Any = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.port = self.listen(0)
        place = f"http://127.0.0.1:{self.port.getHost().port}"
        made = channel_of(self.name, **{"endpoint": place, **self.changes})
        self.world = World(objects=objects(made))
        contract = VendorContract.of(made)
        nonces = count(1)
        self.channel = VendorChannel(
            contract,
            Wire.over(
                reactor, made.window, contract.settings.timeout, contract.settings.idle
            ),
            reactor,  # type: ignore[arg-type]  # a module that is one
            self.world.clock,
            self.world.shard.outbox,
            self.world.shard.settlement,
            lambda: 0.5,
            lambda: f"n{next(nonces)}",
        )
        self.world.shard.carriers[made.id] = self.channel
        self.channel.start()

    def listen(self, number: int) -> Any:
        """
        The vendor's port.
        """
        return reactor.listenTCP(  # type: ignore[attr-defined]
            number, Site(self.vendor), interface="127.0.0.1"
        )

    async def until(self, seen: Any, seconds: float = 5.0) -> None:
        """
        Exchange until something holds.
        """
        for _ in range(int(seconds / 0.01)):
            self.world.turn()
            if seen():
                return
            await self.rest()
        raise AssertionError("it never came")

    def rest(self, seconds: float = 0.01) -> "Deferred[None]":
        """
        Let the reactor turn.
        """
        return deferLater(reactor, seconds)  # type: ignore[arg-type]

    async def end(self) -> None:
        """
        Away with channel and vendor.
        """
        await self.channel.stop()
        await self.port.stopListening()
