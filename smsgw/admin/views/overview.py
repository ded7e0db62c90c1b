"""
The overview: how it flows now, what today was, what needs somebody.
"""

from collections.abc import Sequence
from typing import Any

import attrs

from smsgw.admin.page import Menu, Page, Reply, Route, Stream, Visit
from smsgw.admin.pulse import LANES, Pulse
from smsgw.admin.today import Today, by_day, by_hour, cost_of
from smsgw.admin.words import Language
from smsgw.storage.finding import Wanted, failures
from smsgw.storage.reviews import waiting_reviews
from smsgw.storage.tallies import charged_by, sums_over_time

__all__ = ["ROUTES", "flow_values"]

DAY, CHINA = 86_400.0, 28_800.0


async def show(visit: Visit) -> Reply:
    """
    The page; the flow in it lives. Who may see numbers sees today's and the week's.
    """
    desk = visit.desk
    await desk.look()
    values = {**flow_values(desk.pulse), "trouble": _troubles(desk.pulse)}
    values["broken"] = [one for one in desk.pulse.channels if one.kind == "bad"]
    if visit.may("overview") or visit.may("messages"):
        values |= await _numbers(visit)
    return Page("overview.html", values)


async def _numbers(visit: Visit) -> dict[str, Any]:
    """
    Those who see the same accounts share what was read.
    """
    scope = visit.accounts
    today = visit.now - (visit.now + CHINA) % DAY
    since = today - 13 * DAY
    hours, days, ended, waiting, charged = await visit.desk.recent.get(
        ("overview", scope),
        lambda: _read(visit, today, since),
    )
    mine = [one for one in waiting if scope is None or one.account in scope]
    return {
        "today": Today.of(visit, [tally for _, tally in hours], ended),
        "hours": by_hour(visit, hours, today),
        "days": by_day(visit, days, since),
        "cost": cost_of(visit, charged),
        "reviews": len(mine) if visit.may("reviews") else 0,
    }


async def _read(visit: Visit, today: float, since: float) -> tuple[Any, ...]:
    """
    Today by hour, two weeks by day, what failed today, what waits for consent.
    """
    read, scope, until = visit.desk.read, visit.accounts, visit.now + 1
    return (
        await read(sums_over_time, False, today, until, scope),
        await read(sums_over_time, True, since, until, scope),
        await read(failures, Wanted(since=today), scope),
        await read(waiting_reviews),
        await read(charged_by, today, until, scope),
    )


async def live(visit: Visit) -> Reply:
    """
    The flow, again and again.
    """
    language: Language = visit.language
    return Stream(lambda write: visit.desk.live.watch(write, language))


def flow_values(pulse: Pulse) -> dict[str, Any]:
    """
    What the drawing shows: lanes and channels with their places.
    """
    lanes = [
        _Lane(name, pulse.waiting(name), 46 + 58 * index)
        for index, name in enumerate(LANES)
    ]
    height = max(58 * len(LANES), 52 * len(pulse.channels)) + 40
    step = (height - 40) / max(1, len(pulse.channels))
    channels = [
        (one, 20 + step * index + step / 2) for index, one in enumerate(pulse.channels)
    ]
    return {
        "pulse": pulse,
        "status": pulse.status,
        "lanes": lanes,
        "channels": channels,
        "height": int(height),
    }


@attrs.frozen
class _Lane:
    """
    A lane with what waits in it, and its place.
    """

    name: str
    waiting: int
    y: float


def _troubles(pulse: Pulse) -> Sequence[str]:
    if pulse.status is None:
        return ()
    return [name for name, works in pulse.status.parts.items() if not works]


ROUTES = (
    Route("/", show, "", menu=Menu("", "home", "概览", "Overview")),
    Route("/live/overview", live, ""),
)
