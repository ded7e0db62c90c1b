"""
Tests for L{smsgw.cli.channels}.
"""

from pathlib import Path

import pytest

from smsgw.cli import main
from smsgw.config import load
from smsgw.storage.channel_orders import Decided, note_decisions
from smsgw.storage.database import Database
from tests.support.record import now_or_never

CHANNELS = """
[[channels]]
id = "cm1"
name = "移动一"
carrier = "mobile"
protocol = "cmpp"
endpoint = "tcp:127.0.0.1:7890"
login = "900001"
secret = "made up"
"""
DECIDED = Decided(
    1_800_000_000.0, "cm1", "n1", "well", "tripped", "refuses 55% of 20", "health"
)


@pytest.fixture
def words(
    config: Path, objects: Path, capsys: pytest.CaptureFixture[str], at_once: None
) -> list[str]:
    """
    The command over a record with channel cm1.
    """
    objects.write_text(objects.read_text("utf-8") + CHANNELS, "utf-8")
    assert 0 == main(["apply", "-c", str(config), str(objects)])
    capsys.readouterr()
    return ["channels", "-c", str(config)]


def test_pause_and_resume(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """
    The list shows who paused it, and why.
    """
    assert 0 == main([*words, "list"])
    assert "cm1  cmpp  well 正常\n" == capsys.readouterr().out
    for _ in range(2):
        assert 0 == main([*words, "pause", "cm1", "--reason", "contract ends"])
    assert ["cm1  paused 已暂停", "cm1  无变化 as it was"] == (
        capsys.readouterr().out.splitlines()
    )
    assert 0 == main([*words, "list", "cm1"])
    told = capsys.readouterr().out
    assert told.startswith("cm1  cmpp  paused 已暂停 by ")
    assert ": contract ends  " in told
    assert 0 == main([*words, "drain", "cm1", "--reason", "night"])
    assert 0 == main([*words, "trip", "cm1", "--reason", "odd"])
    assert 0 == main([*words, "resume", "cm1"])
    assert ["cm1  draining 排空", "cm1  tripped 已切除", "cm1  well 正常"] == (
        capsys.readouterr().out.splitlines()
    )


def test_what_is_missing_is_asked_for(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A channel, a reason, a channel that exists.
    """
    assert 2 == main([*words, "pause"])
    assert "which channel? 请指定通道\n" == capsys.readouterr().err
    assert 2 == main([*words, "pause", "cm1"])
    assert "--reason: why? 请说明原因\n" == capsys.readouterr().err
    assert 1 == main([*words, "resume", "cm2"])
    assert "(channel)" in capsys.readouterr().err


def test_the_log(
    words: list[str], config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    When, which channel, from what to what, who, and why.
    """
    assert 0 == main([*words, "log"])
    assert "nothing 没有记录\n" == capsys.readouterr().out
    database = Database.open(load(config).database_url)
    now_or_never(database.write(note_decisions, [DECIDED]))
    database.close()
    assert 0 == main([*words, "log", "cm1"])
    assert (
        "2027-01-15 16:00:00  cm1  n1  well 正常 -> tripped 已切除  health  "
        "refuses 55% of 20\n"
    ) == capsys.readouterr().out
    assert 0 == main([*words, "list"])
    assert (
        "cm1  cmpp  n1: tripped 已切除 2027-01-15 16:00:00 refuses 55% of 20\n"
    ) == capsys.readouterr().out
