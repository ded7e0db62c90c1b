"""
Tests for L{smsgw.cli.checking.findings}.
"""

import json

from smsgw.cli.checking.findings import (
    as_json,
    as_lines,
    error,
    ok,
    status_of,
    warning,
)

FOUND = [
    ok("disk", "9 GiB free 可用"),
    warning("clock", "2.5 s ahead 偏快", "使用 NTP use NTP"),
]


def test_lines() -> None:
    """
    One each, what to do below, and the sums at the end.
    """
    assert [
        "[正常 ok] 磁盘 disk: 9 GiB free 可用",
        "[注意 warning] 时钟 clock: 2.5 s ahead 偏快",
        "    → 使用 NTP use NTP",
        "1 正常 ok，1 注意 warning，0 错误 error",
    ] == as_lines(FOUND).splitlines()


def test_json() -> None:
    """
    The same for programs.
    """
    told = json.loads(as_json(FOUND))
    assert 0 == told["status"]
    assert ["ok", "warning"] == [one["level"] for one in told["findings"]]
    assert "使用 NTP use NTP" == told["findings"][1]["todo"]


def test_status() -> None:
    """
    Only an error makes it 1.
    """
    assert 0 == status_of(FOUND)
    assert 1 == status_of([*FOUND, error("ports", "taken", "free it")])
