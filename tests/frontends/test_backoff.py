"""
Tests of when a callback is tried again.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.frontends.backoff import delay_after, spent, wait_asked

NOW = 1_800_000_000.0


def test_the_steps_of_the_interface() -> None:
    """
    10 s, 30 s, 2 m, 10 m, 30 m, 1 h, 2 h, then every 4 h.
    """
    expected = [10, 30, 120, 600, 1800, 3600, 7200, 14400, 14400]

    assert expected == [round(delay_after(n, 0.5), 6) for n in range(1, 10)]


@given(st.integers(0, 40))
def test_what_failures_took_is_the_sum_of_the_steps(failures: int) -> None:
    """
    So that three days are three days over restarts.
    """
    steps = sum(delay_after(n, 0.5) for n in range(1, failures + 1))

    assert pytest.approx(steps) == spent(failures)


@given(st.integers(1, 30), st.floats(0, 1))
def test_chance_spreads_by_a_fifth(failures: int, chance: float) -> None:
    """
    To either side.
    """
    middle = delay_after(failures, 0.5)

    assert 0.799 * middle <= delay_after(failures, chance) <= 1.201 * middle


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0.0),
        ("120", 120.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("Fri, 15 Jan 2027 08:01:00 GMT", 60.0),
        ("Fri, 15 Jan 2027 08:01:00 -0000", 60.0),
        ("Fri, 15 Jan 2021 08:01:00 GMT", 0.0),
    ],
)
def test_the_receiver_may_ask_for_time(text: str, seconds: float) -> None:
    """
    In seconds or as a date.
    """
    assert seconds == wait_asked(text, NOW)


@given(st.text())
def test_any_header_is_a_time(text: str) -> None:
    """
    Nonsense asks for nothing.
    """
    assert wait_asked(text, NOW) >= 0


def test_what_is_asked_is_honoured_within_a_day() -> None:
    """
    More than our own step, never more than a day.
    """
    assert 300.0 == delay_after(1, 0.5, 300.0)
    assert 14400.0 == pytest.approx(delay_after(8, 0.5, 300.0))
    assert 86400.0 == delay_after(1, 0.5, 1e9)
