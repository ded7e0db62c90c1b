"""
The overview: how it flows now, what today was, what needs somebody.
"""

from collections.abc import Sequence
from typing import Any

import attrs

from smsgw.admin.page import Menu, Page, Reply, Route, Stream, Visit
from smsgw.admin.pulse import LANES, Pulse
from smsgw.admin.words import Language

__all__ = ["ROUTES", "flow_values"]


async def show(visit: Visit) -> Reply:
    """
    The page; the flow in it lives.
    """
    desk = visit.desk
    await desk.look()
    return Page(
        "overview.html",
        {**flow_values(desk.pulse), "trouble": _troubles(desk.pulse)},
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
