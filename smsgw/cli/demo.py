"""
C{smsgw demo}: the gateway does its main job before the user's eyes.
"""

import argparse
import json
import signal
import sys
import time
from pathlib import Path
from typing import Any

import treq

from smsgw.cli.lots import Lots
from smsgw.cli.stage import Stage
from smsgw.cli.stores import in_reactor
from smsgw.cli.table import read_table
from smsgw.cli.visitor import Visitor
from smsgw.client import GatewayClient
from smsgw.config import read_secret
from smsgw.errors import Unavailable
from smsgw.tasks import SystemClock, sleep

__all__ = ["configure", "run"]

SIGNED = "【示范医院】"
START, FINISH = 60.0, 90.0
VISITOR, ACCESS = "700001", "10690000"
CODE_TO, REPORT_TO = "13800138000", "13900139000"
CODE = "您的验证码是 482913，5 分钟内有效，请勿告知他人。"
PARAGRAPH = (
    "检查所见：双肺纹理清晰，右肺上叶见直径约 6 毫米磨玻璃结节，边界清楚，"
    "建议 6 个月后复查低剂量 CT。肝、胆、胰、脾未见明显异常。😀"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    parser.add_argument("--once", action="store_true", help="end by itself")
    parser.add_argument(
        "--days", type=int, default=30, help="of a made-up past; none with --once"
    )
    parser.add_argument("--folder", type=Path, default=Path("var/demo"))
    parser.add_argument("--etc", type=Path, default=Path("etc"))
    parser.add_argument("--examples", type=Path, default=Path("examples"))


def run(arguments: argparse.Namespace) -> int:
    """
    Status 0 only if every message was delivered and the balance is exact.

    Ended by Ctrl-C or SIGTERM, it leaves no process behind.
    """
    _take_signals()
    stage = Stage(arguments.folder, arguments.etc)
    stage.build()
    try:
        stage.start()
        status = in_reactor(lambda reactor: _Show(stage, arguments, reactor).play())
        if not arguments.once:
            _stay(stage, arguments.days)
        return status
    finally:
        stage.stop()


def _take_signals() -> None:
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.default_int_handler)


def _stay(stage: Stage, days: int) -> None:
    _take_signals()  # a reactor that ran keeps them
    print(_where(stage))
    try:
        if days > 0:
            _remember(stage, days)
        while True:
            stage.check()
            time.sleep(1)
    except KeyboardInterrupt:
        print("\n正在停止 stopping ...")


def _remember(stage: Stage, days: int) -> None:
    """
    A past beside what was sent just now, for the console's pages.
    """
    print(f"正在写入 {days} 天演示历史 writing a past of {days} days ...", flush=True)
    config = str(stage.config)
    words = ("demo-data", "-c", config, "--force", "--days", str(days))
    print(stage.command(*words), end="", flush=True)


def _where(stage: Stage) -> str:
    door, key = stage.url, stage.key
    body = json.dumps({"to": [CODE_TO], "text": "您好"}, ensure_ascii=False)
    return (
        f"\n运行中，Ctrl-C 停止  it stays up, Ctrl-C ends it\n"
        f"  控制台 console http://127.0.0.1:{stage.ports['admin']}/"
        f"   登录 log in: {stage.first_login()}\n"
        f"  HTTP {door}   密钥 key {key}\n\n"
        f"curl -s -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json'"
        f" -d '{body}' {door}/v1/messages\n"
        f"curl -s -H 'Authorization: Bearer {key}' '{door}/v1/messages?to={CODE_TO}'\n"
        f"curl -s -H 'Authorization: Bearer {key}' '{door}/v1/events?limit=5'\n"
        f"curl -s {door}/v1/ready\n"
    )


