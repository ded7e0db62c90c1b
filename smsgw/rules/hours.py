"""
Hours and days of the local clock (UTC+8, no daylight saving), as rules name them.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

import attrs

from smsgw.directory import SendWindow

__all__ = ["Times", "mistakes_of", "opens_at", "times_of"]

_CHINA = 8 * 3600
_DAY = 86400
_hours = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)").fullmatch
_days = re.compile(r"[1-7](-[1-7])?(,[1-7](-[1-7])?)*").fullmatch


@attrs.frozen
class Times:
    """
    When a rule holds: seconds of the day from C{start} to before C{end} (less than
    C{start}: over midnight), on weekdays (0 is Monday).
    """

    start: int = 0
    end: int = _DAY
    days: frozenset[int] = frozenset(range(7))

    def holds(self, at: float) -> bool:
        """
        Whether an epoch time is within; what wraps belongs to the day it began.
        """
        local = int(at) + _CHINA
        second, day = local % _DAY, _weekday(local)
        if self.start < self.end:
            return day in self.days and self.start <= second < self.end
        if second >= self.start:
            return day in self.days
        return second < self.end and (day - 1) % 7 in self.days


def _weekday(local: int) -> int:
    return (local // _DAY + 3) % 7  # 1 January 1970 was a Thursday


def mistakes_of(hours: str, days: str) -> list[str]:
    """
    What is wrong with C{hours} (C{08:00-20:00}) and C{days} (C{1-5,7}), in words.
    """
    found = []
    read = _hours(hours)
    if hours and (read is None or (read[3] == "24" and read[4] != "00")):
        found.append(f"hours {hours!r} 应形如 08:00-20:00 / must look like 08:00-20:00")
    if days and not _days(days):
        found.append(f"days {days!r} 应形如 1-5,7 / must look like 1-5,7")
    return found


@lru_cache(maxsize=1024)
def times_of(hours: str, days: str) -> Times:
    """
    Both as one value; what is wrong in them counts as not given.
    """
    read = None if mistakes_of(hours, "") else _hours(hours)
    start, end = 0, _DAY
    if read is not None:
        start = int(read[1]) * 3600 + int(read[2]) * 60
        end = int(read[3]) * 3600 + int(read[4]) * 60
    named = frozenset(range(7))
    if days and _days(days):
        named = frozenset(_named(days))
    return Times(start, end, named)


def _named(days: str) -> Iterable[int]:
    for span in days.split(","):
        first, _, last = span.partition("-")
        begin, end = int(first) - 1, int(last or first) - 1
        yield from ((begin + step) % 7 for step in range((end - begin) % 7 + 1))


def opens_at(windows: Iterable[SendWindow], now: float) -> float:
    """
    When messages may go out under all these windows: C{now}, or a minute within
    the next two months; after that they go all the same.
    """
    some = [(times_of(one.hours, one.days), one.holidays) for one in windows]
    at = now
    for _ in range(62 * 24 * 60):
        if all(_is_open(times, holidays, at) for times, holidays in some):
            return at
        at = _next_minute(some, at)
    return now


def _is_open(times: Times, holidays: tuple[str, ...], at: float) -> bool:
    if not times.holds(at):
        return False
    return not holidays or _date(at) not in holidays


def _date(at: float) -> str:
    return f"{datetime.fromtimestamp(int(at) + _CHINA, UTC):%Y-%m-%d}"


def _next_minute(some: list[tuple[Times, tuple[str, ...]]], at: float) -> float:
    """
    The next time at which a window may open: a start of one, or midnight.
    """
    local = int(at) + _CHINA
    midnight = local - local % _DAY
    moments = {
        day + second
        for day in (midnight, midnight + _DAY)
        for second in (0, *(times.start for times, _ in some))
    }
    return float(min(one for one in moments if one > local) - _CHINA)
