"""
Tests for L{smsgw.cli.balance}.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from smsgw.cli import main
from smsgw.cli.balance import Findings, of_shard, together
from smsgw.storage.balance import RecordCounts

Counts = dict[str, dict[str, int]]
HIS = "his|20261123"
GOOD: Counts = {HIS: {"accepted": 7, "waiting": 1, "leased": 1, "ended": 5}}


@pytest.fixture
def counted(
    monkeypatch: pytest.MonkeyPatch, config: Path
) -> Callable[[Counts | Findings], None]:
    """
    Sets what the queue counts, or all that was found.
    """
    monkeypatch.chdir(config.parent)
    (config.parent / "etc").mkdir()
    config.rename(config.parent / "etc/smsgw.toml")

    def put(found: Counts | Findings) -> None:
        given = found if isinstance(found, Findings) else Findings(found)
        monkeypatch.setattr("smsgw.cli.balance.in_reactor", lambda _: given)

    return put


def recorded(accepted: int, ended: int, canceled: int = 0) -> RecordCounts:
    """
    What the record has of one tally.
    """
    return RecordCounts(9, {HIS: accepted}, {HIS: ended}, {HIS: canceled})


@pytest.mark.parametrize(
    "found",
    [
        Findings(GOOD, recorded(7, 5)),
        Findings(GOOD, recorded(7, 6, canceled=1)),
        Findings(GOOD, recorded(7, 5, canceled=1)),
        Findings(GOOD, recorded(7, 5), scanned={HIS: {"waiting": 1, "leased": 1}}),
    ],
)
def test_the_record_says_the_same(
    counted: Callable[[Findings], None],
    capsys: pytest.CaptureFixture[str],
    found: Findings,
) -> None:
    """
    A canceled message may have ended in the record before it does in the queue.
    """
    counted(found)

    assert 0 == main(["balance"])
    assert capsys.readouterr().out.endswith("balanced 平衡\n")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Findings(GOOD, recorded(8, 5)), "accepted 7, in the record 8"),
        (Findings({}, recorded(1, 0)), "accepted 0, in the record 1"),
        (Findings(GOOD, recorded(7, 4)), "ended 5, in the record 4"),
        (Findings(GOOD, recorded(7, 7, canceled=1)), "ended 5, in the record 7"),
        (Findings(GOOD, scanned={HIS: {"waiting": 1}}), "leased 1, but 0 are there"),
        (Findings(GOOD, scanned={"x|1": {"open": 2}}), "open 0, but 2 are there"),
        (Findings(GOOD, trouble="the record is away"), "the record is away"),
    ],
)
def test_what_differs_is_told(
    counted: Callable[[Findings], None],
    capsys: pytest.CaptureFixture[str],
    found: Findings,
    words: str,
) -> None:
    """
    Each difference is a line; status 1.
    """
    counted(found)

    assert 1 == main(["balance"])
    told = capsys.readouterr().out
    assert words in told
    assert "DIFFERS 不符: " in told
    assert "balanced" not in told


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


def test_several_shards() -> None:
    """
    Each shard's accounts are held against its own counters; then all are told.
    """
    whole = RecordCounts(9, {HIS: 7, "lis|20261123": 2}, {HIS: 5}, {})
    first, second = (of_shard(whole, number, 3) for number in (0, 1))
    assert ({HIS: 7}, {HIS: 5}) == (first.accepted, first.ended)
    assert ({"lis|20261123": 2}, {}) == (second.accepted, second.ended)

    lis: Counts = {"lis|20261123": {"accepted": 2, "open": 2}}
    found = together([Findings(GOOD, first, scanned={}), Findings(lis, second)])
    assert {**GOOD, **lis} == found.counts
    assert found.record is not None
    assert whole.accepted == found.record.accepted
    assert {} == found.scanned
    away = Findings(lis, trouble="behind")
    assert together([Findings(GOOD, first), away]) == Findings(
        {**GOOD, **lis}, trouble="behind"
    )
    assert away is together([away])


def test_days_whose_counters_were_dropped(
    counted: Callable[[Findings], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Are not missed if they are over, as the record says; others are.
    """
    old = "his|20260601"
    record = RecordCounts(9, {HIS: 7, old: 5}, {HIS: 5, old: 5}, {})
    counted(Findings(GOOD, record))
    assert 0 == main(["balance"])
    capsys.readouterr()
    counted(Findings(GOOD, RecordCounts(9, {HIS: 7, old: 5}, {HIS: 5, old: 4}, {})))
    assert 1 == main(["balance"])
    assert "his 20260601" in capsys.readouterr().out
