"""
What this very server can do: the rows of the requirements that are about speed, one
after another, on gateways of its own.
"""

import math
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import attrs

from smsgw.cli.proving.acceptance import Acceptance, Line, limit_of
from smsgw.cli.proving.delays import percentile, settled, under_flood
from smsgw.cli.proving.machine import Machine, versions
from smsgw.cli.proving.processes import Cost
from smsgw.cli.proving.rates import BATCH, accepting, drain, personal, sending
from smsgw.cli.proving.source import Source, bearer
from smsgw.cli.proving.venue import Venue, counts, opened
from smsgw.cli.proving.visitors import Visitors, admit, logged_in
from smsgw.cli.proving.whole import LENGTH, wholes
from smsgw.cli.stage import Stage

__all__ = ["FULL", "QUICK", "Assessment", "Sizes", "lines"]

ALL = ("cmpp", "sgip", "smgp")
CHINA = timezone(timedelta(hours=8))
USERS, PEAK, STEADY, LOT = 2_500, 4_000, 2_000, 100
DAY, BUSIEST = 500_000_000, 20_000
_RECEIPT = 0.3  # the simulated phones' longest time
_WARM = 2_000
_FILES = 16_384
_WIDE = Venue(connections=2, window=128)
Told = Callable[[str], None]
Figures = dict[str, Any]


@attrs.frozen
class Sizes:
    """
    How long, or how many, each part is.
    """

    accept_runs: int
    accept_seconds: float
    send: int
    steady_seconds: float
    lane_seconds: float
    peak_seconds: float


FULL = Sizes(5, 3.0, 60_000, 20.0, 20.0, 60.0)
QUICK = Sizes(1, 1.5, 12_000, 4.0, 0.0, 5.0)


@attrs.frozen
class Assessment:
    """
    Takes the figures; C{told} hears how far it is.
    """

    quick: bool = False
    told: Told = lambda _: None

    def run(self) -> Acceptance:
        """
        All of it; L{Unavailable} when a gateway does not do its work at all.
        """
        began, sizes = time.monotonic(), QUICK if self.quick else FULL
        at = datetime.now(UTC).astimezone(CHINA).isoformat(timespec="minutes")
        _allow_files()
        machine = Machine.look(Path(tempfile.gettempdir()))
        figures: Figures = {}
        with opened(_WIDE, carrier=False) as stage:
            self.told("1/6 受理能力 accepting")
            figures["accept"] = _accept(stage, sizes)
        with opened(_WIDE, before=admit) as stage:
            self.told("2/6 发送能力 sending")
            sending(stage, ALL, _WARM)
            figures["send"] = sending(stage, ALL, sizes.send)
            self.told("3/6 长短信 long messages")
            figures["whole"] = attrs.asdict(found := wholes(stage))
            figures["whole"]["right"] = found.right
            self.told("4/6 到达时延 time to arrive")
            figures["steady"] = _steady(stage, sizes.steady_seconds)
            self.told("5/6 高峰与 2500 用户 peak, 2,500 users")
            figures["peak"] = _peak(stage, sizes.peak_seconds)
        if sizes.lane_seconds:
            self.told("6/6 群发压满时的验证码 codes under a flood")
            with opened(Venue(connections=1)) as stage:
                figures["lane"] = under_flood(stage, sizes.lane_seconds, ALL)
        seconds = time.monotonic() - began
        rows = lines(figures, machine.cores)
        return Acceptance(machine, rows, seconds, at, self.quick, figures, versions())


