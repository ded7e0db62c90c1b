"""
C{smsgw schedules}: what is sent again and again; paused, resumed, fired by hand, and
the times that come.
"""

import argparse
import getpass
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Any

from smsgw.cli.stores import add_config, in_reactor, open_record
from smsgw.config import load
from smsgw.directory import Schedule
from smsgw.errors import Refused
from smsgw.rules.calendar import next_after, times_of
from smsgw.storage.directory_store import load_directory
from smsgw.storage.schedules import (
    State,
    ask_schedule,
    pause_schedule,
    schedule_states_of,
)

__all__ = ["configure", "run"]

_CHINA = timezone(timedelta(hours=8))
_CHANGES: Mapping[str, Callable[[Any, str, str, float], bool]] = {
    "pause": lambda record, name, who, now: pause_schedule(
        record, name, True, who, now
    ),
    "resume": lambda record, name, who, now: pause_schedule(
        record, name, False, who, now
    ),
    "fire": ask_schedule,
}
_DONE = {"pause": "paused", "resume": "resumed", "fire": "asked 已请求"}


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)
    parser.add_argument("what", choices=("list", "next", "pause", "resume", "fire"))
    parser.add_argument("names", nargs="*", help="schedules; none lists all")
    parser.add_argument("--times", type=int, default=5, help="how many with next")


def run(arguments: argparse.Namespace) -> int:
    """
    A running gateway acts on a pause or a request within a second.
    """
    settings = load(arguments.config)
    who, now = getpass.getuser(), time.time()

    async def work(_: object) -> Any:
        database = await open_record(settings)
        try:
            schedules = (await database.read(load_directory)).schedules
            for name in arguments.names:
                if name not in schedules:
                    raise Refused(7404, name[:64], "schedule")
            if arguments.what in ("list", "next"):
                return schedules, await database.read(schedule_states_of)
            change = _CHANGES[arguments.what]
            return [
                await database.write(change, name, who, now) for name in arguments.names
            ]
        finally:
            database.close()

    told = in_reactor(work)
    if arguments.what in _DONE:
        for name, changed in zip(arguments.names, told, strict=True):
            done = _DONE[arguments.what] if changed else "无变化 as it was"
            print(f"{name}  {done}")
        return 0
    schedules, states = told
    wanted = [schedules[name] for name in arguments.names or sorted(schedules)]
    if arguments.what == "next":
        lines = [line for one in wanted for line in _coming(one, now, arguments.times)]
    else:
        lines = [_line(one, states.get(one.id), now) for one in wanted]
    print("\n".join(lines) or "no schedules 没有定时任务")
    return 0


def _coming(schedule: Schedule, now: float, many: int) -> Iterator[str]:
    for at in islice(times_of(schedule, now), many):
        yield f"{schedule.id}  {_time(at)}"


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, _CHINA).strftime("%Y-%m-%d %H:%M")


def _line(schedule: Schedule, state: State | None, now: float) -> str:
    known = state or State(now)
    following = next_after(schedule.cron, max(known.last, now, schedule.starts_at - 1))
    if known.paused or not schedule.active:
        when = f"paused 已暂停 {known.paused_by}".rstrip()
    elif not following or 0 < schedule.ends_at < following:
        when = "over 已结束"
    else:
        when = _time(following)
    words = f"{schedule.id}  {schedule.cron}  {when}  {len(schedule.to)} numbers 个号码"
    fired = f"  last 上次 {_time(known.fired)}" if known.fired else ""
    missed = f"  missed 错过 {known.missed}" if known.missed else ""
    return f"{words}{fired}{missed}  {known.note}".rstrip()
