"""
Tests of L{smsgw.rules.signs}.
"""

from typing import Any

import pytest

from smsgw.rules.signs import Limits, Sample, Sign, Total, sign_of

LIMITS = Limits()


@pytest.mark.parametrize(
    ("sample", "away", "expected"),
    [
        (Sample(), 0.0, None),
        (Sample(taken=100_000, other=9), 0.0, None),
        (Sample(links=0), 10.0, Sign("no link for 10 s")),
        (Sample(drops=3), 0.0, Sign("links lost 3 times in 60 s")),
        (Sample(drops=5, wanted=2), 0.0, None),
        (Sample(refused=19), 0.0, None),
        (Sample(refused=10, taken=10), 0.0, None),
        (Sample(refused=11, taken=9), 0.0, Sign("refuses 55% of 20", hard=True)),
        (Sample(waiting=9.9), 0.0, None),
        (Sample(waiting=10.0), 0.0, Sign("no answer for 10 s")),
        (Sample(lost=3, taken=9), 0.0, None),
        (Sample(lost=3), 0.0, Sign("3 segments without an answer")),
        (Sample(delays=(5.0,) * 4), 0.0, None),
        (Sample(delays=(5.0,) * 5), 0.0, Sign("answers take 5.0 s")),
        (Sample(delays=(0.1,) * 19 + (5.0,)), 0.0, None),
        (Sample(backlog=20.0), 0.0, Sign("a message waits there for 20 s")),
        (Sample(delivered=25, failed=25), 0.0, None),
        (
            Sample(delivered=20, failed=30),
            0.0,
            Sign("delivers 40% of 50", receipts=True),
        ),
        (Sample(quiet=90.0, since=49), 0.0, None),
        (
            Sample(quiet=30.0, since=50),
            0.0,
            Sign("no receipt for 30 s, 50 segments taken", receipts=True),
        ),
    ],
)
def test_signs(sample: Sample, away: float, expected: Sign | None) -> None:
    """
    Each sign needs its limit, and enough to judge by.
    """
    assert expected == sign_of(Total.of([sample]), Total(), away, LIMITS)


def test_a_total_sums_counts_and_keeps_the_newest_state() -> None:
    """
    Shares are those of the whole window.
    """
    old = Sample(taken=3, refused=1, delays=(0.5,), delivered=1, waiting=7.0)
    new = Sample(other=2, refused=2, lost=1, delays=(0.1,), failed=3, backlog=2.0)
    total = Total.of([old, new])
    assert (8, 3, 1) == (total.answered, total.refused, total.lost)
    assert (0.375, 0.25, 0.5) == (total.refusals, total.delivery, total.slowness)
    assert (0.0, 2.0) == (total.waiting, total.backlog)
    empty = Total.of([])
    assert (0.0, 1.0, 0.0) == (empty.refusals, empty.delivery, empty.slowness)


def test_under_load_trouble_shows_at_once() -> None:
    """
    A minute of good answers does not hide what happens now.
    """
    good, bad = Sample(taken=6000), Sample(refused=60, taken=40)
    whole, recent = Total.of([good, bad]), Total.of([bad])
    assert None is sign_of(whole, Total.of([good]), 0.0, LIMITS)
    assert Sign("refuses 60% of 100", hard=True) == sign_of(whole, recent, 0.0, LIMITS)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"hold": 0.0}, "hold is above 0"),
        ({"canaries": -1}, "canaries is above 0"),
        ({"delivered": 1.0}, "delivered is a share, below 1"),
    ],
)
def test_limits_that_cannot_be(wrong: dict[str, Any], words: str) -> None:
    """
    They are an operator's, who is told.
    """
    with pytest.raises(ValueError, match=words):
        Limits(**wrong)
