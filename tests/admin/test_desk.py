"""
The desk looks at the gateway at most once a second.
"""

from tests.support.console import House
from tests.support.record import now_or_never


def test_looks(house: House) -> None:
    """
    A fresh look is kept; one that fails leaves no status.
    """
    now_or_never(house.desk.look())
    assert house.desk.pulse.status is not None
    house.down = True
    now_or_never(house.desk.look())
    assert house.desk.pulse.status is not None
    house.wall.at += 2
    now_or_never(house.desk.look())
    assert house.desk.pulse.status is None
    assert house.desk.directory is house.directory


def test_what_takes_long_runs_aside(house: House) -> None:
    """
    It gives its answer like a query's.
    """
    assert 3 == now_or_never(house.desk.aside(lambda one, two: one + two, 1, 2))
