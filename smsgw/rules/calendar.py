"""
When schedules fire: cron expressions in local time (UTC+8, no daylight saving), and
how a submission is spread over a period.
"""

from datetime import datetime, timedelta, timezone

from cronsim import CronSim, CronSimError

from smsgw.directory import Schedule
from smsgw.rules.classify import AUTO, CATEGORIES

__all__ = ["mistakes_of", "next_after", "slices"]

_CHINA = timezone(timedelta(hours=8))
_SOME, _MOST = 200, 10_000


def next_after(cron: str, at: float) -> float:
    """
    The first time after C{at} (both epoch seconds) that an expression of five fields
    names; 0 when there is none, or it is none.
    """
    start = datetime.fromtimestamp(at, _CHINA).replace(tzinfo=None)
    try:
        found: datetime = next(CronSim(cron, start))
    except (CronSimError, StopIteration):
        return 0.0
    return found.replace(tzinfo=_CHINA).timestamp()


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
    found = []
    try:
        CronSim(schedule.cron, datetime(2026, 1, 1))  # noqa: DTZ001  # local
    except CronSimError:
        found.append(f"cron {schedule.cron!r} 应有五个字段 / must have five fields")
    if bool(schedule.text) == bool(schedule.template):
        found.append("text 与 template 应有且仅有一个 / exactly one must be given")
    if not schedule.to:
        found.append("to 没有接收人 / has no recipients")
    if schedule.category and schedule.category not in (*CATEGORIES, AUTO):
        found.append(f"category {schedule.category!r} 未知 / unknown")
    if schedule.spread < 0:
        found.append("spread 不能为负 / must not be negative")
    if schedule.ends_at and schedule.ends_at <= schedule.starts_at:
        found.append("ends_at 应晚于 starts_at / must be after starts_at")
    return found
