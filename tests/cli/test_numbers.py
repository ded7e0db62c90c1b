"""
Tests for L{smsgw.cli.numbers}.
"""

from pathlib import Path

import pytest

from smsgw.cli import main

SAMPLES = Path(__file__).parents[2] / "etc"
NUMBER = "13800138000"

pytestmark = pytest.mark.usefixtures("at_once")


def told(
    config: Path, capsys: pytest.CaptureFixture[str], *words: str, status: int = 0
) -> str:
    """
    What the command says, if it ends with that status.
    """
    verb, *rest = words
    assert status == main(["numbers", verb, "-c", str(config), *rest])
    out, err = capsys.readouterr()
    return err if status else out


def test_lists_are_loaded_and_looked_into(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The samples are good; a number is told with all that is known of it, masked.
    """
    assert "4 added 新增, 0 changed 变更, 0 gone 移除\n" == told(
        config, capsys, "load-regions", str(SAMPLES / "regions.csv")
    )
    assert told(config, capsys, "load-ported", str(SAMPLES / "ported.csv")).startswith(
        "2 added"
    )
    lines = told(config, capsys, "look", f"+86 {NUMBER}").splitlines()
    assert [
        "number 号码   138****8000",
        "carrier 运营商 unicom",
        "region 归属地  北京/北京",
        "kind 类型     normal",
    ] == lines[:4]
    assert lines[4].startswith("ported 携转    unicom loaded ")


def test_the_same_list_changes_nothing(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    It says so.
    """
    words = ("load-regions", str(SAMPLES / "regions.csv"))
    told(config, capsys, *words)
    assert "nothing to change 无变化\n" == told(config, capsys, *words)


def test_a_bad_file_changes_nothing(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Its mistakes are told line by line, the first of them; status 2.
    """
    file = tmp_path / "list.csv"
    lines = ["号段,省份", "1380013,浙江", *["138,浙江"] * 25]
    file.write_text("\n".join(lines), "utf-8")
    words = told(config, capsys, "load-regions", str(file), status=2)
    assert "line 3: 号段应为 7 位 / a prefix has 7 digits: 138" in words
    assert "and 5 more" in words
    assert 22 == len(words.splitlines())
    look = told(config, capsys, "look", NUMBER)
    assert "region 归属地  unknown" in look


def test_pruning(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    What the file lacks goes when asked to.
    """
    told(config, capsys, "load-ported", str(SAMPLES / "ported.csv"))
    file = tmp_path / "list.csv"
    file.write_text("手机号,运营商\n13800138001,电信\n", "utf-8")
    assert "0 added 新增, 0 changed 变更, 1 gone 移除\n" == told(
        config, capsys, "load-ported", "--prune", str(file)
    )
    look = told(config, capsys, "look", NUMBER)
    assert "carrier 运营商 mobile" in look
    assert "not in use 已停用" in look


def test_a_hand_overrules_lists(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Until it says that the prefix shall decide again.
    """
    prefix = ("set", NUMBER, "--carrier", "prefix")
    assert "nothing to change 无变化\n" == told(config, capsys, *prefix)
    broadnet = ("set", NUMBER, "--carrier", "broadnet")
    assert "138****8000: broadnet\n" == told(config, capsys, *broadnet)
    assert "nothing to change 无变化\n" == told(config, capsys, *broadnet)
    told(config, capsys, "load-ported", str(SAMPLES / "ported.csv"))
    assert "carrier 运营商 broadnet" in told(config, capsys, "look", NUMBER)
    assert "138****8000: prefix\n" == told(config, capsys, *prefix)
    assert "carrier 运营商 mobile" in told(config, capsys, "look", NUMBER)


def test_what_is_no_number_is_refused(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    With a reason; status 1.
    """
    assert "wrong number of digits" in told(config, capsys, "look", "138", status=1)


def test_a_missing_file_is_named(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Status 2.
    """
    path = tmp_path / "none.csv"
    assert str(path) in told(config, capsys, "load-ported", str(path), status=2)
