"""
Hours, days and holidays of the local clock.
"""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.directory import SendWindow
from smsgw.rules.hours import mistakes_of, opens_at, times_of

CHINA = timezone(timedelta(hours=8))


def at(*when: int) -> float:
    """
    A local time.
    """
    return datetime(*when, tzinfo=CHINA).timestamp()  # type: ignore[misc]  # year to second


MONDAY = at(2026, 11, 23, 0, 0, 0)


@pytest.mark.parametrize(
    ("hours", "days", "when", "holds"),
    [
        ("", "", at(2026, 11, 23, 3, 0), True),
        ("08:00-20:00", "", at(2026, 11, 23, 8, 0), True),
        ("08:00-20:00", "", at(2026, 11, 23, 7, 59), False),
        ("08:00-20:00", "", at(2026, 11, 23, 20, 0), False),
        ("22:00-06:00", "", at(2026, 11, 23, 23, 0), True),
        ("22:00-06:00", "", at(2026, 11, 23, 5, 59), True),
        ("22:00-06:00", "1", at(2026, 11, 24, 5, 0), True),
        ("22:00-06:00", "1", at(2026, 11, 23, 5, 0), False),
        ("", "6-7", at(2026, 11, 22, 12, 0), True),
        ("", "6-7", at(2026, 11, 23, 12, 0), False),
        ("", "6-1", at(2026, 11, 23, 12, 0), True),
        ("08:00-24:00", "1,3", at(2026, 11, 25, 23, 59), True),
    ],
)
def test_when_a_rule_holds(hours: str, days: str, when: float, holds: bool) -> None:
    """
    What wraps over midnight belongs to the day it began.
    """
    assert holds == times_of(hours, days).holds(when)


def test_mistakes_are_told_in_words() -> None:
    """
    Hours and days at once.
    """
    assert 2 == len(mistakes_of("8-20", "0-5"))
    assert [] == mistakes_of("08:00-20:00", "1-5,7") == mistakes_of("", "")
    assert 1 == len(mistakes_of("08:00-24:30", ""))


def test_at_night_it_waits_for_the_morning() -> None:
    """
    Over the weekend and a holiday too.
    """
    window = SendWindow("w", "08:00-21:00", "1-5", holidays=("2026-11-23",))
    friday_night = at(2026, 11, 20, 22, 0)
    assert at(2026, 11, 24, 8, 0) == opens_at([window], friday_night)
    now = at(2026, 11, 24, 9, 30, 5)
    assert now == opens_at([window], now)


def test_several_windows_hold_together() -> None:
    """
    Open is when all are.
    """
    windows = [SendWindow("a", "08:00-12:00"), SendWindow("b", "11:00-20:00")]
    assert at(2026, 11, 23, 11, 0) == opens_at(windows, at(2026, 11, 23, 8, 30))


def test_what_never_opens_does_not_hold_for_ever() -> None:
    """
    Windows that exclude each other are a mistake; messages are not lost for it.
    """
    windows = [SendWindow("a", "08:00-09:00"), SendWindow("b", "10:00-11:00")]
    assert MONDAY == opens_at(windows, MONDAY)


@given(
    st.integers(0, 23),
    st.integers(0, 23),
    st.sets(st.integers(1, 7), min_size=1),
    st.integers(0, 20 * 86400),
)
def test_it_opens_at_the_first_open_minute(
    start: int, end: int, days: set[int], later: int
) -> None:
    """
    As a search minute by minute finds it.
    """
    named = ",".join(str(one) for one in sorted(days))
    window = SendWindow("w", f"{start:02}:00-{end:02}:00", named)
    now = MONDAY + later - later % 60
    times = times_of(window.hours, window.days)
    wanted = next(
        now + 60 * step for step in range(15 * 1440) if times.holds(now + 60 * step)
    )
    assert wanted == opens_at([window], now)
