"""
Tests for L{bench.drawing}.
"""

import pytest

from bench.drawing import Bar, Scale, bars, number, spark, stacked


def test_scales_are_logarithmic_unless_something_is_nothing() -> None:
    """
    So small and great are both seen.
    """
    scale = Scale([22.0, 30_000.0], width=100.0)
    assert 100.0 == pytest.approx(scale.at(30_000))
    assert 10 < scale.at(22) < 20
    assert (0.0, 50.0, 100.0) == tuple(Scale([0, 10], 100.0).at(n) for n in (0, 5, 10))
    assert 0.0 == Scale([0.0], 100.0).at(0)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (0.0, "0"), (3.17, "3.17"), (1.5, "1.5"), (121_661, "121,661")],
)
def test_numbers_are_for_people(value: float, words: str) -> None:
    """
    Thousands apart, no empty decimals.
    """
    assert words == number(value)


def test_marks_go_through_all_bars() -> None:
    """
    Each is named with its value.
    """
    drawn = bars([Bar("smsgw", 5), Bar("<x>", 3, "peer")], {"must": 10}, "send")
    assert "must 10" in drawn
    assert "&lt;x&gt;" in drawn
    assert 2 == drawn.count("<rect")


def test_one_run_is_no_history() -> None:
    """
    Two are a line.
    """
    assert "" == spark([1.0])
    assert "1 → 2" in spark([1.0, 2.0], must=3.0)
    assert "polyline" in spark([2.0, 2.0])


def test_processes_share_a_bar() -> None:
    """
    By their CPU; without any there is none.
    """
    assert 'width="450.0"' in stacked({"gateway": 3.0, "valkey": 1.0}, "CPU")
    assert "" == stacked({}, "CPU")
