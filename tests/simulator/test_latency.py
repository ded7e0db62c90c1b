"""
Latencies are drawn from a mean or from a curve.
"""

import pytest

from smsgw.simulator.chance import Chance
from smsgw.simulator.latency import Latency, drawn

CURVE = ((0.5, 0.1), (0.9, 0.5), (1.0, 10.0))


@pytest.mark.parametrize(
    ("share", "seconds"),
    [(0.0, 0.0), (0.25, 0.05), (0.5, 0.1), (0.7, 0.3), (0.95, 5.25), (1.0, 10.0)],
)
def test_a_curve_is_straight_between_its_points(share: float, seconds: float) -> None:
    """
    Each point says what share takes how long at most.
    """
    assert seconds == pytest.approx(drawn(CURVE, share))


def test_draws_follow_the_curve() -> None:
    """
    Half of many is below its median; a seed gives the same again.
    """
    latency = Latency(receipt_curve=CURVE, response_curve=((1.0, 1.0),))
    first, again = Chance(7), Chance(7)
    drawn_ones = [latency.of_receipt(first) for _ in range(2000)]

    assert drawn_ones == [latency.of_receipt(again) for _ in range(2000)]
    assert 950 < sum(one <= 0.1 for one in drawn_ones) < 1050
    assert all(0.0 <= latency.of_response(first) <= 1.0 for _ in range(100))


def test_a_mean_varies_by_its_jitter() -> None:
    """
    Never below 0; without a jitter it is what it is.
    """
    latency = Latency(0.1, 0.05, 0.1, 0.5)
    chance = Chance()

    assert all(0.05 <= latency.of_response(chance) <= 0.15 for _ in range(100))
    assert all(0.0 <= latency.of_receipt(chance) <= 0.6 for _ in range(100))
    assert 0.5 == Latency(receipt=0.5).of_receipt(chance)


@pytest.mark.parametrize(
    "curve",
    [
        ((0.5, 1.0),),
        ((0.5, 2.0), (1.0, 1.0)),
        ((0.5,), (1.0, 1.0)),
        ((-1.0, 0.0), (1.0, 1.0)),
    ],
)
def test_a_curve_that_is_none_is_refused(curve: tuple[tuple[float, ...], ...]) -> None:
    """
    It has to rise, and to end at all.
    """
    with pytest.raises(ValueError, match="receipt_curve"):
        Latency(receipt_curve=curve)
