"""
How a channel has been over the last hours or weeks: figures, charts and their table.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

from smsgw.admin.frame import HERE
from smsgw.admin.page import Visit
from smsgw.admin.today import COLOURS
from smsgw.storage.channel_history import Course, course_of

__all__ = ["Drawn", "course"]

HOUR, DAY = 3600.0, 86_400.0
_FEW = 20
#: How far back, in steps of what, how a step is called.
_SPANS: Mapping[str, tuple[float, float, str]] = {
    "hours": (6 * HOUR, 300.0, "%H:%M"),
    "day": (DAY, 1800.0, "%H:%M"),
    "week": (7 * DAY, 3 * HOUR, "%m-%d %H:%M"),
    "month": (30 * DAY, DAY, "%m-%d"),
}
_WORDS = {
    "hours": ("6 小时", "6 hours"),
    "day": ("24 小时", "24 hours"),
    "week": ("7 天", "7 days"),
    "month": ("30 天", "30 days"),
}


@attrs.frozen
class Drawn:
    """
    C{rows} have a label and what was counted, oldest first; without any there is
    nothing to draw. Shares are of one, C{None} for none.
    """

    span: str
    spans: Mapping[str, str]
    rows: Sequence[tuple[str, Course]]
    answers: Mapping[str, Any]
    delays: Mapping[str, Any]
    rates: Mapping[str, Any]
    answered: int
    accepted: float | None
    delivered: float | None
    slow: float


async def course(visit: Visit, channel: str) -> Drawn:
    """
    Of the time that is asked for.
    """
    asked = visit.query.get("span", "")
    span = asked if asked in _SPANS else "day"
    back, step, form = _SPANS[span]
    since = visit.now - back
    since -= (since + 8 * HOUR) % step
    until = visit.now + step
    rows = await visit.desk.read(course_of, channel, since, until, step)
    by_time = {round(one.at): one for one in rows}
    times = [since + step * number for number in range(round(back / step) + 1)]
    labels = [datetime.fromtimestamp(at, HERE).strftime(form) for at in times]
    found = [by_time.get(round(at)) for at in times]
    taken, no = (sum(_of(one, name) for one in rows) for name in ("taken", "refused"))
    lost, good = (sum(_of(one, name) for one in rows) for name in ("lost", "delivered"))
    told = good + sum(one.failed for one in rows)
    return Drawn(
        span,
        {name: visit.say(*words) for name, words in _WORDS.items()},
        [(at, one) for at, one in zip(labels, found, strict=True) if one is not None],
        _answers(visit, labels, found),
        _delays(visit, labels, found),
        _rates(visit, labels, found),
        taken + no + lost + sum(one.other for one in rows),
        taken / (taken + no + lost) if taken + no + lost else None,
        good / told if told else None,
        max((one.slow for one in rows), default=0.0),
    )


def _of(one: Course, name: str) -> int:
    found: int = getattr(one, name)
    return found


Found = Sequence[Course | None]
Value = float | int | None


def _answers(visit: Visit, labels: Sequence[str], found: Found) -> dict[str, Any]:
    kinds = (
        ("taken", visit.say("运营商收下", "taken"), COLOURS["delivered"]),
        ("other", visit.say("号码或内容被拒", "refused: the message"), "#868e96"),
        ("refused", visit.say("通道被拒", "refused: the channel"), COLOURS["failed"]),
        ("lost", visit.say("无应答", "no answer"), "#f08c00"),
    )
    series = [
        {
            "name": words,
            "type": "bar",
            "stack": "all",
            "barMaxWidth": 24,
            "itemStyle": {"color": colour},
            "data": [_of(one, name) if one else 0 for one in found],
        }
        for name, words, colour in kinds
    ]
    return _chart(labels, series, {"type": "value", "minInterval": 1})


def _delays(visit: Visit, labels: Sequence[str], found: Found) -> dict[str, Any]:
    series = [
        _line(
            visit.say("一半在此之内", "half"), COLOURS["open"], found,
            lambda one: round(one.median * 1000) if one.median else None,
        ),
        _line(
            visit.say("95% 在此之内", "95 %"), "#f08c00", found,
            lambda one: round(one.slow * 1000) if one.slow else None,
        ),
    ]  # fmt: skip
    return _chart(labels, series, {"type": "value", "min": 0})


def _rates(visit: Visit, labels: Sequence[str], found: Found) -> dict[str, Any]:
    words = visit.say("状态报告送达率 %", "delivered of receipts, %")
    series = [
        _line(
            words, COLOURS["delivered"], found,
            _rate,
        )
    ]  # fmt: skip
    return _chart(labels, series, {"type": "value", "max": 100, "scale": True})


def _rate(one: Course) -> Value:
    """
    A few receipts tell nothing.
    """
    if one.rate is None or one.delivered + one.failed < _FEW:
        return None
    return round(100 * one.rate, 2)


def _line(
    name: str, colour: str, found: Found, value: Callable[[Course], Value]
) -> dict[str, Any]:
    return {
        "name": name,
        "type": "line",
        "connectNulls": True,
        "symbolSize": 5,
        "itemStyle": {"color": colour},
        "data": [value(one) if one else None for one in found],
    }


def _chart(
    labels: Sequence[str], series: list[dict[str, Any]], axis: dict[str, Any]
) -> dict[str, Any]:
    return {
        "legend": {"top": 0, "left": 0, "type": "scroll", "itemWidth": 14},
        "xAxis": {"type": "category", "data": list(labels)},
        "yAxis": axis,
        "series": series,
    }
