"""
Scenario files are read strictly.
"""

import re
from pathlib import Path

import pytest

from smsgw.config import ConfigError
from smsgw.protocols.cmpp import V20, V30
from smsgw.protocols.dialects import SPOKEN
from smsgw.simulator.rules import Rules
from smsgw.simulator.scenario import Latency, load

SAMPLE = Path(__file__).parents[2] / "etc" / "simulator.toml"
CARRIERS = SAMPLE.with_name("carriers.toml")


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
    (scenario,) = load(sample(tmp_path)).carriers
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
    text = 'seed = "4"\nspeed = 1\n[[accounts]]\nlogin = 1\nsecret = "x"\n'
    with pytest.raises(ConfigError) as caught:
        load(sample(tmp_path, text))

    words = "; ".join(caught.value.mistakes)
    assert "seed" in words
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
    (scenario,) = load(sample(tmp_path, text)).carriers

    assert V20 == scenario.version
    assert Latency() == scenario.latency


def test_several_carriers_share_a_file(tmp_path: Path) -> None:
    """
    The sample has one of each protocol, with a fault and a curve.
    """
    (tmp_path / "cmcc.secret").write_text("888888\n")
    text = CARRIERS.read_text("utf-8")
    scene = load(sample(tmp_path, text))

    assert len(SPOKEN) <= len(scene.carriers) + 1
    assert {one.protocol for one in scene.carriers} <= set(SPOKEN)
    assert len(scene.carriers) == len({one.listen for one in scene.carriers})
    for one in scene.carriers:
        assert "888888" == one.accounts[0].secret
        assert one.version in SPOKEN[one.protocol].versions.values()


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ('highest = "4.0"', "highest"),
        ('protocol = "sgip"\nhighest = "3.0"', "highest"),
        ('protocol = "ucp"', "protocol"),
        ("faults = {wet = true}", "wet"),
        ('faults = {refuse = "mood"}', "refuse"),
        ("latency = {receipt_curve = [[0.5, 1.0]]}", "receipt_curve"),
        ("latency = {response_curve = [[0.5, 1], [1.0, 0.5]]}", "response_curve"),
        ('rules = [{pick = "mood"}]', "pick"),
    ],
)
def test_what_fits_no_protocol_is_told(tmp_path: Path, keys: str, word: str) -> None:
    """
    By its key.
    """
    text = f'{keys}\n[[accounts]]\nlogin = "900001"\nsecret = "888888"\n'
    with pytest.raises(ConfigError, match=word):
        load(sample(tmp_path, text))


def test_a_reverse_connection_needs_a_place(tmp_path: Path) -> None:
    """
    And names are of one carrier each.
    """
    account = 'accounts = [{login = "1", secret = "s", report_mode = "reverse"}]'
    text = f'[[carriers]]\n{account}\n[[carriers]]\nname = "cmpp"\naccounts = []\n'
    with pytest.raises(ConfigError) as caught:
        load(sample(tmp_path, text))

    assert "account 1: reverse is missing" in caught.value.mistakes
    assert "carrier cmpp: twice" in caught.value.mistakes
