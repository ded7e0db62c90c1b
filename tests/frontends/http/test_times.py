"""
Tests of times at the door.
"""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.errors import Refused
from smsgw.frontends.http.times import read_time, write_time


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-15T16:00:00+08:00",
        "2027-01-15T08:00:00Z",
        "2027-01-15t08:00:00z",
        "2027-01-15 16:00:00.000+08:00",
        "2027-01-15T16:00:00",
        "2027-01-15T03:00:00-05:00",
    ],
)
def test_one_moment_in_many_forms(text: str) -> None:
    """
    Any offset, and China's when there is none.
    """
    assert 1_800_000_000.0 == read_time(text, "send_at")


@pytest.mark.parametrize(
    "text",
    [
        "tomorrow",
        "2027-01-15",
        "2027-02-30T00:00:00Z",
        "1800000000",
        "0001-01-01T00:00:00Z",
        "２０２７-01-15T08:00:00Z",
        "1970-01-01T08:00:00",
    ],
)
def test_anything_else_names_its_field(text: str) -> None:
    """
    2011, with an example of what is meant.
    """
    with pytest.raises(Refused) as caught:
        read_time(text, "send_at")

    assert (2011, "send_at") == (caught.value.code, caught.value.field)
    assert "+08:00" in caught.value.detail


def test_nothing_is_not_given() -> None:
    """
    The empty text is no time.
    """
    assert 0.0 == read_time("", "send_at")
    assert write_time(0.0) is None


@given(st.integers(1, 4_000_000_000))
def test_what_is_written_is_read(seconds: int) -> None:
    """
    Our own form comes back as the same moment.
    """
    assert seconds == read_time(write_time(float(seconds)) or "", "x")


def test_times_are_shown_in_china() -> None:
    """
    Milliseconds and the offset are always there.
    """
    assert "2027-01-15T16:00:00.250+08:00" == write_time(1_800_000_000.25)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """
    Nothing but L{Refused} comes out.
    """
    with contextlib.suppress(Refused):
        assert read_time(text, "x") >= 0
