"""
The pace is the contract's, and less while the carrier says so.
"""

from hypothesis import given
from hypothesis import strategies as st

from smsgw.channels.pace import Pace


@given(st.lists(st.floats(0.0001, 0.2), min_size=50, max_size=300))
def test_never_above_the_limit(steps: list[float]) -> None:
    """Over any stretch no more leaves than limit x time and one burst."""
    pace, now, sent = Pace(100.0, 0.0), 0.0, 0
    for step in steps:
        now += step
        while pace.take(now):
            sent += 1

    assert sent <= 100.0 * now + 10 + 1


def test_the_limit_is_used() -> None:
    """A busy channel sends what its contract allows."""
    pace, sent = Pace(200.0, 0.0), 0
    for tick in range(1, 1001):
        while pace.take(tick / 100):
            sent += 1

    assert 1990 <= sent <= 2020


def test_no_limit() -> None:
    """Without a limit the window alone decides."""
    assert Pace(0.0, 0.0).room(0.0) is None


def test_throttled_stops_then_slows_then_recovers() -> None:
    """Flow control pauses the channel, lowers its pace, and is forgotten."""
    pace = Pace(100.0, 0.0)
    pace.throttled(0.5, 10.0)

    assert not pace.take(10.4)
    assert 70.0 == pace.rate
    assert 0.1 == round(pace.wait(10.4), 6)
    pace.room(17.0)
    assert 100.0 == pace.rate


def test_unlimited_channel_slows_down_too() -> None:
    """A channel without a limit learns one while it is throttled."""
    pace = Pace(0.0, 0.0)
    pace.throttled(0.1, 1.0)

    assert pace.rate > 0
    assert pace.wait(1.05) > 0


def test_several_at_once() -> None:
    """What cannot be parted goes when its first may, and owes the rest."""
    pace = Pace(10.0, 0.0)
    assert pace.take(1.0, 5)
    assert not pace.take(1.1)
    assert 0.35 < pace.wait(1.1) < 0.45
    assert pace.take(1.6)
