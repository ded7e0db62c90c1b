"""
Tests for L{smsgw.cli.proving.acceptance}.
"""

import json

import attrs

from smsgw.cli.proving.acceptance import Acceptance, Line, limit_of
from smsgw.cli.proving.machine import Machine

MACHINE = Machine("Linux", "made-up", 2, 8000, 4000, 0.1, 0.2, 0.9)
GOOD = Acceptance(
    MACHINE,
    [
        Line("T22", "发送速率", "≥ 5,000 条/秒", "6,000 条/秒", True, "本机 2 核"),
        Line("T25", "日 5 亿条设计", "20,000 条/秒", "4 个分片", None),
    ],
    200.0,
    "2026-11-23T22:00+08:00",
    figures={"send": {"figure": 6000}},
    versions={"smsgw": "0.1.0"},
)


def test_it_passed_if_every_measured_row_did() -> None:
    """
    What is only reckoned does not count.
    """
    bad = attrs.evolve(GOOD, lines=[*GOOD.lines, Line("T24", "时延", "3", "5", False)])
    assert (True, False) == (GOOD.passed, bad.passed)
    assert "全部通过 all passed" in GOOD.text()
    assert "1 项未达到 not reached" in bad.text()
    assert "| T24 | 时延 | 3 | 5 | 未达到 NOT REACHED |  |" in bad.text()


def test_its_page_says_what_machine_it_was() -> None:
    """
    And what is to be known about the figures.
    """
    assert "2 核 cores" in GOOD.text()
    assert "落盘 fsync | 中位 median 0.2 ms" in GOOD.text()
    assert "并不空闲" not in GOOD.text()
    busy = attrs.evolve(GOOD, machine=attrs.evolve(MACHINE, load=3.0), quick=True)
    assert "并不空闲" in busy.text()
    assert "不带 --quick" in busy.text()


def test_its_raw_figures_are_kept() -> None:
    """
    As one object.
    """
    told = json.loads(GOOD.json())
    assert (True, 6000) == (told["passed"], told["figures"]["send"]["figure"])
    assert "T25" == told["lines"][1]["row"]


def test_what_limits_a_rate() -> None:
    """
    All cores, one process, or neither.
    """
    cost = {"gateway": 100.0, "valkey": 50.0, "source": 60.0}
    figures = {"cpu_us_per_message": cost, "other_cores": 0.0}
    assert "本机处理器" in limit_of(figures, 9_000, 2)
    assert "网关进程" in limit_of(figures, 9_000, 8)
    assert "等待" in limit_of(figures, 1_000, 8)
    busy = limit_of({**figures, "other_cores": 1.7}, 1_000, 2)
    assert "本机处理器 all cores (0.2 / 2，其他程序 others 1.7)" == busy
