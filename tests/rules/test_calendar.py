"""
Schedules fire when their expressions say, in local time.
"""

from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.directory import Schedule
from smsgw.rules.calendar import FOREVER, mistakes_of, next_after, slices, times_of

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
    Nor a day that never comes, nor seconds, nor a time beyond all calendars.
    """
    for cron in ("", "0 8 * *", "61 * * * *", "0 0 31 2 *", "0 0 8 * * *", "@daily"):
        assert 0.0 == next_after(cron, at(2026, 11, 23, 0, 0))
    for when in (-1.0, FOREVER, 1e20, float("inf"), float("nan")):
        assert 0.0 == next_after("* * * * *", when)


FIELDS = (
    # (from, to, value at a local time)
    (0, 59, lambda local: local.minute),
    (0, 23, lambda local: local.hour),
    (1, 31, lambda local: local.day),
    (1, 12, lambda local: local.month),
    (0, 6, lambda local: local.isoweekday() % 7),
)


def allowed(field: str, low: int, high: int) -> set[int]:
    """
    The values that a field of numbers names.
    """
    found: set[int] = set()
    for one in field.split(","):
        span, _, step = one.partition("/")
        first, _, last = span.partition("-")
        begin = low if span == "*" else int(first)
        end = high if span == "*" else int(last or first)
        found |= set(range(begin, end + 1, int(step or 1)))
    return found


@pytest.mark.parametrize(
    "cron",
    [
        "*/15 8-17 * * 1-5",
        "0 8 * * *",
        "7,37 */5 1,15 * *",
        "30 9 13 * 5",
        "59 23 31 1-12/2 *",
        "*/20 0-6/3 * 2 0,6",
    ],
)
def test_a_year_equals_a_search_minute_by_minute(cron: str) -> None:
    """
    A day of the month or a day of the week, if both are given.
    """
    start, found = at(2027, 1, 1, 0, 0), []
    moment = start - 1
    while (moment := next_after(cron, moment)) < at(2028, 1, 1, 0, 0):
        found.append(moment)
    fields = cron.split()
    sets = [allowed(one, *FIELDS[place][:2]) for place, one in enumerate(fields)]
    either = fields[2] != "*" and fields[4] != "*"
    wanted = []
    for minute in range(365 * 1440):
        if minute % 60 not in sets[0] or minute // 60 % 24 not in sets[1]:
            continue
        local = datetime.fromtimestamp(start + 60 * minute, CHINA)
        fits = [value(local) in sets[n] for n, (_, _, value) in enumerate(FIELDS)]
        days = fits[2] or fits[4] if either else fits[2] and fits[4]
        if all((*fits[:2], fits[3], days)):
            wanted.append(start + 60 * minute)
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


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"cron": "0 0 8 * * *"}, "five fields"),
        ({"cron": "0 8 * * 1" + ",1" * 100}, "five fields"),
        ({"cron": "0 0 31 2 *"}, "five fields"),
        ({"spread": 86401.0}, "86400"),
        ({"spread": float("nan")}, "86400"),
        ({"ends_at": 1e20}, "ends_at"),
    ],
)
def test_what_would_never_work_is_told(change: dict[str, Any], told: str) -> None:
    """
    Before it is applied, not when it should have fired.
    """
    (mistake,) = mistakes_of(attrs.evolve(GOOD, **change))
    assert told in mistake


def test_times_reach_from_the_start_to_the_end() -> None:
    """
    Both of them belong to it.
    """
    eight = [at(2026, 11, day, 8, 0) for day in range(23, 27)]
    bounded = attrs.evolve(GOOD, starts_at=eight[1], ends_at=eight[2])
    assert eight[1:3] == list(times_of(bounded, eight[0] - 60))
    assert [eight[2]] == list(times_of(bounded, eight[1]))
    assert eight == list(islice(times_of(GOOD, eight[0] - 60), 4))
