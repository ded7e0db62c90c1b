"""
How channels were: written down by each node, read as a course over time.
"""

from collections.abc import Sequence
from typing import Any

import attrs
from sqlalchemy import Connection, delete, func, insert, select

from smsgw.storage.console_tables import channel_history
from smsgw.storage.line import millis_of

__all__ = ["Course", "History", "course_of", "note_history"]

KEPT = 35 * 86_400_000


@attrs.frozen
class History:
    """
    A line of a node's: C{at} epoch seconds, C{median} and C{slow} seconds.
    """

    at: float
    channel: str
    node: str
    links: int
    wanted: int
    taken: int
    refused: int
    other: int
    lost: int
    delivered: int
    failed: int
    median: float
    slow: float


@attrs.frozen
class Course:
    """
    Some time of a channel on all nodes; C{links} is the fewest of a line.
    """

    at: float
    links: int
    wanted: int
    taken: int
    refused: int
    other: int
    lost: int
    delivered: int
    failed: int
    median: float
    slow: float

    @property
    def rate(self) -> float | None:
        """
        The share of receipts that tell of a delivery.
        """
        told = self.delivered + self.failed
        return self.delivered / told if told else None


def note_history(connection: Connection, lines: Sequence[History]) -> None:
    """
    Write them down; a begin that is there already, of a node that was started anew,
    is written a millisecond later. What is older than five weeks goes.
    """
    columns = channel_history.c
    for one in lines:
        at = millis_of(one.at)
        mine = (columns.channel == one.channel) & (columns.node == one.node)
        later = (columns.at_ms >= at) & (columns.at_ms < at + 60_000)
        newest = connection.execute(
            select(func.max(columns.at_ms)).where(mine, later)
        ).scalar()
        counts = attrs.asdict(one)
        counts |= {"at_ms": at if newest is None else newest + 1}
        counts |= {
            "median_ms": round(counts.pop("median") * 1000),
            "slow_ms": round(counts.pop("slow") * 1000),
            "created_at": at,
            "updated_at": at,
        }
        del counts["at"]
        connection.execute(insert(channel_history).values(counts))
    oldest = min((millis_of(one.at) for one in lines), default=0) - KEPT
    connection.execute(delete(channel_history).where(columns.at_ms < oldest))


def course_of(
    connection: Connection, channel: str, since: float, until: float, step: float
) -> list[Course]:
    """
    By steps of seconds from C{since} on, those in which anything was counted.
    """
    columns, begin, width = channel_history.c, millis_of(since), millis_of(step)
    place = (columns.at_ms - begin) // width
    answered = columns.taken + columns.refused + columns.other
    weighed = func.sum(columns.median_ms * answered)
    query = (
        select(
            place.label("place"),
            func.min(columns.links),
            func.max(columns.wanted),
            *(
                func.sum(columns[name])
                for name in ("taken", "refused", "other", "lost", "delivered", "failed")
            ),
            weighed,
            func.sum(answered),
            func.max(columns.slow_ms),
        )
        .where(columns.channel == channel)
        .where(columns.at_ms >= begin, columns.at_ms < millis_of(until))
        .group_by(place)
        .order_by(place)
    )
    return [
        _course(since + int(place) * step, rest)
        for place, *rest in connection.execute(query)
    ]


def _course(at: float, found: Sequence[Any]) -> Course:
    links, wanted, taken, refused, other, lost, good, bad = map(int, found[:8])
    weighed, answered, slow = map(float, found[8:])
    return Course(
        at, links, wanted, taken, refused, other, lost, good, bad,
        weighed / answered / 1000 if answered else 0.0,
        slow / 1000,
    )  # fmt: skip
