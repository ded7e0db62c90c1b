"""
Verification codes under a bulk flood that saturates every channel.
"""

from typing import Any

from bench.staging import ALL, asked_for, on
from smsgw.cli.proving.delays import under_flood
from smsgw.cli.proving.venue import Venue

__all__ = ["lane"]


def lane() -> dict[str, Any]:
    """
    p99 from acceptance to the carrier's answer, which takes 10 to 30 ms
    (SMSGW_LANE_SECONDS).
    """
    with on(Venue(connections=1)) as stage:
        return under_flood(stage, asked_for("LANE_SECONDS", 20.0), ALL)
