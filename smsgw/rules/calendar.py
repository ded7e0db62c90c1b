"""
When schedules fire: cron expressions in local time (UTC+8, no daylight saving), and
how a submission is spread over a period.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from cronsim import CronSim, CronSimError

from smsgw.directory import Schedule
from smsgw.rules.classify import AUTO, CATEGORIES

__all__ = ["FOREVER", "mistakes_of", "next_after", "slices", "times_of"]

FOREVER = 253_370_736_000.0  # the year 9999: no expression is followed further
_CHINA = timezone(timedelta(hours=8))
_FIELDS, _LONGEST = 5, 200
_SOME, _MOST = 200, 10_000
_DAY = 86400.0


def next_after(cron: str, at: float) -> float:
    """
    The first time after C{at} (both epoch seconds) that an expression of five fields
    names; 0 when there is none, or it is none.
    """
    if not 0 <= at < FOREVER or not _has_five(cron):
        return 0.0
    start = datetime.fromtimestamp(at, _CHINA).replace(tzinfo=None)
    try:
        found: datetime = next(CronSim(cron, start))
    except (CronSimError, StopIteration):
        return 0.0
    return found.replace(tzinfo=_CHINA).timestamp()


def _has_five(cron: str) -> bool:
    """
    Five fields; the library would take a sixth for seconds.
    """
    return len(cron.split()) == _FIELDS


def times_of(schedule: Schedule, at: float) -> Iterator[float]:
    """
    Its times after C{at}, as far as it reaches.
    """
    at = max(at, schedule.starts_at - 1)
    while at := next_after(schedule.cron, at):
        if 0 < schedule.ends_at < at:
            return
        yield at


def slices(count: int, spread: float) -> list[tuple[int, int, float]]:
    """
    (first, end, seconds after the beginning) of each part of so many recipients.
    """
    if spread <= 0:
        return [
            (first, min(first + _MOST, count), 0.0) for first in range(0, count, _MOST)
        ]
    firsts = range(0, count, _SOME)
    step = spread / len(firsts) if firsts else 0.0
    return [
        (first, min(first + _SOME, count), round(place * step, 3))
        for place, first in enumerate(firsts)
    ]


def mistakes_of(schedule: Schedule) -> list[str]:
    """
    Everything that is wrong with a schedule, in words.
    """
    found = _wrong_times(schedule)
    if bool(schedule.text) == bool(schedule.template):
        found.append("text 与 template 应有且仅有一个 / exactly one must be given")
    if not schedule.to:
        found.append("to 没有接收人 / has no recipients")
    if schedule.category and schedule.category not in (*CATEGORIES, AUTO):
        found.append(f"category {schedule.category!r} 未知 / unknown")
    return found


def _wrong_times(schedule: Schedule) -> list[str]:
    found = []
    if not _reads(schedule.cron):
        found.append(f"cron {schedule.cron!r} 应有五个字段 / must have five fields")
    if not 0 <= schedule.spread <= _DAY:
        found.append("spread 应在 0 至 86400 秒 / must be 0 to 86400 seconds")
    for field in ("starts_at", "ends_at"):
        if not 0 <= getattr(schedule, field) < FOREVER:
            found.append(f"{field} 应为纪元秒 / must be epoch seconds")
    if schedule.ends_at and schedule.ends_at <= schedule.starts_at:
        found.append("ends_at 应晚于 starts_at / must be after starts_at")
    return found


def _reads(cron: str) -> bool:
    if not _has_five(cron) or len(cron) > _LONGEST:
        return False
    try:
        CronSim(cron, datetime(2026, 1, 1))  # noqa: DTZ001  # local
    except CronSimError:
        return False
    return True
