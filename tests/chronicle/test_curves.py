"""
Tests for L{smsgw.chronicle.curves}.
"""

from collections import Counter

import pytest

from smsgw.chronicle.curves import CURVES, DAY, day_of, moment, weekday_of
from smsgw.simulator.chance import Chance


@pytest.mark.parametrize("curve", sorted(CURVES))
def test_days_have_peaks(curve: str) -> None:
    """
    All within a day, and more in a working hour than in the night.
    """
    chance = Chance(1)
    moments = [moment(chance, curve) for _ in range(3_000)]
    assert 0 <= min(moments) <= max(moments) < DAY
    hours = Counter(int(at // 3600) for at in moments)
    assert hours[14] > 3 * hours[3]


def test_calendar() -> None:
    """
    Days begin at midnight in China; 2026-11-23 is a Monday there.
    """
    monday = 1_795_363_200.0  # 2026-11-23 00:00 in China
    assert monday == day_of(monday) == day_of(monday + DAY - 1)
    assert [0, 0, 6] == [weekday_of(monday + one) for one in (0, DAY - 1, -1)]
