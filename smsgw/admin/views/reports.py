"""
Reports: sums by account, department, channel, carrier or category over days.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args

import attrs

from smsgw.admin.frame import HERE
from smsgw.admin.page import File, Menu, Page, Reply, Route, Visit
from smsgw.admin.tables import csv_file
from smsgw.admin.today import COLOURS, by_day, stacked
from smsgw.storage.finding import FAILED
from smsgw.storage.tallies import Dimension, Tally, sums_by, sums_over_time

__all__ = ["ROUTES"]

DAY, CHINA, MOST = 86_400.0, 28_800.0, 366
_WORDS: dict[Dimension, tuple[str, str]] = {
    "department": ("科室", "Department"),
    "account": ("账号", "Account"),
    "channel": ("通道", "Channel"),
    "carrier": ("运营商", "Carrier"),
    "category": ("类别", "Category"),
}


@attrs.frozen
class Line:
    """
    A row of a report.
    """

    key: str
    name: str
    accepted: int
    segments: int
    delivered: int
    failed: int

    @property
    def share(self) -> float:
        """
        Delivered of what ended.
        """
        ended = self.delivered + self.failed
        return self.delivered / ended if ended else 0.0


def _lines(visit: Visit, dimension: Dimension, found: Sequence[Tally]) -> list[Line]:
    names = _names(visit, dimension)
    lines = []
    for key in dict.fromkeys(one.key for one in found):
        mine = [one for one in found if one.key == key]
        messages = dict.fromkeys(("accepted", "delivered"), 0)
        for one in mine:
            messages[one.state] = messages.get(one.state, 0) + one.messages
        # By channel or carrier a message is counted where it ended.
        taken = messages["accepted"]
        ended = sum(count for state, count in messages.items() if state != "accepted")
        parts = sum(
            one.segments for one in mine if (one.state == "accepted") == bool(taken)
        )
        lines.append(
            Line(
                key,
                names.get(key, key) or visit.say("（无）", "(none)"),
                taken or ended,
                parts,
                messages["delivered"],
                sum(messages.get(state, 0) for state in FAILED),
            )
        )
    return sorted(lines, key=lambda one: -one.accepted)


def _names(visit: Visit, dimension: Dimension) -> dict[str, str]:
    directory = visit.desk.directory
    held: dict[str, Any] = {
        "department": directory.departments,
        "account": directory.accounts,
        "channel": directory.channels,
    }
    return {one.id: one.name for one in held.get(dimension, {}).values()}


@attrs.frozen
class _Asked:
    """
    What a report is about.
    """

    dimension: Dimension
    since: float
    until: float


def _asked(visit: Visit) -> _Asked:
    asked = visit.query.get("by", "")
    dimension: Dimension = next(
        (one for one in get_args(Dimension) if one == asked), "department"
    )
    today = visit.now - (visit.now + CHINA) % DAY
    since = _day(visit.query.get("since", "")) or today - 29 * DAY
    until = (_day(visit.query.get("until", "")) or today) + DAY
    return _Asked(dimension, max(since, until - MOST * DAY), until)


def _day(text: str) -> float:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=HERE).timestamp()
    except ValueError:
        return 0.0


async def show(visit: Visit) -> Reply:
    """
    A chart and the table behind it.
    """
    asked = _asked(visit)
    read, scope = visit.desk.read, visit.accounts
    within = (asked.since, asked.until, scope)
    lines = _lines(
        visit, asked.dimension, await read(sums_by, asked.dimension, *within)
    )
    days = await read(sums_over_time, True, *within)
    many = max(1, round((asked.until - asked.since) / DAY))
    top = lines[:20]
    chart = stacked(
        [one.name for one in top],
        (
            (
                visit.say("已送达", "delivered"),
                [one.delivered for one in top],
                COLOURS["delivered"],
            ),
            (
                visit.say("失败", "failed"),
                [one.failed for one in top],
                COLOURS["failed"],
            ),
        ),
    )
    return Page(
        "reports.html",
        {
            "lines": lines,
            "chart": chart,
            "days": by_day(visit, days, asked.since, many),
            "by": asked.dimension,
            "words": _WORDS,
            "since": _text(asked.since),
            "until": _text(asked.until - DAY),
        },
    )


def _text(at: float) -> str:
    return datetime.fromtimestamp(at, HERE).strftime("%Y-%m-%d")


async def export(visit: Visit) -> Reply:
    """
    The same as a file for a table program.
    """
    asked = _asked(visit)
    found = await visit.desk.read(
        sums_by, asked.dimension, asked.since, asked.until, visit.accounts
    )
    head = [asked.dimension, "name", "accepted", "segments", "delivered", "failed"]
    rows: list[Sequence[object]] = [head]
    rows += [attrs.astuple(one) for one in _lines(visit, asked.dimension, found)]
    name = f"report-{asked.dimension}-{_text(asked.since)}-{_text(asked.until - DAY)}"
    return File(f"{name}.csv", "text/csv", csv_file(rows))


ROUTES = (
    Route(
        "/reports", show, "reports",
        menu=Menu("work", "chart-bar", "报表", "Reports"),
    ),
    Route("/reports.csv", export, "reports"),
)  # fmt: skip
