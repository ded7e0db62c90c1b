"""
Tests for L{bench.page}.
"""

from typing import Any

from bench.page import draw, targets_of


def line(scenario: str, figure: float, **more: Any) -> dict[str, Any]:
    """
    A result.
    """
    cost = {"gateway": 100.0, "valkey": 40.0}
    made = {"scenario": scenario, "figure": figure, "unit": "messages/s"}
    return {**made, "cpu_us_per_message": cost, **more}


def test_a_page_needs_no_results() -> None:
    """
    It is empty then.
    """
    assert "<table>" in draw([])


def test_the_newest_is_beside_what_is_asked() -> None:
    """
    With its peers, its earlier runs, and a verdict.
    """
    page = draw([line("send", 3_000), line("send", 6_000)])
    assert "<b>6,000</b>" in page
    assert "满足要求 asked only" in page
    assert "2 次 runs: 3,000 → 6,000" in page
    assert "Jasmin" in page
    assert "上次 run before" in page
    assert "达到必达 must" in draw([line("send", 10_000)])
    assert "达到目标 aim" in draw([line("send", 30_000)])
    assert "未达到 not yet" in draw([line("send", 4_999)])


def test_a_variant_is_measured_by_the_same_marks() -> None:
    """
    As everything shall be on.
    """
    assert targets_of("send") == targets_of("send-rules") == targets_of("send-sealed")
    assert "加密存储 sealed" in draw([line("send-sealed", 1)])


def test_less_is_better_for_times() -> None:
    """
    Also for the second figure of a scenario.
    """
    told = {"gateway_mb": 380, "reduced": {"SMSGW_BACKLOG_MESSAGES": "5"}}
    page = draw([line("backlog", 2.0, **told)])
    assert ("达到目标 aim" in page, "达到必达 must" in page) == (True, True)
    assert "缩小规模 reduced size" in page


def test_cost_is_drawn_against_size() -> None:
    """
    A line for each thing that grows.
    """
    sizes = {str(size): {"gateway": 100.0 + size} for size in (0, 20, 200)}
    page = draw([line("scaling", 3.0, sizes={"rules": sizes, "backlog": sizes})])
    assert 2 == page.count('<polyline class="c')
    assert "rules 300" in page


def test_nothing_in_a_result_is_markup() -> None:
    """
    Words of errors are shown as they are.
    """
    assert "<script" not in draw([line("odd", 1, refusals="<script>")])
