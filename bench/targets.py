"""
What each scenario is measured by: asked, must, aim (performance.md section 3), and
what peers did on the same machine.
"""

from typing import Any

import attrs

__all__ = ["PEERS", "TARGETS", "Target", "value_at"]


@attrs.frozen
class Target:
    """
    A figure of a scenario's line (C{place}, dotted) and its marks; 0 is none.
    C{less} is better where times and memory are measured.
    """

    scenario: str
    name: str
    unit: str
    must: float
    aim: float
    asked: float = 0.0
    place: str = "figure"
    less: bool = False

    def reached(self, figure: float, mark: float) -> bool:
        """
        Whether a figure is as good as a mark.
        """
        return figure <= mark if self.less else figure >= mark


def _rate(scenario: str, name: str, asked: float, must: float, aim: float) -> Target:
    return Target(scenario, name, "条/秒 /s", must, aim, asked)


def _less(
    scenario: str, name: str, unit: str, place: str, marks: tuple[float, ...]
) -> Target:
    must, aim, asked = (*marks, 0.0, 0.0)[:3]
    return Target(scenario, name, unit, must, aim, asked, place, less=True)


_SENT = "受理到入库 accepted to recorded"
TARGETS = (
    _rate("accept-batch", "批量受理 batches", 80_000, 120_000, 200_000),
    _rate("accept-same", "同文群发受理 one text", 80_000, 300_000, 600_000),
    _rate("accept-single", "单条受理 single, signed", 0, 3_000, 20_000),
    _rate("send", f"三网同时，{_SENT}", 5_000, 10_000, 30_000),
    _rate("send-postgres", f"PostgreSQL，{_SENT}", 5_000, 8_000, 20_000),
    _less(
        "lane",
        "群发压满时验证码到运营商应答 codes under a flood",
        "ms p99",
        "figure",
        (300, 80, 3_000),
    ),
    _less("backlog", "百万排队后重启到首条发出 restart", "s", "figure", (15, 3)),
    _less("backlog", "百万排队时网关内存 memory", "MB", "gateway_mb", (400, 150)),
    _less(
        "peak",
        "2,500 人在线时页面 pages at the peak",
        "ms p95",
        "figure",
        (500, 150, 3_000),
    ),
    _less(
        "peak",
        "2,500 人在线时受理到运营商应答 messages at the peak",
        "ms p99",
        "message_p99_ms",
        (1_000, 200, 3_000),
    ),
    _less("burst", "8 万条/秒突发 burst", "条丢失 lost", "figure", (0, 0)),
    _less("soak", "恒速内存增长 memory", "MB/min", "figure", (1, 0)),
    _less("history", "千万记录按号码查询 by number", "ms p95", "figure", (500, 100)),
    _less(
        "history", "千万记录月报表 month report", "ms", "month_report_ms", (1000, 100)
    ),
    _less(
        "scaling", "规模放大后单条成本 cost by size", "倍 times", "figure", (1.5, 1.1)
    ),
)
PEERS = {
    "accept-single": (("Kannel 内存 memory", 19_000.0), ("Jasmin", 2_400.0)),
    "send": (
        ("Kannel 带回执 receipts", 1_817.0),
        ("Jasmin 带回执 receipts", 22.0),
    ),
}


def value_at(line: dict[str, Any], place: str) -> float | None:
    """
    The figure at a place of a line, None where it has none.
    """
    found: Any = line
    for word in place.split("."):
        found = found.get(word) if isinstance(found, dict) else None
    return float(found) if isinstance(found, int | float) else None
