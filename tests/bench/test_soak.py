"""
Tests for L{bench.soak}.
"""

import pytest

from bench.soak import slope, told
from smsgw.errors import Unavailable


def sample(at: float, gateway: float) -> dict[str, object]:
    """
    One that was taken.
    """
    return {
        "at": at,
        "memory_mb": {"gateway": gateway, "valkey": 20.0},
        "taken": at * 100,
        "ended": at * 90,
        "refused": 0,
        "waiting": 7,
        "cpu_us_per_message": {"gateway": 1.0},
    }


def test_the_slope_is_the_line_of_least_squares() -> None:
    """
    Of noisy points, too; of less than two there is none.
    """
    assert 2.0 == pytest.approx(slope([(0, 1), (1, 3), (2, 5)]))
    assert 0.5 == pytest.approx(slope([(0, 0), (1, 2), (2, 1)]))
    assert (0.0, 0.0) == (slope([(1, 1)]), slope([(1, 1), (1, 2)]))


def test_warming_up_does_not_count() -> None:
    """
    The first fifth of the time is left out.
    """
    warm = [sample(at, 100 + 50 * min(at, 12) / 12) for at in range(0, 61, 6)]
    found = told(warm)
    assert 0.0 == found["figure"]
    assert (100, 90, 1.0) == (
        found["taken_per_second"],
        found["ended_per_second"],
        found["minutes"],
    )


def test_no_samples_are_no_figure() -> None:
    """
    As of a gateway that ended at once.
    """
    with pytest.raises(Unavailable):
        told([])