def _allow_files() -> None:
    """
    As many connections as people, for us and the gateway that we start.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, enough), hard))


def _accept(stage: Stage, sizes: Sizes) -> Figures:
    bodies = [personal(1000, 1000 * turn) for turn in range(16)]
    source = Source(stage.ports["http"], bearer(stage.key, BATCH), bodies, 16)
    return accepting(stage, source, 1000, 1.0, sizes.accept_seconds, sizes.accept_runs)


def _steady(stage: Stage, seconds: float) -> Figures:
    """
    Delays at a steady rate below what can be sent.
    """
    posted = _pace(stage, seconds, STEADY, "medication")
    found = settled(stage, "medication", posted)
    arrived = percentile(found.delivered, 0.99)
    return {**found.told(), "posted": posted, "arrived_p99_ms": arrived}


def _peak(stage: Stage, seconds: float) -> Figures:
    """
    Messages and people at the same time.
    """
    tickets = logged_in(stage, USERS)
    people = Visitors(stage.ports["admin"], tickets, seconds)
    cost = Cost.of(stage)
    people.start()
    before, began = counts(stage)["ended"], time.monotonic()
    posted = _pace(stage, seconds, PEAK, "notice")
    ended = drain(stage, before + posted) - before
    took = max(seconds, time.monotonic() - began - _RECEIPT)
    per_message, others = cost.per_message(ended), cost.others()
    people.join(120)
    delays = settled(stage, "notice", posted)
    return {
        "users": USERS,
        "posted": posted,
        "sent_per_second": round(ended / took),
        "arrived_p99_ms": percentile(delays.delivered, 0.99),
        "pages": len(people.latencies),
        "pages_p95_ms": people.pages_p95_ms,
        "live_pages_seen": people.seen,
        "faults": people.faults[:5],
        "cpu_us_per_message": per_message,
        "other_cores": others,
    }


def _pace(stage: Stage, seconds: float, rate: float, category: str) -> int:
    """
    Post so many messages a second; how many were taken.
    """
    bodies = [personal(LOT, LOT * turn, ALL, category) for turn in range(64)]
    source = Source(stage.ports["http"], bearer(stage.key, BATCH), bodies, 8)
    source.run(seconds, rate / LOT)
    return source.answered * LOT


def lines(figures: Figures, cores: int) -> list[Line]:
    """
    The rows of the requirements.
    """
    return [
        *_about_sending(figures, cores),
        *_about_peak(figures["peak"], cores),
        *_about_size(figures, cores),
    ]


def _about_sending(figures: Figures, cores: int) -> list[Line]:
    send, steady, whole = figures["send"], figures["steady"], figures["whole"]
    rate, arrived = send["figure"], steady["arrived_p99_ms"] / 1000
    parts = max((told[1] for told in whole["told"].values()), default=0)
    limit = limit_of(send, rate, cores)
    found = [
        Line(
            "T15",
            f"长短信（{LENGTH} 字以上）整条显示 long message shown as one",
            "三网均为一条",
            f"三网均为一条，{parts} 段合并" if whole["right"] else str(whole["told"]),
            whole["right"],
        ),
        Line(
            "T15",
            "日处理能力 messages a day",
            "千万级",
            f"{rate * 86_400 / 1e4:,.0f} 万条/日",
            rate * 86_400 >= 10_000_000,
        ),
        Line(
            "T22",
            "发送速率（受理、提交、回执、入库）sent to the end",
            "≥ 5,000 条/秒",
            f"{rate:,} 条/秒",
            rate >= 5_000,
            limit,
        ),
        Line(
            "T24",
            f"受理到送达时延（{STEADY:,} 条/秒）p99 time to arrive",
            "< 3 秒",
            f"{arrived:.2f} 秒",
            0 < arrived < 3.0 and steady["messages"] >= steady["posted"],
        ),
    ]
    if lane := figures.get("lane"):
        found.append(
            Line(
                "T24",
                "群发压满全部通道时，验证码受理到运营商应答 p99 codes under a flood",
                "< 3 秒",
                f"{lane['figure'] / 1000:.3f} 秒",
                0 < lane["figure"] < 3000 and lane["messages"] >= lane["codes"],
                "" if lane["saturated"] else "通道未压满 not saturated",
            )
        )
    return found


def _about_peak(peak: Figures, cores: int) -> list[Line]:
    rate, arrived = peak["sent_per_second"], peak["arrived_p99_ms"] / 1000
    pages, faults = peak["pages_p95_ms"] / 1000, len(peak["faults"])
    kept = rate >= 0.97 * PEAK
    return [
        Line(
            "T23",
            f"业务高峰（同时 {USERS:,} 用户使用控制台）at peak",
            "≥ 4,000 条/秒",
            f"{rate:,} 条/秒，时延 p99 {arrived:.2f} 秒",
            kept,
            "" if kept else limit_of(peak, rate, cores),
        ),
        Line(
            "T26",
            f"{USERS:,} 用户同时在线，页面响应 p95 pages",
            f"{USERS:,} 用户，< 3 秒",
            f"{peak['users']:,} 用户，{pages:.2f} 秒，{peak['pages']} 页"
            + (f"，出错 {faults}：{peak['faults'][0]}" if faults else "，无出错"),
            bool(peak["pages"]) and pages < 3.0 and not faults,
        ),
    ]


def _about_size(figures: Figures, cores: int) -> list[Line]:
    accept, send = figures["accept"], figures["send"]
    rate, cost = accept["figure"], send["cpu_us_per_message"]["gateway"]
    shard = 0.7e6 / max(1.0, cost)
    return [
        Line(
            "T25",
            "接口受理速率（每批 1,000 条，落盘后应答）accepted, durable",
            "> 80,000 条/秒",
            f"{rate:,} 条/秒",
            rate > 80_000,
            limit_of(accept, rate, cores),
        ),
        Line(
            "T25",
            "日 5 亿条设计 500 million a day, reckoned",
            f"平均 {DAY / 86_400:,.0f}，最忙 {BUSIEST:,} 条/秒",
            f"每分片 {shard:,.0f} 条/秒，需 {math.ceil(BUSIEST / shard)} 个分片",
            None,
            "见 docs/capacity.md",
        ),
    ]
