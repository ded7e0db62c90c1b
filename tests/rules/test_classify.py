"""
Tests of L{smsgw.rules.classify}.
"""

import pytest

from smsgw.errors import Refused
from smsgw.message import LANES
from smsgw.rules.classify import CATEGORIES, Classified, classify, lane_of


@pytest.mark.parametrize(
    ("category", "lane"),
    [
        ("critical", "critical"),
        ("otp", "code"),
        ("appointment", "notice"),
        ("report", "notice"),
        ("medication", "notice"),
        ("notice", "notice"),
        ("bulk", "bulk"),
        ("marketing", "bulk"),
    ],
)
def test_lane(category: str, lane: str) -> None:
    """
    Each category has the lane of interfaces.md.
    """
    assert lane == lane_of(category)


def test_lanes_exist() -> None:
    """
    The table names no lane that the queue does not have.
    """
    assert set(LANES) == set(CATEGORIES.values())


def test_whose_word() -> None:
    """
    The request goes before the account's default.
    """
    assert Classified("otp", "code", "request") == classify("otp", "bulk")
    assert Classified("bulk", "bulk", "account") == classify("", "bulk")


def test_override() -> None:
    """
    Another table gives another lane.
    """
    assert "critical" == lane_of("report", {"report": "critical"})


def test_unknown() -> None:
    """
    A category that is not in the table is refused by its field.
    """
    for refuse in (lambda: lane_of("fun"), lambda: classify("fun", "bulk")):
        with pytest.raises(Refused) as caught:
            refuse()
        assert (2012, "fun", "category") == caught.value.args
