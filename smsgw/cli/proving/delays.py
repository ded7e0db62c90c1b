"""
How long a message takes: from its acceptance to the carrier's answer and to the phone,
as the record tells.
"""

import contextlib
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs

from smsgw.cli.proving.processes import Cost
from smsgw.cli.proving.rates import body
from smsgw.cli.proving.source import Source, bearer
from smsgw.cli.proving.venue import counts, numbers
from smsgw.cli.stage import Stage

__all__ = ["Delays", "codes", "delays_of", "percentile", "settled", "under_flood"]

SINGLE = "/v1/messages"
_CODE = "您的验证码是{:06d}，5分钟内有效，请勿告知他人。"
_BULK = "温馨提示：年度体检已开始预约，详情请咨询体检中心。"
_FLOOD = 2400  # a second: more than three channels of one connection, window 16 take
_DELAYS = """
SELECT submitted_ms - accepted_ms, final_ms - accepted_ms FROM messages
WHERE category = ? AND submitted_ms > 0 AND final_ms > 0 AND state = 'delivered'
"""


def percentile(values: Sequence[float], share: float) -> float:
    """
    The value that such a share of them does not exceed; 0 of none.
    """
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


@attrs.frozen
class Delays:
    """
    Milliseconds from acceptance to the carrier's answer and to delivery.
    """

    answered: Sequence[float]
    delivered: Sequence[float]

    def told(self) -> dict[str, Any]:
        """
        As a result shows them.
        """
        return {
            "messages": len(self.answered),
            "p50_ms": percentile(self.answered, 0.5),
            "p99_ms": percentile(self.answered, 0.99),
            "worst_ms": max(self.answered, default=0.0),
            "delivered_p99_ms": percentile(self.delivered, 0.99),
        }


def codes(
    stage: Stage, seconds: float, pace: float, protocols: Sequence[str]
) -> Source:
    """
    Single verification codes, so many a second; the source that posted them.
    """
    bodies = [
        body({"to": [number], "text": _CODE.format(n), "category": "otp"})
        for n, number in enumerate(
            numbers(round(seconds * pace), 50_000_000, protocols)
        )
    ]
    head = bearer(stage.key, SINGLE)
    source = Source(stage.ports["http"], head, bodies, len(protocols))
    source.run(seconds, pace)
    return source


def under_flood(
    stage: Stage, seconds: float, protocols: Sequence[str], pace: float = 40.0
) -> dict[str, Any]:
    """
    Codes while every channel has more bulk messages waiting than it can take.
    """
    flood = round(_FLOOD * (seconds + 5.0))
    source = Source(stage.ports["http"], bearer(stage.key, SINGLE), [], 1)
    cost = Cost.of(stage)
    for start in range(0, flood, 5000):
        to = numbers(5000, start, protocols)
        source.bodies = [body({"to": to, "text": _BULK, "category": "bulk"})]
        source.once()
    time.sleep(2.0)
    before = counts(stage)
    posted = codes(stage, seconds, pace, protocols)
    after = counts(stage)
    found = settled(stage, "otp", posted.answered).told()
    moved = max(1, after["ended"] - before["ended"])
    return {
        "figure": found["p99_ms"],
        "unit": "ms p99 from acceptance to the carrier's answer",
        "codes": posted.answered,
        "refused": len(posted.refused),
        "door_p99_ms": posted.percentile(0.99),
        **found,
        "flood_per_second": round(moved / seconds),
        "flood_left": after["waiting"],
        "saturated": after["waiting"] > 0,
        "cpu_us_per_message": cost.per_message(after["ended"]),
        "memory_mb": cost.memory(),
    }


def settled(stage: Stage, category: str, wanted: int, seconds: float = 60.0) -> Delays:
    """
    The delays of a category once so many messages are recorded as delivered.
    """
    until = time.monotonic() + seconds
    while True:
        found = delays_of(stage.folder / "data" / "record.sqlite", category)
        if len(found.answered) >= wanted or time.monotonic() > until:
            return found
        time.sleep(0.25)


def delays_of(record: Path, category: str) -> Delays:
    """
    What the record tells of a category by now.
    """
    link = sqlite3.connect(f"file:{record}?mode=ro", uri=True, timeout=10)
    with contextlib.closing(link):
        rows = link.execute(_DELAYS, (category,)).fetchall()
    return Delays([row[0] for row in rows], [row[1] for row in rows])
