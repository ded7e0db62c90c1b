"""
The overview: figures, the drawing, troubles.
"""

from smsgw.admin.live import EACH
from tests.support.console import House


def test_figures_and_drawing(house: House) -> None:
    """
    Lanes and channels with what they have now.
    """
    house.counters = {"accepted": 100.0, "waiting": 12.0}
    house.login()
    page = house.get("/").text
    assert "移动一" in page
    assert "窗口 3/16" in page
    house.counters["accepted"] = 300.0
    house.wall.at += EACH
    assert "100.0 <small>/s" in house.get("/").text
