"""
Chance repeats and is fair.
"""

from smsgw.simulator.chance import Chance


def test_a_seed_repeats() -> None:
    """
    The same seed gives the same row, another another.
    """
    one, same, other = Chance(7), Chance(7), Chance(8)
    row = [one() for _ in range(5)]

    assert row == [same() for _ in range(5)]
    assert row != [other() for _ in range(5)]


def test_it_is_spread() -> None:
    """
    All of [0, 1), half of it below a half.
    """
    chance = Chance(1)
    row = [chance() for _ in range(10_000)]

    assert 0.0 <= min(row)
    assert max(row) < 1.0
    assert 0.48 < sum(one < 0.5 for one in row) / 10_000 < 0.52
