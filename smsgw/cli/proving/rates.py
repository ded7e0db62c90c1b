"""
How many messages a second: accepted, and sent to the end.
"""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

from smsgw.cli.proving.processes import Cost
from smsgw.cli.proving.source import Head, Source, bearer
from smsgw.cli.proving.venue import counts, numbers, unrecorded
from smsgw.cli.stage import Stage
from smsgw.errors import Unavailable

__all__ = ["BATCH", "TEXT", "accepting", "body", "drain", "personal", "sending"]

BATCH = "/v1/messages/batch"
TEXT = (
    "您好，您预约的心内科门诊时间为12月3日14:10，"
    "请提前15分钟到门诊楼3层候诊，序号{}号。"
)
#: Messages under way at once: what carriers and receipts need at 10,000/s.
AHEAD = 5_000
_PATIENCE = 60.0
Told = Callable[[str], None]


def body(value: Any) -> bytes:
    """
    A request's body.
    """
    return json.dumps(value, ensure_ascii=False).encode()


def personal(
    count: int,
    start: int = 0,
    protocols: Sequence[str] = ("cmpp",),
    category: str = "appointment",
) -> bytes:
    """
    So many messages, each with a text of its own.
    """
    items = [
        {"to": number, "text": TEXT.format(start + n)}
        for n, number in enumerate(numbers(count, start, protocols))
    ]
    return body({"items": items, "category": category})


def accepting(
    stage: Stage, source: Source, each: int, warm: float, run: float, runs: int
) -> dict[str, Any]:
    """
    The median of so many runs of so many seconds, C{each} messages a request.
    """
    source.run(warm)
    rates, p99, messages, cost = [], [], 0, Cost.of(stage)
    for _ in range(runs):
        source.forget()
        seconds = source.run(run)
        if source.refused:
            raise Unavailable(f"refused: {source.refused[0]!r}")
        rates.append(source.answered * each / seconds)
        messages += source.answered * each
        p99.append(source.percentile(0.99))
    return {
        "figure": round(sorted(rates)[len(rates) // 2]),
        "unit": "messages/s",
        "runs": [round(rate) for rate in rates],
        "p99_ms": sorted(p99)[len(p99) // 2],
        "cpu_us_per_message": cost.per_message(messages),
        "other_cores": cost.others(),
        "memory_mb": cost.memory(),
    }


def sending(
    stage: Stage, protocols: Sequence[str], messages: int, lot: int = 1000
) -> dict[str, Any]:
    """
    Accept, submit, response, receipt, record, until the last fact is in the record.
    More is posted as soon as fewer than L{AHEAD} have not ended.
    """
    head, before = _head(stage), counts(stage).get("ended", 0)
    cost, began = Cost.of(stage), time.monotonic()
    source = Source(stage.ports["http"], head, [], 1)
    for start in range(0, messages, lot):
        source.bodies = [personal(lot, start, protocols)]
        while start - counts(stage).get("ended", 0) + before > AHEAD:
            time.sleep(0.01)
        source.once()
    accepted = time.monotonic() - began
    ended = drain(stage, before + messages) - before
    while unrecorded(stage):
        time.sleep(0.02)
    seconds = time.monotonic() - began
    return {
        "figure": round(ended / seconds),
        "unit": "messages/s",
        "messages": messages,
        "ended": ended,
        "accept_seconds": round(accepted, 2),
        "seconds": round(seconds, 2),
        "cpu_us_per_message": cost.per_message(messages),
        "other_cores": cost.others(),
        "memory_mb": cost.memory(),
    }


def drain(
    stage: Stage,
    wanted: int,
    told: Told = lambda _: None,
    patience: float = float("inf"),
) -> int:
    """
    Wait until so many have ended, or none has for a minute, or C{patience} seconds
    are over; how many have.
    """
    began = since = time.monotonic()
    ended = counts(stage).get("ended", 0)
    while ended < wanted and time.monotonic() - since < _PATIENCE:
        if time.monotonic() - began > patience:
            break
        time.sleep(0.1)
        now = counts(stage).get("ended", 0)
        if now > ended:
            ended, since = now, time.monotonic()
            told(f"{ended:,} / {wanted:,}")
    return ended


def _head(stage: Stage) -> Head:
    return bearer(stage.key, BATCH)
