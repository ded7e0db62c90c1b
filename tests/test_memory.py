"""
Tests for L{smsgw.memory}.
"""

from pathlib import Path

import pytest
from twisted.logger import capturedLogs, formatEvent

from smsgw.errors import Unavailable
from smsgw.memory import MEBIBYTE, Memory, machine_memory, own_memory


def levels(memory: Memory, *used: int, most: int = 0) -> list[str]:
    """
    The gateway's level after each look, in MiB.
    """
    found = []
    for one in used:
        memory.look("gateway", one * MEBIBYTE, most * MEBIBYTE)
        found.append(memory.levels["gateway"])
    return found


def test_levels_do_not_come_and_go() -> None:
    """
    Each ends a twentieth below its begin; each change is one event.
    """
    memory = Memory({"gateway": 1000 * MEBIBYTE})
    with capturedLogs() as events:
        found = levels(memory, 799, 800, 780, 759, 1000, 960, 949, 100)

    low, critical = "low", "critical"
    assert ["", low, low, "", critical, critical, low, ""] == found
    told = [formatEvent(event) for event in events]
    assert 5 == len(told)
    assert "memory of gateway: 800 of 1000 MiB: close to the mark" == told[0]
    assert "memory of gateway: 1000 of 1000 MiB: nothing is accepted" == told[2]
    assert "memory of gateway again: 100 of 1000 MiB" == told[4]


def test_doors_refuse_above_a_mark() -> None:
    """
    Near it they do not.
    """
    memory = Memory({"gateway": 1000 * MEBIBYTE})
    levels(memory, 999)
    memory.check()
    levels(memory, 1001)
    assert memory.critical
    with pytest.raises(Unavailable, match="memory of gateway is full") as refusal:
        memory.check()
    assert 10.0 == refusal.value.retry_after


def test_the_lesser_mark_counts() -> None:
    """
    Ours, or what a server says it may have; without any all is well.
    """
    assert ["critical"] == levels(Memory({"gateway": MEBIBYTE * 1000}), 500, most=400)
    assert ["low"] == levels(Memory({}), 350, most=400)
    assert [""] == levels(Memory({}), 10**6)


def test_what_is_used_here(tmp_path: Path) -> None:
    """
    More than nothing, less than the machine has.
    """
    assert 0 < own_memory() < machine_memory()
    assert 0 < own_memory(tmp_path / "none")
