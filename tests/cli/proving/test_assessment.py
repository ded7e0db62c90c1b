"""
Tests for L{smsgw.cli.proving.assessment}; all of it runs in tests/cli/test_bench.py.
"""

from typing import Any

import pytest

from smsgw.cli.proving.assessment import lines

COST = {"gateway": 100.0, "valkey": 40.0, "recorder": 60.0, "source": 20.0}
USED = {"cpu_us_per_message": COST, "other_cores": 0.1}
LANE = {"figure": 120.0, "codes": 800, "messages": 800, "saturated": True}


@pytest.fixture
def figures() -> dict[str, Any]:
    """
    Of a machine that does it all.
    """
    return {
        "accept": {"figure": 120_000, **USED},
        "send": {"figure": 6_000, **USED},
        "whole": {"right": True, "told": {"mobile": (True, 16, "delivered")}},
        "steady": {"arrived_p99_ms": 400.0, "messages": 8000, "posted": 8000},
        "peak": {
            "users": 2500,
            "posted": 20_000,
            "sent_per_second": 3_990,
            "arrived_p99_ms": 900.0,
            "pages": 200,
            "pages_p95_ms": 300.0,
            "faults": [],
            **USED,
        },
        "lane": dict(LANE),
    }


def test_every_row_is_there(figures: dict[str, Any]) -> None:
    """
    T15, T22 to T26; only the day's design is reckoned.
    """
    found = lines(figures, 8)
    assert ["T15", "T15", "T22", "T24", "T24", "T23", "T26", "T25", "T25"] == [
        one.row for one in found
    ]
    assert [None] == [one.passed for one in found if one.passed is not True]
    assert "需 3 个分片" in found[-1].reached


@pytest.mark.parametrize(
    ("part", "name", "value", "row"),
    [
        ("accept", "figure", 80_000, "T25"),
        ("send", "figure", 4_999, "T22"),
        ("whole", "right", False, "T15"),
        ("steady", "arrived_p99_ms", 3_000.0, "T24"),
        ("steady", "arrived_p99_ms", 0.0, "T24"),
        ("steady", "messages", 7_999, "T24"),
        ("lane", "messages", 799, "T24"),
        ("peak", "sent_per_second", 3_800, "T23"),
        ("peak", "pages_p95_ms", 3_000.0, "T26"),
        ("peak", "pages", 0, "T26"),
        ("peak", "faults", ["/: 500"], "T26"),
    ],
)
def test_what_is_too_little_does_not_pass(
    figures: dict[str, Any], part: str, name: str, value: Any, row: str
) -> None:
    """
    Of each row.
    """
    figures[part][name] = value
    assert [row] == [one.row for one in lines(figures, 8) if one.passed is False]


def test_a_quick_run_has_no_flood(figures: dict[str, Any]) -> None:
    """
    Its row is left out.
    """
    del figures["lane"]
    assert 8 == len(lines(figures, 8))
