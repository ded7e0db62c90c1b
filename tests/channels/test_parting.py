"""
Tests for L{smsgw.channels.parting}.
"""

import attrs
import pytest

from smsgw.channels.parting import Part, line_of
from smsgw.directory import Channel

CARRIER = Channel(
    "cm",
    "移动",
    "mobile",
    "cmpp",
    "tcp:127.0.0.1:1",
    "900001",
    "secret",
    connections=5,
    speed=100,
    window=16,
)
VENDOR = attrs.evolve(CARRIER, protocol="http")


def test_alone() -> None:
    """
    One shard has all of it.
    """
    assert CARRIER is Part().of(CARRIER)
    assert [0, 1, 2, 3, 4] == Part().logins(CARRIER)
    assert Part().sure is None


@pytest.mark.parametrize(
    ("number", "logins", "speed"), [(0, [0, 2, 4], 60), (1, [1, 3], 40)]
)
def test_two_shards(number: int, logins: list[int], speed: int) -> None:
    """
    Logins are dealt out, and speed with them; a window is each login's own.
    """
    part = Part(number, 2)
    found = part.of(CARRIER)

    assert logins == part.logins(CARRIER)
    assert found == attrs.evolve(CARRIER, speed=speed)


def test_a_vendor() -> None:
    """
    Has no logins: each shard has the same part of window and speed.
    """
    part = Part(1, 2)

    assert [] == part.logins(VENDOR)
    assert part.of(VENDOR) == attrs.evolve(VENDOR, speed=50, window=8)


def test_more_shards_than_logins() -> None:
    """
    Some shards do not have the channel; no limit stays no limit.
    """
    assert Part(5, 8).of(CARRIER) is None
    unlimited = Part(4, 8).of(attrs.evolve(CARRIER, speed=0))
    assert unlimited is not None
    assert 0 == unlimited.speed
    assert line_of("cm", 3) == "line:cm:3"
