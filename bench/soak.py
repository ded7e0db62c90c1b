"""
Memory at a steady rate: does it grow?
"""

import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.staging import ALL, asked_for, on
from smsgw.cli.proving.processes import Cost
from smsgw.cli.proving.rates import BATCH, personal
from smsgw.cli.proving.source import Source, bearer
from smsgw.cli.proving.venue import Venue, counts
from smsgw.cli.stage import Stage
from smsgw.errors import Unavailable

__all__ = ["slope", "soak", "told"]

LOT, STEP = 100, 10.0
WARM = 0.2  # the first fifth is warming up
SAMPLES = Path("var/bench/soak.jsonl")
Sample = dict[str, Any]


def soak() -> dict[str, Any]:
    """
    Megabytes a minute over half an hour at 6,000 a second (SMSGW_SOAK_MINUTES,
    SMSGW_SOAK_RATE). Samples are written to var/bench/soak.jsonl as they are taken:
    SMSGW_SOAK_SAMPLES=FILE tells the figures of a run that was cut off.
    """
    if kept := os.environ.get("SMSGW_SOAK_SAMPLES"):
        return told([json.loads(one) for one in Path(kept).read_text().splitlines()])
    seconds = asked_for("SOAK_MINUTES", 30) * 60
    rate = asked_for("SOAK_RATE", 6000)
    bodies = [personal(LOT, LOT * turn, ALL) for turn in range(64)]
    with on(Venue(connections=4, window=128)) as stage:
        source = Source(stage.ports["http"], bearer(stage.key, BATCH), bodies, 8)
        load = threading.Thread(target=source.run, args=(seconds, rate / LOT))
        load.start()
        samples = _samples(stage, source, seconds)
        load.join()
    return {"asked_per_second": rate, **told(samples)}


def _samples(stage: Stage, source: Source, seconds: float) -> list[Sample]:
    """
    Memory every ten seconds, oftener in a short run; ends early when the gateway does.
    """
    cost, began, found = Cost.of(stage), time.monotonic(), []
    step = min(STEP, seconds / 30)
    SAMPLES.parent.mkdir(parents=True, exist_ok=True)
    with SAMPLES.open("w", encoding="utf-8") as file:
        while (at := time.monotonic() - began) < seconds:
            try:
                stage.check()
                there = counts(stage)
            except (Unavailable, OSError) as trouble:
                print(f"ended early: {trouble}", file=sys.stderr)
                break
            sample = {
                "at": round(at, 1),
                "memory_mb": cost.megabytes(),
                "taken": source.answered * LOT,
                "refused": len(source.refused) * LOT,
                "ended": there.get("ended", 0),
                "waiting": there.get("waiting", 0),
                "cpu_us_per_message": cost.per_message(max(1, there.get("ended", 0))),
            }
            found.append(sample)
            file.write(json.dumps(sample) + "\n")
            file.flush()
            time.sleep(step)
    return found


def told(samples: Sequence[Sample]) -> dict[str, Any]:
    """
    The figures of the samples after warm-up.
    """
    if not samples:
        raise Unavailable("no samples")
    last = samples[-1]
    settled = [one for one in samples if one["at"] >= last["at"] * WARM]
    slopes = {
        name: round(
            slope([(one["at"] / 60, one["memory_mb"][name]) for one in settled]), 3
        )
        for name in last["memory_mb"]
    }
    minutes = last["at"] / 60
    return {
        "figure": slopes["gateway"],
        "unit": "MB a minute, the gateway's memory",
        "minutes": round(minutes, 1),
        "samples": len(samples),
        "slopes_mb_per_minute": slopes,
        "taken_per_second": round(last["taken"] / last["at"]) if last["at"] else 0,
        "ended_per_second": round(last["ended"] / last["at"]) if last["at"] else 0,
        "refused": last["refused"],
        "waiting": last["waiting"],
        "cpu_us_per_message": last["cpu_us_per_message"],
        "memory_mb": {name: round(mb) for name, mb in last["memory_mb"].items()},
    }


def slope(points: Sequence[tuple[float, float]]) -> float:
    """
    Of the line with the least squares; 0 for fewer than two points.
    """
    if len(points) < 2:
        return 0.0
    x_mean = sum(x for x, _ in points) / len(points)
    y_mean = sum(y for _, y in points) / len(points)
    spread = sum((x - x_mean) ** 2 for x, _ in points)
    shared = sum((x - x_mean) * (y - y_mean) for x, y in points)
    return shared / spread if spread else 0.0
