"""
The overview: figures, the drawing, troubles.
"""

import attrs

from smsgw.admin.live import EACH
from smsgw.directory import Price
from tests.support.console import House
from tests.support.record import IDS, NOW, chunk, ended, facts, record, sent


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


def test_cost_and_broken_channels(house: House) -> None:
    """
    What was sent costs what the prices say; a channel nobody is logged in at is told.
    """
    account = attrs.evolve(house.directory.accounts["his"], billing="postpaid")
    directory = attrs.evolve(
        house.directory,
        accounts={**house.directory.accounts, "his": account},
        prices={"all": Price("all", 450)},
    )
    house.desk.gateway.directory = directory
    record(
        house.database,
        chunk(IDS[:3], segments=2),
        facts(*sent(), *ended()),
        directory=directory,
    )
    house.wall.at = NOW + 60
    house.login()
    page = house.get("/").text
    assert "0.09 元" in page
    assert "没有连接的通道" not in page
    house.connected = 0
    house.wall.at += EACH
    assert "没有连接的通道" in house.get("/").text
