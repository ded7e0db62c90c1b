"""
Tests for L{smsgw.cli.proving.delays}.
"""

import contextlib
import sqlite3
from pathlib import Path

from smsgw.cli.proving.delays import Delays, delays_of, percentile

ROWS = [
    ("otp", 1000, 1030, 1300, "delivered"),
    ("otp", 1000, 1050, 1400, "delivered"),
    ("otp", 1000, 0, 0, "queued"),
    ("bulk", 1000, 9000, 9500, "delivered"),
]


def test_the_record_tells_delays(tmp_path: Path) -> None:
    """
    Of one category, of what was delivered.
    """
    path = tmp_path / "record.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as link:
        columns = "category, accepted_ms, submitted_ms, final_ms, state"
        link.execute(f"CREATE TABLE messages ({columns})")
        link.executemany("INSERT INTO messages VALUES (?, ?, ?, ?, ?)", ROWS)
        link.commit()
    assert Delays([30, 50], [300, 400]) == delays_of(path, "otp")


def test_delays_are_told_by_percentiles() -> None:
    """
    Half, nearly all, the worst; nothing where there was nothing.
    """
    told = Delays(list(range(200)), [1.0]).told()
    assert (200, 100, 198, 199, 1.0) == tuple(told.values())
    assert 0.0 == percentile([], 0.99)
    assert 0 == Delays([], []).told()["worst_ms"]