class _Show:
    """
    The acts, in order, against a stage that is starting.
    """

    def __init__(
        self, stage: Stage, arguments: argparse.Namespace, reactor: Any
    ) -> None:
        self.stage = stage
        self.examples: Path = arguments.examples
        self.reactor = reactor
        self.client = GatewayClient.over(
            reactor, stage.url, "his", read_secret(stage.folder / "his.secret")
        )
        self.sent = 0
        self.states: dict[str, str] = {}
        self.replies: list[dict[str, Any]] = []
        self.cursor = 0
        self.shown_at = -1.0

    async def play(self) -> int:
        """
        Everything; the status.
        """
        await self._ready()
        code = await self._one("(a) 验证码 a verification code", CODE_TO, CODE, "otp")
        report = PARAGRAPH * (1200 // len(PARAGRAPH) + 1)
        report = report[:1199] + "😀"
        long = await self._one(
            "(b) 1,200 字检查报告 a 1,200-character report", REPORT_TO, report, "report"
        )
        visitor = await self._visit()
        await self._notices()
        await self._watch()
        same = await self._phone(report)
        await self._carriers()
        visited = await self._visited(visitor)
        await self._timeline("(a)", code)
        await self._timeline("(b)", long)
        replied = self._show_replies()
        return self._totals(same and replied and visited)

    async def _visit(self) -> Visitor:
        """
        Another system logs in as to a carrier, and sends a long text in parts.
        """
        secret = read_secret(self.stage.folder / f"{VISITOR}.secret")
        visitor = Visitor(self.reactor, self.stage.ports["door"], VISITOR, secret)
        await visitor.enter()
        source, text = f"{ACCESS}09", PARAGRAPH * 3
        parts = await visitor.submit(REPORT_TO, source, text)
        print(
            f"(d) 说 CMPP 的业务系统登录网关 a system that speaks CMPP logs in: "
            f"{len(text)} 字 characters, {parts} 段已受理 parts taken"
        )
        return visitor

    async def _visited(self, visitor: Visitor) -> bool:
        """
        Each part it sent has its receipt.
        """
        started = time.monotonic()
        while not visitor.done and time.monotonic() - started < START:
            await sleep(self.reactor, 0.1)
        states = sorted(set(visitor.receipts.values()))
        print(f"(d) 它的状态报告 its receipts: {len(visitor.receipts)}, {states}")
        await visitor.leave()
        return visitor.done and states == ["delivered"]

    async def _carriers(self) -> None:
        """
        How much each carrier took.
        """
        control = f"http://127.0.0.1:{self.stage.ports['control']}"
        names = await (await treq.get(f"{control}/carriers")).json()
        for name in names:
            response = await treq.get(f"{control}/carriers/{name}/totals")
            totals = await response.json()
            print(
                f"    {name:8} 短信 messages {totals['messages']:5}"
                f"  段 segments {totals['segments']:5}"
            )

    async def _ready(self) -> None:
        started = time.monotonic()
        while not await self.client.ready():
            self.stage.check()
            if time.monotonic() - started > START:
                raise Unavailable("the gateway is not ready; see its log")
            await sleep(self.reactor, 0.1)
        print(f"网关就绪 gateway ready after {time.monotonic() - started:.1f} s")

    async def _one(self, title: str, to: str, text: str, category: str) -> str:
        answer = await self.client.send(
            {"to": [to], "text": text, "category": category}
        )
        item = answer["items"][0]
        self.sent += 1
        print(f"{title}: {item['id']} {item['segments']} 段 segment(s) -> {to}")
        return str(item["id"])

    async def _notices(self) -> None:
        template = (self.examples / "appointments.template.txt").read_text("utf-8")
        path = self.examples / "appointments.csv"
        rows = read_table(path, template.strip(), None).items
        print(
            f"(c) {len(rows)} 条预约通知 appointment notices; 例 e.g. {rows[0]['text']}"
        )
        lots = Lots(self.client, SystemClock(self.reactor), "appointment", FINISH)
        async for start, answer in lots.send(rows):
            self.sent += answer["accepted"]
            done = start + len(answer["items"])
            print(f"    已受理 accepted {done}, 拒绝 refused {answer['rejected']}")

    async def _watch(self) -> None:
        """
        Follow the events until all have ended and replies have come.
        """
        started, quiet = time.monotonic(), 0.0
        while time.monotonic() - started < FINISH:
            if not await self._read_events():
                ended = len(self.states)
                if ended >= self.sent and quiet >= 3.0:
                    break
                quiet += 0.2
                await sleep(self.reactor, 0.2)
            else:
                quiet = 0.0
            self._progress(time.monotonic() - started)
        print()

    def _progress(self, seconds: float) -> None:
        delivered = sum(state == "delivered" for state in self.states.values())
        width = 40 * delivered // max(1, self.sent)
        bar = "█" * width + "░" * (40 - width)
        end = "" if sys.stdout.isatty() else "\n"
        if end and seconds - self.shown_at < 1.0 and delivered < self.sent:
            return
        self.shown_at = seconds
        print(
            f"\r    {bar} 送达 delivered {delivered}/{self.sent}"
            f" 回复 replies {len(self.replies)}  {seconds:4.1f} s",
            end=end,
            flush=True,
        )

    async def _read_events(self) -> int:
        answer = await self.client.events(self.cursor, 500)
        events = answer["events"]
        for event in events:
            kind = event["type"]
            if kind == "inbound.received":
                self.replies.append(event)
            elif kind != "message.submitted":
                self.states[event["message_id"]] = kind.partition(".")[2]
        if events:
            self.cursor = answer["cursor"]
            await self.client.ack([event["event_id"] for event in events])
        return len(events)

    async def _phone(self, report: str) -> bool:
        """
        What the phone shows, joined from its parts, against what was sent.
        """
        control = f"http://127.0.0.1:{self.stage.ports['control']}"
        response = await treq.get(f"{control}/phones/{REPORT_TO}")
        texts = [one["text"] for one in await response.json()]
        shown = next((text for text in texts if text == SIGNED + report), "")
        same = bool(shown)
        print(
            f"(b) 手机显示 the phone shows {len(shown)} 字 characters, "
            f"{'一字不差 exactly as sent' if same else '不同 DIFFERENT'}:\n"
            f"    {shown[:60]} ... {shown[-30:]}"
        )
        return same

    async def _timeline(self, name: str, message_id: str) -> None:
        answer = await self.client.timeline(message_id)
        print(f"{name} 时间线 timeline of {message_id}")
        for step in answer["steps"][-6:]:
            words = [step.get(key) for key in ("kind", "state", "channel", "code")]
            print("   ", step["at"], *[word for word in words if word])

    def _show_replies(self) -> bool:
        linked = [reply for reply in self.replies if reply["message_id"]]
        print(f"回复 replies: {len(self.replies)}, 已关联 linked {len(linked)}")
        for reply in linked[:1]:
            body = reply.get("body", reply)
            print(f"    “{body.get('text')}” <- 短信 message {reply['message_id']}")
        return bool(linked) and len(linked) == len(self.replies)

    def _totals(self, fine: bool) -> int:
        delivered = sum(state == "delivered" for state in self.states.values())
        balance = self.stage.command("balance", "-c", str(self.stage.config))
        print(f"总计 totals: 发送 sent {self.sent}, 送达 delivered {delivered}")
        print(balance, end="")
        exact = "balanced" in balance and f" {self.sent} " in balance
        return 0 if fine and exact and delivered == self.sent else 1
