"""
Schedules fire when their expressions say, in local time.
"""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.directory import Schedule
from smsgw.rules.calendar import mistakes_of, next_after, slices

CHINA = timezone(timedelta(hours=8))
GOOD = Schedule("s", "his", "0 8 * * *", "您好", to=("13800138000",))


def at(*when: int) -> float:
    """
    A local time.
    """
    return datetime(*when, tzinfo=CHINA).timestamp()  # type: ignore[misc]  # year to minute


@pytest.mark.parametrize(
    ("cron", "after", "wanted"),
    [
        ("0 8 * * *", at(2026, 11, 23, 7, 59), at(2026, 11, 23, 8, 0)),
        ("0 8 * * *", at(2026, 11, 23, 8, 0), at(2026, 11, 24, 8, 0)),
        ("*/15 9-10 * * MON-FRI", at(2026, 11, 21, 9, 0), at(2026, 11, 23, 9, 0)),
        ("30 0 29 2 *", at(2026, 11, 23, 0, 0), at(2028, 2, 29, 0, 30)),
        ("0 0 L * *", at(2027, 2, 1, 0, 0), at(2027, 2, 28, 0, 0)),
    ],
)
def test_the_next_time(cron: str, after: float, wanted: float) -> None:
    """
    Strictly later; names, steps, leap days and last days too.
    """
    assert wanted == next_after(cron, after)


def test_what_is_no_expression_never_fires() -> None:
    """
    Nor a day that never comes.
    """
    for cron in ("", "0 8 * *", "61 * * * *", "0 0 31 2 *"):
        assert 0.0 == next_after(cron, at(2026, 11, 23, 0, 0))


def test_a_year_equals_a_search_minute_by_minute() -> None:
    """
    Every quarter of an hour in office hours on workdays, the slow way.
    """
    start, found = at(2027, 1, 1, 0, 0), []
    moment = start - 1
    while (moment := next_after("*/15 8-17 * * 1-5", moment)) < at(2028, 1, 1, 0, 0):
        found.append(moment)
    wanted = []
    for quarter in range(365 * 96):
        local = datetime.fromtimestamp(start + 900 * quarter, CHINA)
        if 8 <= local.hour <= 17 and local.weekday() < 5:
            wanted.append(start + 900 * quarter)
    assert wanted == found


@given(st.integers(0, 30_000), st.floats(0, 86_400))
def test_slices_cover_all_within_the_time(count: int, spread: float) -> None:
    """
    Each recipient once, in order, none after the period.
    """
    parts = slices(count, spread)
    covered = [place for first, end, _ in parts for place in range(first, end)]
    assert list(range(count)) == covered
    assert all(0 <= later <= max(0.0, spread) for _, _, later in parts)
    assert [one[2] for one in parts] == sorted(one[2] for one in parts)


def test_mistakes_are_told_at_once() -> None:
    """
    All of them.
    """
    wrong = Schedule("s", "his", "8", spread=-1, starts_at=5, ends_at=5, category="x")
    assert 6 == len(mistakes_of(wrong))
    assert [] == mistakes_of(GOOD)
