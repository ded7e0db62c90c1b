"""
Tests for L{smsgw.cli.check}.
"""

import json
from pathlib import Path

import pytest

from smsgw.cli import main

ETC = Path(__file__).parents[2] / "etc"

pytestmark = pytest.mark.usefixtures("at_once")


def test_good_files(
    config: Path, objects: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    What they hold is counted; status 0.
    """
    words = ["check", "-c", str(config), "--objects", str(objects), "--files-only"]
    assert 0 == main(words)
    first, second, last = capsys.readouterr().out.splitlines()
    assert first.endswith(f"{config}: node node1, data in {config.parent / 'data'}")
    assert second.endswith(f"{objects}: 1 accounts, 0 channels, 0 rules")
    assert last.startswith("2 正常 ok")


def test_everything_around(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Machine, queue, database and clock are looked at, one area after another.
    """
    config.write_text(
        'data_dir = "data"\n[http]\nlisten = ["tcp:0"]\n[admin]\nlisten = ["tcp:00"]\n'
    )
    assert 0 == main(["check", "-c", str(config), "--json"])
    told = json.loads(capsys.readouterr().out)
    areas = list(dict.fromkeys(one["area"] for one in told["findings"]))
    assert [
        "settings",
        "versions",
        "disk",
        "secrets",
        "limits",
        "ports",
        "queue",
        "database",
        "clock",
    ] == areas
    assert not (config.parent / "data").exists()


def test_the_sample_is_good(capsys: pytest.CaptureFixture[str]) -> None:
    """
    The file that comes with the product.
    """
    assert 0 == main(["check", "-c", str(ETC / "smsgw.toml"), "--files-only"])
    assert "smsgw.toml: node node1" in capsys.readouterr().out


def test_every_mistake_of_both_files(
    config: Path, objects: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    All mistakes of all files in one go, each with its path; status 1.
    """
    config.write_text(
        'data_dir = "data"\nshards = 0\nnod = "x"\n[http]\nlisten = ["8080"]\n',
        "utf-8",
    )
    objects.write_text(
        '[[accounts]]\nid = "his"\nname = "a"\ndepartment = "none"\n'
        '[[rules]]\nid = "r"\norder = 1\ngroup = "nowhere"\n',
        "utf-8",
    )

    assert 1 == main(["check", "-c", str(config), "--objects", str(objects)])
    told = capsys.readouterr().out
    assert f"{config}: " in told
    assert f"{objects}: " in told
    for words in (
        "unknown key 'nod' (did you mean 'node'?)",
        "@ $.shards",
        "@ $.http.listen[0]",
        "'none' among departments @ $.accounts[0].department",
        "'nowhere' among groups @ $.rules[0].group",
    ):
        assert words in told


def test_a_file_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Words, not a traceback; status 1.
    """
    assert 1 == main(["check", "-c", str(tmp_path / "none.toml")])
    assert "not readable" in capsys.readouterr().out


CHANNELS = """
[[channels]]
id = "good"
name = "移动"
carrier = "mobile"
protocol = "cmpp"
endpoint = "tcp:127.0.0.1:7890"
login = "900001"
secret = "secret"

[[channels]]
id = "odd"
name = "信鸽"
carrier = "mobile"
protocol = "pigeon"
endpoint = "tcp:127.0.0.1:7890"
login = "900001"
secret = "secret"

[[channels]]
id = "typo"
name = "联通"
carrier = "unicom"
protocol = "cmpp"
endpoint = "tcp:127.0.0.1:7890"
login = "900001"
secret = "secret"
settings = {listen = "tcp:7891", listen_check = false}

[[groups]]
id = "g"
primaries = [{channel = "nowhere"}]
"""


def test_every_channel_is_tried(
    config: Path, objects: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Channels that could not run are named together with other mistakes.
    """
    objects.write_text(CHANNELS, "utf-8")
    words = ["check", "-c", str(config), "--objects", str(objects), "--files-only"]

    assert 1 == main(words)
    found = [line for line in capsys.readouterr().out.splitlines() if "错误" in line]
    dangling, odd, typo = found[:-1]
    assert dangling.endswith(
        "there is no 'nowhere' among channels @ $.groups[0].primaries"
    )
    assert "pigeon" in odd
    assert odd.endswith("channels.odd.protocol @ $.channels[1]")
    assert "listen_check = false needs listen_addresses" in typo
    assert typo.endswith("channels.typo.settings @ $.channels[2]")
