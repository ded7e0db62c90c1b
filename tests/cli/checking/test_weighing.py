"""
Tests for L{smsgw.cli.checking.weighing}.
"""

from typing import Any

import attrs
import pytest

from smsgw.cli.checking.servers import Record, Server
from smsgw.cli.checking.weighing import (
    judge_clock,
    judge_record,
    judge_server,
    judge_step,
)
from smsgw.storage.standing import Standing

STRICT = {
    "appendonly": "yes",
    "appendfsync": "always",
    "maxmemory-policy": "noeviction",
}
GOOD = Server(
    "redis://127.0.0.1",
    kind="Valkey",
    version="9.0.1",
    settings=tuple(STRICT.items()),
    aof="ok",
    role="master",
)


def bad(server: Server, strict: bool = True) -> list[str]:
    """
    The levels of what is not ok; each says what to do.
    """
    found = [one for one in judge_server(server, strict) if one.level != "ok"]
    assert all(one.todo for one in found)
    return [one.level for one in found]


def test_a_good_server() -> None:
    """
    One that answers, and a private one that does not run yet.
    """
    assert [] == bad(GOOD)
    assert [] == bad(Server("embedded", idle=True))


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({"trouble": "refused"}, "error"),
        ({"version": "6.2.1"}, "error"),
        ({"settings": ()}, "warning"),
        ({"settings": tuple({**STRICT, "appendfsync": "no"}.items())}, "error"),
        ({"settings": tuple({**STRICT, "maxmemory-policy": "lru"}.items())}, "error"),
        (
            {"settings": tuple({**STRICT, "maxmemory": "100"}.items()), "used": 90},
            "warning",
        ),
        ({"aof": "err"}, "error"),
        ({"role": "slave"}, "warning"),
        ({"cluster": "fail"}, "error"),
        ({"ahead": -31.0}, "error"),
        ({"ahead": 2.0}, "warning"),
    ],
)
def test_a_server_that_is_not(change: dict[str, Any], level: str) -> None:
    """
    It alone is told.
    """
    assert [level] == bad(attrs.evolve(GOOD, **change))


def test_relaxed() -> None:
    """
    Who may lose the last second is only warned.
    """
    loose = attrs.evolve(GOOD, settings=(("appendonly", "no"),))
    assert ["warning"] * 3 == bad(loose, strict=False)


def test_what_asking_took_is_not_held_against_a_clock() -> None:
    """
    Half of it may be the way there.
    """
    levels = [next(judge_clock("x", 2.0, spread)).level for spread in (0.5, 2.1)]
    assert ["warning", "ok"] == levels


def test_a_jump() -> None:
    """
    Wall and steady clock must move alike.
    """
    assert "ok" == judge_step((100.0, 5.0), (103.0, 8.0)).level
    assert "warning" == judge_step((100.0, 5.0), (95.0, 8.0)).level


@pytest.mark.parametrize(
    ("record", "levels"),
    [
        (Record("sqlite", absent=True), ["ok"]),
        (Record("pg", "refused"), ["error"]),
        (Record("pg", standing=Standing("sqlite", (3, 45), "current", "9")), ["ok"]),
        (Record("pg", standing=Standing("sqlite", (3, 30), "current", "9")), ["error"]),
        (Record("pg", standing=Standing("sqlite", (3, 45), "older", "8")), ["warning"]),
        (
            Record("pg", standing=Standing("sqlite", (3, 45), "stranger", "x")),
            ["error"],
        ),
        (
            Record(
                "pg", "", False, Standing("postgresql", (16, 2), "new", "", 9.0), 5.0
            ),
            ["ok", "warning"],
        ),
    ],
)
def test_databases(record: Record, levels: list[str]) -> None:
    """
    Reachable, of an age and a step we know; its clock near ours.
    """
    assert levels == [one.level for one in judge_record(record)]
