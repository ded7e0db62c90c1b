"""
Figures and charts of a time: what was accepted, how it ended, the promised rate.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

from smsgw.admin.frame import HERE
from smsgw.admin.page import Visit
from smsgw.rules.blame import SuccessRate, success_rate
from smsgw.storage.finding import FAILED, Failure
from smsgw.storage.tallies import Charged, Tally

__all__ = ["COLOURS", "Today", "bars", "by_day", "by_hour", "cost_of", "rate_of"]

HOURS, DAY = 24, 86_400
COLOURS = {"delivered": "#2f9e44", "failed": "#e03131", "open": "#1c7ed6"}
Timed = Sequence[tuple[float, Tally]]


@attrs.frozen
class Today:
    """
    Messages accepted, delivered, failed; segments; the rate of T9.
    """

    accepted: int
    delivered: int
    failed: int
    segments: int
    rate: SuccessRate

    @classmethod
    def of(
        cls, visit: Visit, tallies: Sequence[Tally], ended: Sequence[Failure]
    ) -> "Today":
        """
        From sums of any keys.
        """
        states = _states(tallies)
        delivered = states.get("delivered", 0)
        return cls(
            states.get("accepted", 0),
            delivered,
            sum(states.get(one, 0) for one in FAILED),
            sum(one.segments for one in tallies if one.state == "accepted"),
            rate_of(visit, delivered, ended),
        )


def cost_of(visit: Visit, charged: Sequence[Charged]) -> int:
    """
    At the prices of now, in 0.0001 yuan; accounts that are not billed cost nothing.
    """
    book = visit.desk.gateway.book
    accounts, price = book.directory.accounts, book.prices.price
    return sum(
        price(one.account, one.channel, one.carrier, one.category) * one.segments
        for one in charged
        if one.account in accounts and accounts[one.account].billing != "none"
    )


def rate_of(visit: Visit, delivered: int, ended: Sequence[Failure]) -> SuccessRate:
    """
    The promised rate over what was delivered and what failed.
    """
    codes = visit.desk.gateway.book.codes
    counts: dict[tuple[str, str], int] = {("DELIVRD", "success"): delivered}
    for one in ended:
        class_ = codes.class_of(one.channel, one.code, True) if one.code else one.state
        if one.state == "expired":
            class_ = "expired"
        counts[one.code, class_] = counts.get((one.code, class_), 0) + one.messages
    return success_rate(counts)


def _states(tallies: Sequence[Tally]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in tallies:
        found[one.state] = found.get(one.state, 0) + one.messages
    return found


def by_hour(visit: Visit, hours: Timed, since: float) -> dict[str, Any]:
    """
    A chart of one day.
    """
    labels = [f"{hour:02d}" for hour in range(HOURS)]
    return bars(visit, labels, [since + 3600 * one for one in range(HOURS)], hours)


def by_day(visit: Visit, days: Timed, since: float, many: int = 14) -> dict[str, Any]:
    """
    A chart of some days.
    """
    starts = [since + DAY * one for one in range(many)]
    labels = [datetime.fromtimestamp(at, HERE).strftime("%m-%d") for at in starts]
    return bars(visit, labels, starts, days)


def bars(
    visit: Visit, labels: Sequence[str], starts: Sequence[float], timed: Timed
) -> dict[str, Any]:
    """
    Delivered, failed and the rest of what was accepted, on each other.
    """
    counts: dict[tuple[float, str], int] = {}
    for at, one in timed:
        counts[at, one.state] = counts.get((at, one.state), 0) + one.messages
    delivered = [counts.get((at, "delivered"), 0) for at in starts]
    failed = [sum(counts.get((at, one), 0) for one in FAILED) for at in starts]
    accepted = [counts.get((at, "accepted"), 0) for at in starts]
    rest = [
        max(0, whole - good - bad)
        for whole, good, bad in zip(accepted, delivered, failed, strict=True)
    ]
    series = (
        (visit.say("已送达", "delivered"), delivered, COLOURS["delivered"]),
        (visit.say("失败", "failed"), failed, COLOURS["failed"]),
        (visit.say("进行中", "under way"), rest, COLOURS["open"]),
    )
    return stacked(labels, series)


def stacked(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[int], str]]
) -> dict[str, Any]:
    """
    An ECharts option of bars on each other.
    """
    drawn: list[Mapping[str, Any]] = [
        {
            "name": name,
            "type": "bar",
            "stack": "all",
            "data": list(values),
            "itemStyle": {"color": colour},
            "barMaxWidth": 28,
        }
        for name, values, colour in series
    ]
    return {
        "legend": {"top": 0, "right": 0},
        "xAxis": {"type": "category", "data": list(labels)},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": drawn,
    }
