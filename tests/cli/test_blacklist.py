"""
Tests for L{smsgw.cli.blacklist}.
"""

from pathlib import Path

import pytest

from smsgw.cli import main
from smsgw.cli.blacklist import read_numbers
from smsgw.config import ConfigError

NUMBER, OTHER = "13800138000", "13900139000"


def command(config: Path, *words: str) -> int:
    """
    Run it.
    """
    return main(["blacklist", words[0], "-c", str(config), *words[1:]])


@pytest.mark.usefixtures("at_once")
def test_block_look_and_lift(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    What is so already is told; numbers are never shown whole.
    """
    words = ["--scope", "account:his", "--reason", "投诉", "--until", "2099-12-31"]
    assert 0 == command(config, "add", f"+86 {NUMBER}", *words)
    assert "1 changed 变更 1 个号码\n" == capsys.readouterr().out
    assert 0 == command(config, "add", NUMBER, *words)
    assert "nothing to change 无变化\n" == capsys.readouterr().out
    assert 0 == command(config, "look", NUMBER, OTHER)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(
        "138****8000  blocked 已拉黑  account:his  2099-12-31  operator"
    )
    assert (True, "139****9000  not blocked 未拉黑") == ("投诉" in first, second)
    assert 0 == command(config, "lift", NUMBER, "--scope", "account:his")
    capsys.readouterr()
    command(config, "look", NUMBER)
    assert "lifted 已解除" in capsys.readouterr().out


@pytest.mark.usefixtures("at_once")
def test_a_file_is_imported(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    By the column that is named as numbers are, in the encoding Excel writes.
    """
    file = tmp_path / "list.csv"
    file.write_bytes(f"姓名,手机号\n张三,{NUMBER}\n\n李四,86{OTHER}\n".encode("gbk"))
    assert 0 == command(config, "import", str(file))
    assert capsys.readouterr().out.startswith("2 changed")
    assert [NUMBER, OTHER] == read_numbers(file)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("words", "field"),
    [
        (["12345"], "refused 2006"),
        ([NUMBER, "--scope", "accounts:his"], "(--scope)"),
        ([NUMBER, "--scope", "account:"], "(--scope)"),
        ([NUMBER, "--until", "soon"], "(--until)"),
    ],
)
def test_mistakes_change_nothing(
    config: Path, words: list[str], field: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The argument that is wrong is named.
    """
    assert 1 == command(config, "add", *words)
    assert field in capsys.readouterr().err


def test_every_bad_line_is_listed(tmp_path: Path) -> None:
    """
    All at once, masked, and nothing is taken.
    """
    file = tmp_path / "list.csv"
    file.write_text(f"{NUMBER}\n1380013\n010-88888888\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_numbers(file)
    lines = caught.value.mistakes
    assert ["line 2", "line 3"] == [one.partition(":")[0] for one in lines]
    assert "88888888" not in "".join(lines)
