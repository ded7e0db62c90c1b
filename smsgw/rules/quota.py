"""
How many messages an account may send in a minute, a day and a month.

Windows are those of the clock on the wall in China; a counter is named after its
window, so that a new one begins at nothing.
"""

from datetime import UTC, datetime, timedelta

import attrs

from smsgw.directory import Account

__all__ = ["Limit", "day_of", "limits_of", "next_day"]

_CHINA = 8 * 3600
_MINUTE, _DAY = 60, 86400


@attrs.frozen
class Limit:
    """
    A counter's key, its most, and when its window ends (epoch seconds).
    """

    key: str
    most: int
    ends_at: float
    field: str


def day_of(now: float) -> str:
    """
    The day in China, as counts are named by it.
    """
    return f"{datetime.fromtimestamp(int(now) + _CHINA, UTC):%Y%m%d}"


def next_day(now: float) -> float:
    """
    When the day in China ends, in epoch seconds.
    """
    return (int(now + _CHINA) // _DAY + 1) * _DAY - _CHINA


def limits_of(account: Account, now: float) -> list[Limit]:
    """
    The account's quotas at a time, the shortest first; none if it has none.
    """
    limits = []
    local = int(now) + _CHINA
    if account.per_minute:
        minute = local // _MINUTE
        ends = (minute + 1) * _MINUTE - _CHINA
        limits.append(_limit(account, "minute", account.per_minute, minute, ends))
    if account.per_day:
        day = local // _DAY
        ends = (day + 1) * _DAY - _CHINA
        limits.append(_limit(account, "day", account.per_day, day, ends))
    if account.per_month:
        first = datetime.fromtimestamp(local, UTC).replace(
            day=1, hour=0, minute=0, second=0
        )
        after = (first + timedelta(days=32)).replace(day=1)
        ends = int(after.timestamp()) - _CHINA
        month = first.year * 12 + first.month
        limits.append(_limit(account, "month", account.per_month, month, ends))
    return limits


def _limit(account: Account, window: str, most: int, place: int, ends: int) -> Limit:
    key = f"{account.id}|{window}|{place}"
    return Limit(key, most, float(ends), f"per_{window}")
