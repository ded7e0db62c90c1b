"""
The timetable: when schedules fire next, how they did, and hands on them.
"""

from collections.abc import Callable
from itertools import islice
from typing import Any

import attrs

from smsgw.admin.page import Moved, Page, Reply, Route, Visit
from smsgw.directory import Schedule
from smsgw.rules.calendar import times_of
from smsgw.storage.schedules import (
    State,
    ask_schedule,
    pause_schedule,
    schedule_states_of,
)

__all__ = ["ROUTES"]

_COMING = 3
_CHANGES: dict[str, Callable[[Any, str, str, float], bool]] = {
    "pause": lambda record, name, who, now: pause_schedule(
        record, name, True, who, now
    ),
    "resume": lambda record, name, who, now: pause_schedule(
        record, name, False, who, now
    ),
    "fire": ask_schedule,
}


@attrs.frozen
class _Row:
    """
    A schedule, how far it is, and its next times.
    """

    schedule: Schedule
    state: State
    coming: list[float]


async def timetable(visit: Visit) -> Reply:
    """
    The visitor's schedules, the next one first.
    """
    states = await visit.desk.read(schedule_states_of)
    rows = []
    for one in _ours(visit).values():
        state = states.get(one.id, State(visit.now))
        waits = state.paused or not one.active
        times = () if waits else times_of(one, max(state.last, visit.now))
        rows.append(_Row(one, state, list(islice(times, _COMING))))
    rows.sort(key=lambda row: (not row.coming, row.coming[:1], row.schedule.id))
    return Page("timetable.html", {"rows": rows})


def _ours(visit: Visit) -> dict[str, Schedule]:
    seen = visit.accounts
    schedules = visit.desk.directory.schedules.values()
    return {one.id: one for one in schedules if seen is None or one.account in seen}


async def change(visit: Visit) -> Reply:
    """
    Pause it, let it go on, or fire it now.
    """
    name, what = visit.path["name"], visit.form.get("what", "")
    if name not in _ours(visit) or what not in _CHANGES:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    await visit.desk.write(_CHANGES[what], name, visit.who, visit.now)
    told = visit.say("已下达，一秒内生效。", "Ordered; it acts within a second.")
    return Moved("/timetable", told)


ROUTES = (
    Route("/timetable", timetable, "schedules"),
    Route("/timetable/<name>", change, "schedules", "POST"),
)
