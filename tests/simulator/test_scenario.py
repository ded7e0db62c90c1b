"""
Scenario files are read strictly.
"""

import re
from pathlib import Path

import pytest

from smsgw.config import ConfigError
from smsgw.protocols.cmpp import V20, V30
from smsgw.simulator.rules import Rules
from smsgw.simulator.scenario import Latency, load

SAMPLE = Path(__file__).parents[2] / "etc" / "simulator.toml"


def sample(folder: Path, text: str = "") -> Path:
    """
    A scenario with its secret beside it.
    """
    (folder / "cmcc.secret").write_text("888888\n")
    path = folder / "simulator.toml"
    path.write_text(text or SAMPLE.read_text("utf-8"), "utf-8")
    return path


def test_the_sample_is_read(tmp_path: Path) -> None:
    """
    Its account has its secret, its rules do what their comments say.
    """
    scenario = load(sample(tmp_path))
    rules = Rules.of(scenario.rules)

    assert ("900001", "888888") == (
        scenario.accounts[0].login,
        scenario.accounts[0].secret,
    )
    assert "888888" not in repr(scenario)
    assert V30 == scenario.version
    seen = [rules.outcome(f"1380013{n:04}", "") for n in range(1, 6)]
    assert ["UNDELIV", "EXPIRED"] == [one.stat for one in seen[:2]]
    assert (0, 8, 13) == (seen[2].receipts, seen[3].result, seen[4].result)
    assert rules.reply("13800138007", "请回复1") is not None
    assert rules.reply("13800138008", "请回复1") is None


def test_commented_defaults_are_the_defaults(tmp_path: Path) -> None:
    """
    Taking the comment signs away changes nothing.
    """
    lines = [
        line.removeprefix("# ") if re.match(r"# [a-z_]+ = ", line) else line
        for line in SAMPLE.read_text("utf-8").splitlines()
    ]

    assert load(sample(tmp_path)) == load(sample(tmp_path, "\n".join(lines)))


def test_mistakes_come_together(tmp_path: Path) -> None:
    """
    All of a file's mistakes, each with its place.
    """
    text = 'highest = "4.0"\nspeed = 1\n[[accounts]]\nlogin = 1\nsecret = "x"\n'
    with pytest.raises(ConfigError) as caught:
        load(sample(tmp_path, text))

    words = "; ".join(caught.value.mistakes)
    assert "highest" in words
    assert "'speed'" in words
    assert "accounts[0].login" in words


def test_an_account_needs_a_secret(tmp_path: Path) -> None:
    """
    Nobody logs in without.
    """
    with pytest.raises(ConfigError, match="900001"):
        load(sample(tmp_path, '[[accounts]]\nlogin = "900001"\n'))


def test_the_highest_version_is_an_octet(tmp_path: Path) -> None:
    """
    As CMPP writes it.
    """
    text = 'highest = "2.0"\n[[accounts]]\nlogin = "900001"\nsecret = "888888"\n'
    scenario = load(sample(tmp_path, text))

    assert V20 == scenario.version
    assert Latency() == scenario.latency
