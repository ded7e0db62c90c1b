"""
More than carriers can take, for a while: what is lost, what is refused.
"""

import time
from collections import Counter
from typing import Any

from bench.staging import ALL, asked_for, on
from smsgw.cli.proving.processes import Cost
from smsgw.cli.proving.rates import BATCH, drain, personal
from smsgw.cli.proving.source import Source, bearer
from smsgw.cli.proving.venue import Venue, counts

__all__ = ["burst", "refusals"]

LOT = 1000
_MOVING = ("waiting", "leased", "open", "ended")
# Three channels of 2 connections, window 17, 20 ms: 5,100 a second.
_VENUE = Venue(connections=2, window=17, queue=5_000_000)


def burst() -> dict[str, Any]:
    """
    80,000 a second for a minute while carriers take 5,000 (SMSGW_BURST_SECONDS,
    SMSGW_BURST_RATE); then all of it is sent (SMSGW_BURST_DRAIN: seconds at most).
    """
    seconds, rate = asked_for("BURST_SECONDS", 60), asked_for("BURST_RATE", 80_000)
    bodies = [personal(LOT, LOT * turn, ALL) for turn in range(32)]
    with on(_VENUE) as stage:
        head = bearer(stage.key, BATCH)
        source = Source(stage.ports["http"], head, bodies, 16)
        cost = Cost.of(stage)
        took = source.run(seconds, rate / LOT)
        taken = source.answered * LOT
        per_message, memory = cost.per_message(taken), cost.memory()
        there = counts(stage)
        began, patience = time.monotonic(), asked_for("BURST_DRAIN", 3600)
        ended = drain(stage, taken, patience=patience)
        drained = time.monotonic() - began
        after = counts(stage)
        held = sum(after.get(name, 0) for name in _MOVING)
        return {
            "figure": max(0, taken - (ended if ended >= taken else held)),
            "unit": "messages lost",
            "offered": round(seconds * rate),
            "offered_per_second": round(rate),
            "taken": taken,
            "taken_per_second": round(taken / took),
            "refused": len(source.refused) * LOT,
            "refusals": refusals(source.refused),
            "unclear": sum(not one.startswith(b"HTTP") for one in source.refused),
            "p99_ms": source.percentile(0.99),
            "seconds": round(took, 1),
            "queued_at_end": there.get("waiting", 0),
            "ended": ended,
            "drained_per_second": round((ended - there.get("ended", 0)) / drained),
            "cpu_us_per_message": per_message,
            "memory_mb": memory,
        }


def refusals(answers: list[bytes]) -> dict[str, int]:
    """
    How often each status came.
    """
    return dict(Counter(one.decode("utf-8", "replace")[:60] for one in answers))
