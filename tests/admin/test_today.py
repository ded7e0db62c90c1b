"""
Figures and charts.
"""

from smsgw.admin.page import Visit
from smsgw.admin.rights import Visitor
from smsgw.admin.today import Today, by_day, by_hour
from smsgw.storage.finding import Failure
from smsgw.storage.tallies import Tally
from tests.support.console import HOSPITAL, House

DAY = 86_400.0


def visit_of(house: House) -> Visit:
    """
    An operator's.
    """
    visitor = Visitor(HOSPITAL.people["liu"], HOSPITAL.roles["operator"])
    return Visit(house.desk, visitor, "zh", 0.0)


def test_figures(house: House) -> None:
    """
    A handset that was off is no fault of ours; what expired with us is.
    """
    tallies = [
        Tally("a", "accepted", 100, 130),
        Tally("a", "delivered", 97, 120),
        Tally("a", "undelivered", 2, 2),
        Tally("a", "expired", 1, 1),
    ]
    ended = [
        Failure("cmcc", "MK:0001", "undelivered", 2),
        Failure("", "", "expired", 1),
    ]
    today = Today.of(visit_of(house), tallies, ended)
    assert (100, 97, 3, 130) == (
        today.accepted,
        today.delivered,
        today.failed,
        today.segments,
    )
    assert 1 == today.rate.platform
    assert 100 == today.rate.total


def test_charts(house: House) -> None:
    """
    Every hour and day has its place, with nothing too.
    """
    visit = visit_of(house)
    timed = [
        (3600.0, Tally("", "accepted", 5, 5)),
        (3600.0, Tally("", "delivered", 3, 3)),
    ]
    chart = by_hour(visit, timed, 0.0)
    assert 24 == len(chart["xAxis"]["data"])
    assert [3, 0, 2] == [one["data"][1] for one in chart["series"]]
    chart = by_day(visit, [(DAY, Tally("", "expired", 1, 1))], 0.0, 3)
    assert ["01-01", "01-02", "01-03"] == chart["xAxis"]["data"]
    assert [0, 1, 0] == chart["series"][1]["data"]
