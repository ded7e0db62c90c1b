"""
C{smsgw schedules}: what is sent again and again; paused and resumed.
"""

import argparse
import getpass
import time
from datetime import datetime, timedelta, timezone
from typing import Any

from smsgw.cli.stores import add_config, in_reactor, open_record
from smsgw.config import load
from smsgw.directory import Schedule
from smsgw.errors import Refused
from smsgw.rules.calendar import next_after
from smsgw.storage.directory_store import load_directory
from smsgw.storage.schedules import State, pause_schedule, schedule_states_of

__all__ = ["configure", "run"]

_CHINA = timezone(timedelta(hours=8))


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)
    parser.add_argument("what", choices=("list", "pause", "resume"))
    parser.add_argument("names", nargs="*", help="schedules; none lists all")


def run(arguments: argparse.Namespace) -> int:
    """
    A running gateway acts on a pause within a second.
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
            if arguments.what == "list":
                return schedules, await database.read(schedule_states_of)
            paused = arguments.what == "pause"
            return [
                await database.write(pause_schedule, name, paused, who, now)
                for name in arguments.names
            ]
        finally:
            database.close()

    told = in_reactor(work)
    if arguments.what != "list":
        for name, changed in zip(arguments.names, told, strict=True):
            done = f"{arguments.what}d" if changed else "无变化 as it was"
            print(f"{name}  {done}")
        return 0
    schedules, states = told
    wanted = arguments.names or sorted(schedules)
    lines = [_line(schedules[name], states.get(name), now) for name in wanted]
    print("\n".join(lines) or "no schedules 没有定时任务")
    return 0


def _line(schedule: Schedule, state: State | None, now: float) -> str:
    known = state or State(now)
    following = next_after(schedule.cron, max(known.last, now, schedule.starts_at - 1))
    if known.paused or not schedule.active:
        when = "paused 已暂停"
    elif not following or 0 < schedule.ends_at < following:
        when = "over 已结束"
    else:
        when = datetime.fromtimestamp(following, _CHINA).strftime("%Y-%m-%d %H:%M")
    words = f"{schedule.id}  {schedule.cron}  {when}  {len(schedule.to)} numbers 个号码"
    missed = f"  missed 错过 {known.missed}" if known.missed else ""
    return f"{words}{missed}  {known.note}".rstrip()
