"""
Tests for L{smsgw.cli.check}.
"""

from pathlib import Path

import pytest

from smsgw.cli import main

ETC = Path(__file__).parents[2] / "etc"


def test_good_files(
    config: Path, objects: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    What they hold is counted; status 0.
    """
    assert 0 == main(["check", "-c", str(config), "--objects", str(objects)])
    first, second = capsys.readouterr().out.splitlines()
    assert f"{config}: ok, node node1, data in {config.parent / 'data'}" == first
    assert f"{objects}: ok, 1 accounts, 0 channels, 0 rules" == second


def test_the_sample_is_good(capsys: pytest.CaptureFixture[str]) -> None:
    """
    The file that comes with the product.
    """
    assert 0 == main(["check", "-c", str(ETC / "smsgw.toml")])
    assert "smsgw.toml: ok" in capsys.readouterr().out


def test_every_mistake_of_both_files(
    config: Path, objects: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    All mistakes of all files in one go, each with its path; status 2.
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

    assert 2 == main(["check", "-c", str(config), "--objects", str(objects)])
    told = capsys.readouterr().err
    assert f"{config}:\n" in told
    assert f"{objects}:\n" in told
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
    Words, not a traceback; status 2.
    """
    assert 2 == main(["check", "-c", str(tmp_path / "none.toml")])
    assert "not readable" in capsys.readouterr().err


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

    assert 2 == main(["check", "-c", str(config), "--objects", str(objects)])
    _, dangling, odd, typo = capsys.readouterr().err.splitlines()
    assert "  there is no 'nowhere' among channels @ $.groups[0].primaries" == dangling
    assert "pigeon" in odd
    assert odd.endswith("channels.odd.protocol @ $.channels[1]")
    assert "listen_check = false needs listen_addresses" in typo
    assert typo.endswith("channels.typo.settings @ $.channels[2]")
