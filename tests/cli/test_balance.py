"""
Tests for L{smsgw.cli.balance}.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from smsgw.cli import main

Counts = dict[str, dict[str, int]]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Counts], None]:
    """
    Sets what the queue counts.
    """

    def put(counts: Counts) -> None:
        monkeypatch.setattr("smsgw.cli.balance.in_reactor", lambda _: counts)

    return put


def test_lines_that_balance(
    counted: Callable[[Counts], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A line per account and day, status 0.
    """
    counted(
        {
            "his|20261123": {"accepted": 7, "waiting": 1, "leased": 1, "ended": 5},
            "a|b|20261122": {"accepted": 2, "open": 2},
        }
    )

    assert 0 == main(["balance"])
    title, first, second, end = capsys.readouterr().out.splitlines()
    assert ["account", "day", "accepted", "waiting", "leased", "open", "ended"] == (
        title.split()
    )
    assert ["a|b", "20261122", "2", "0", "0", "2", "0"] == first.split()
    assert ["his", "20261123", "7", "1", "1", "0", "5"] == second.split()
    assert "balanced 平衡" == end


def test_a_line_that_does_not(
    counted: Callable[[Counts], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The line is marked, status 1.
    """
    counted(
        {
            "his|20261123": {"accepted": 7, "ended": 6},
            "lis|20261123": {"accepted": 1, "ended": 1},
        }
    )

    assert 1 == main(["balance"])
    told = capsys.readouterr().out.splitlines()
    assert told[1].endswith("DOES NOT BALANCE 不平")
    assert "不平" not in told[2]
    assert "1 line does not balance 不平" == told[3]


def test_nothing_accepted_balances(
    counted: Callable[[Counts], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """
    An empty queue is in balance.
    """
    counted({})

    assert 0 == main(["balance"])
    assert capsys.readouterr().out.endswith("balanced 平衡\n")


def test_a_bad_configuration_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A configuration that is not there is named before anything is opened.
    """
    missing = tmp_path / "smsgw.toml"

    assert 2 == main(["balance", "-c", str(missing)])
    assert str(missing) in capsys.readouterr().err
