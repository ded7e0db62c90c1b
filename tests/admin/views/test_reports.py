"""
Reports by any dimension.
"""

import pytest

from tests.support.console import House
from tests.support.record import IDS, NOW, chunk, ended, facts, record, sent


@pytest.mark.parametrize(
    "by", ["department", "account", "channel", "carrier", "category", "nonsense"]
)
def test_reports(house: House, by: str) -> None:
    """
    Sums, a chart, a file.
    """
    record(
        house.database,
        chunk(IDS[:3]),
        facts(*sent(), *ended()),
        directory=house.directory,
    )
    house.wall.at = NOW + 60
    house.login()
    page = house.get(f"/reports?by={by}").text
    assert "data-chart" in page
    table = house.get(f"/reports.csv?by={by}").text.splitlines()
    if by == "account":
        assert "his,门诊预约,3,3,1,0" == table[1]
    assert (
        "没有短信"
        in house.get(f"/reports?by={by}&since=2020-01-01&until=2020-01-02").text
    )


def test_scope(house: House) -> None:
    """
    A report counts what its reader may see.
    """
    record(house.database, chunk(IDS[:3]), directory=house.directory)
    house.wall.at = NOW + 60
    house.login("wang")
    assert 403 == house.get("/reports").status
