"""
Quotas have windows of the local clock.
"""

from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from smsgw.directory import Account
from smsgw.rules.quota import day_of, limits_of, next_day

CHINA = timezone(timedelta(hours=8))
ACCOUNT = Account("his", "预约", per_minute=10, per_day=200, per_month=3000)


def at(*when: int) -> float:
    """
    A local time.
    """
    return datetime(*when, tzinfo=CHINA).timestamp()  # type: ignore[misc]  # year to second


def test_days_are_those_of_china() -> None:
    """
    They begin at 16:00 UTC.
    """
    midnight = at(2026, 9, 22, 0, 0, 0)
    assert "20260922" == day_of(midnight)
    assert "20260921" == day_of(midnight - 0.1)
    assert midnight == next_day(midnight - 0.1)
    assert midnight + 86400 == next_day(midnight)


def test_no_quota_costs_nothing() -> None:
    """
    An account without quotas has no counters.
    """
    assert [] == limits_of(Account("his", "预约"), at(2026, 11, 23, 8, 0, 0))


def test_each_quota_has_its_window() -> None:
    """
    Minute, day and month end where the clock on the wall says so.
    """
    found = limits_of(ACCOUNT, at(2026, 12, 31, 23, 59, 30))
    assert [10, 200, 3000] == [one.most for one in found]
    assert {at(2027, 1, 1, 0, 0, 0)} == {one.ends_at for one in found}
    assert ["per_minute", "per_day", "per_month"] == [one.field for one in found]


@given(st.integers(0, 2_000_000_000), st.integers(0, 40 * 86400))
def test_a_counter_belongs_to_one_window(now: int, later: int) -> None:
    """
    Two times share a counter if, and only if, the window has not ended between.
    """
    then = limits_of(ACCOUNT, float(now + later))
    for first, second in zip(limits_of(ACCOUNT, float(now)), then, strict=True):
        assert (first.key == second.key) == (now + later < first.ends_at)
