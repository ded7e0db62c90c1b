"""
Ids ascend, whatever the clock does.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.ids import (
    BLOCK,
    IdSource,
    first_id_at,
    id_range_of,
    lane_of,
    milliseconds_of,
)

NOW = 1_790_000_000.123


@given(
    st.lists(
        st.tuples(st.floats(-5, 5, allow_nan=False), st.integers(1, 5_000)),
        min_size=1,
        max_size=20,
    )
)
def test_ascending_while_the_clock_steps(
    steps: list[tuple[float, int]],
) -> None:
    """Every id is above all earlier ones though the clock jumps both ways."""
    source, now, last = IdSource(3), NOW, ""
    for step, count in steps:
        now += step
        for message_id in source.take(count, now):
            assert message_id > last
            last = message_id


def test_time_is_in_the_id() -> None:
    """The milliseconds of acceptance can be read back."""
    (message_id,) = IdSource(0).take(1, NOW)

    assert int(NOW * 1000) == milliseconds_of(message_id)
    assert 13 == len(message_id)


def test_floor_survives_a_restart() -> None:
    """A new source goes on above the stored high-water mark."""
    last = IdSource(0).take(BLOCK, NOW)[-1]
    again = IdSource(0)
    again.raise_floor(last)

    assert again.take(1, NOW - 60)[0] > last


@pytest.mark.parametrize("count", [0, BLOCK + 1])
def test_no_impossible_block(count: int) -> None:
    """A block has at least one id and fits into a millisecond."""
    with pytest.raises(ValueError, match="block"):
        IdSource(0).take(count, NOW)


@pytest.mark.parametrize("text", ["", "ABC", "é" * 13, "U" * 13, "0000000000!00"])
def test_foreign_ids_are_told(text: str) -> None:
    """What is not one of our ids raises ValueError."""
    with pytest.raises(ValueError, match=r".*"):
        milliseconds_of(text)


def test_the_first_id_of_a_time_bounds_all_others() -> None:
    """
    Ids of every shard at that time are at or above it, earlier ones below.
    """
    for shard in (0, 255):
        (at,) = IdSource(shard).take(1, 1_790_000_000.0)
        (before,) = IdSource(shard).take(1, 1_789_999_999.999)
        assert before < first_id_at(1_790_000_000_000) <= at


def test_a_batch_has_a_range() -> None:
    """
    Every id of a block lies in the range of its first, those after it do not.
    """
    source = IdSource(3)
    block = source.take(5000, NOW)
    first, last = id_range_of(block[0])
    assert all(first <= one <= last for one in block)
    (other,) = source.take(1, NOW + 1)
    assert other > last


def test_lanes() -> None:
    """
    An id tells in which lane it was made.
    """
    for lane in (0, 1, 7, 31, 32, 254):
        assert lane == lane_of(IdSource(lane).take(1, 1_790_000_000.0)[0])
    with pytest.raises(ValueError, match="nonsense"):
        lane_of("nonsense")
