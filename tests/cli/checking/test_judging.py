"""
Tests for L{smsgw.cli.checking.judging}.
"""

from pathlib import Path
from typing import Any

import attrs
import pytest

from smsgw.cli.checking.judging import fits, judge_machine, judge_settings
from smsgw.cli.checking.machine import Folder, Machine, Port, Secret
from smsgw.config import Endpoint, Http, Positive, Queue, Settings

NOW = 1_790_000_000.0
GIBIBYTE = 2**30
HERE = Path("data")
FOLDER = Folder(HERE, HERE, 0o700, True, True, 50 * GIBIBYTE, 100 * GIBIBYTE)
GOOD = Machine(
    folders=(FOLDER,),
    secrets=(Secret("key", Path("k"), 0o600, 16, True),),
    ports=(Port("http", "tcp:8080"),),
    files=65536,
    python=(3, 11, 7),
    libraries=(("attrs>=24.2", "25.1"),),
    system="Linux",
    overcommit=1,
    newest=NOW - 5,
)
SETTINGS = Settings(HERE)


def bad(machine: Machine) -> list[tuple[str, str]]:
    """
    What is not ok: level and area; each says what to do.
    """
    found = list(judge_machine(machine, SETTINGS, NOW))
    assert all(bool(one.todo) == (one.level != "ok") for one in found)
    return [(one.level, one.area) for one in found if one.level != "ok"]


def test_all_is_well() -> None:
    """
    Nothing to do.
    """
    assert [] == bad(GOOD)


@pytest.mark.parametrize(
    ("change", "level", "area"),
    [
        ({"python": (3, 10, 1)}, "error", "versions"),
        ({"libraries": (("attrs>=24.2", "23.9"),)}, "error", "versions"),
        ({"libraries": (("attrs>=24.2", ""),)}, "error", "versions"),
        ({"newest": NOW + 61}, "error", "clock"),
        ({"files": 1023}, "error", "limits"),
        ({"files": 8191}, "warning", "limits"),
        ({"overcommit": 0}, "warning", "limits"),
        ({"ports": (Port("http", "tcp:1", "in use", "nginx"),)}, "error", "ports"),
        ({"secrets": (Secret("key", HERE),)}, "error", "secrets"),
        ({"secrets": (Secret("key", HERE, 0o600, 0, True),)}, "error", "secrets"),
        ({"secrets": (Secret("key", HERE, 0o600, 9, False),)}, "error", "secrets"),
        ({"secrets": (Secret("key", HERE, 0o644, 9, True),)}, "warning", "secrets"),
        ({"folders": (attrs.evolve(FOLDER, writable=False),)}, "error", "disk"),
        ({"folders": (attrs.evolve(FOLDER, mode=0o755),)}, "warning", "disk"),
        ({"folders": (attrs.evolve(FOLDER, own=False),)}, "warning", "disk"),
        ({"folders": (attrs.evolve(FOLDER, free=3 * GIBIBYTE),)}, "warning", "disk"),
        ({"folders": (attrs.evolve(FOLDER, free=GIBIBYTE),)}, "error", "disk"),
        ({"folders": (attrs.evolve(FOLDER, free=1000),)}, "error", "disk"),
    ],
)
def test_one_thing_is_not(change: dict[str, Any], level: str, area: str) -> None:
    """
    It alone is told, with what to do.
    """
    assert [(level, area)] == bad(attrs.evolve(GOOD, **change))


def test_what_is_fine_all_the_same() -> None:
    """
    Our own gateway on the port, a key and a folder that the first start makes.
    """
    later = attrs.evolve(FOLDER, near=Path("."), mode=0o755)
    machine = attrs.evolve(
        GOOD,
        folders=(later,),
        ports=(Port("http", "tcp:1", "in use", "python twistd smsgw"),),
        secrets=(Secret("key", HERE, needed=False),),
        files=-1,
        overcommit=-1,
    )

    assert [] == bad(machine)


@pytest.mark.parametrize(
    ("requirement", "version", "good"),
    [
        ("Twisted[tls]<28,>=24.11", "26.4.0", True),
        ("Twisted[tls]<28,>=24.11", "28.0.0", False),
        ("Twisted[tls]<28,>=24.11", "24.10", False),
        ("a>1,<=2; python_version > '9'", "2", True),
        ("attrs", "1", True),
    ],
)
def test_ranges(requirement: str, version: str, good: bool) -> None:
    """
    As setup.py writes them.
    """
    assert good is fits(requirement, version)


def test_settings_seldom_meant() -> None:
    """
    Each is one line; the usual ones are none.
    """
    assert [] == list(judge_settings(SETTINGS))
    here = (Endpoint("tcp:8081:interface=127.0.0.1"),)
    odd = Settings(
        HERE,
        shards=Positive(2),
        queue=Queue("redis", "redis://127.0.0.1", durability="relaxed"),
        http=Http(SETTINGS.admin.listen or here),
    )

    assert ["warning", "warning", "error"] == [one.level for one in judge_settings(odd)]
