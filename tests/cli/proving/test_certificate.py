"""
Tests for L{smsgw.cli.proving.certificate}.
"""

import json

import attrs
import pytest

from smsgw.cli.proving.certificate import Certificate
from smsgw.cli.proving.faults import Blow

GOOD = Certificate(
    7, 60.0, [Blow("gateway", 1, 2.0), Blow("both", 2, 4.0)],
    100, 0, 0, 3, 0, 96, {"delivered": 100}, True, True,
)  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"accepted": 0},
        {"lost": 1},
        {"silent": 1},
        {"doubled": 97},
        {"balanced": False},
        {"wallet_exact": False},
    ],
)
def test_what_fails_it(changes: dict[str, int]) -> None:
    """
    Any of these.
    """
    assert GOOD.passed
    assert not attrs.evolve(GOOD, **changes).passed
    assert "FAILED" in attrs.evolve(GOOD, **changes).text()


def test_what_it_says() -> None:
    """
    Kills, recovery, seed; in words and as JSON.
    """
    assert GOOD.kills == 3
    assert GOOD.recovery == (3.0, 4.0, 4.0)
    assert "| gateway | 1 |" in GOOD.text()
    told = json.loads(GOOD.json())
    assert (True, 3, 7) == (told["passed"], told["kills"], told["seed"])
    assert attrs.evolve(GOOD, blows=[]).recovery == (0.0, 0.0, 0.0)


def test_it_says_what_was_not_tried() -> None:
    """
    On the page and in the object: nobody shall infer it from a verdict.
    """
    assert "磁盘写满 full disk" in GOOD.untried
    assert all(one in GOOD.text() for one in GOOD.untried)
    assert list(GOOD.untried) == json.loads(GOOD.json())["not_exercised"]
