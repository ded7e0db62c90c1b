"""
Tests for L{smsgw.cli.apply}.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from smsgw.cli import main
from tests.cli.conftest import OBJECTS


@pytest.mark.usefixtures("at_once")
def test_a_second_time_changes_nothing(
    config: Path, objects: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The first run tells each object that it adds, the second that all is so.
    """
    words = ["apply", "-c", str(config), str(objects)]

    assert 0 == main(words)
    told = capsys.readouterr().out
    assert ["+ department main", "+ account his", "+ credential his"] == (
        told.splitlines()
    )
    assert 0 == main(words)
    assert "nothing to change 无变化\n" == capsys.readouterr().out


@pytest.mark.usefixtures("at_once")
def test_a_change_is_told_without_its_secret(
    config: Path, objects: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Fields are shown old and new, a secret only as changed.
    """
    words = ["apply", "-c", str(config), str(objects)]
    main(words)
    capsys.readouterr()
    objects.write_text(OBJECTS.replace("门诊预约系统", "门诊系统"), "utf-8")
    objects.with_name("his.secret").write_text("another secret\n", "utf-8")

    assert 0 == main(words)
    told = capsys.readouterr().out
    assert "~ account his: name 门诊预约系统 -> 门诊系统" in told
    assert "~ credential his: secrets changed" in told
    assert "another secret" not in told


@pytest.mark.usefixtures("at_once")
def test_prune_takes_others_away(
    config: Path, objects: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    What the file does not have stays, unless asked to go.
    """
    words = ["apply", "-c", str(config), str(objects)]
    main(words)
    objects.write_text(OBJECTS.partition("[[credentials]]")[0], "utf-8")
    capsys.readouterr()

    assert 0 == main(words)
    assert "nothing to change 无变化\n" == capsys.readouterr().out
    assert 0 == main([*words, "--prune"])
    assert "- credential his\n" == capsys.readouterr().out


def test_secrets_may_be_elsewhere(
    config: Path, objects: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A secret that is not where C{--secrets} says is named; status 2.
    """
    place = config.parent / "secrets"
    words = ["apply", "-c", str(config), str(objects), "--secrets", str(place)]

    assert 2 == main(words)
    assert str(place / "his.secret") in capsys.readouterr().err


@pytest.mark.real
def test_as_an_operator_runs_it(config: Path, objects: Path) -> None:
    """
    Two processes, one after the other, under a real reactor.
    """
    told = [
        subprocess.run(
            [sys.executable, "-m", "smsgw", "apply", "-c", str(config), str(objects)],
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        for _ in range(2)
    ]

    assert "+ account his" in told[0].stdout
    assert "nothing to change 无变化\n" == told[1].stdout
    assert ["", ""] == [one.stderr for one in told]


@pytest.mark.usefixtures("at_once")
def test_a_bad_channel_refuses_the_whole_file(
    config: Path, objects: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Nothing of it is written: the good file after it adds everything.
    """
    words = ["apply", "-c", str(config), str(objects)]
    objects.write_text(
        OBJECTS
        + '[[channels]]\nid = "odd"\nname = "信鸽"\ncarrier = "mobile"\n'
        + 'protocol = "cmpp"\nversion = "9.0"\nendpoint = "tcp:127.0.0.1:1"\n'
        + 'login = "900001"\nsecret = "secret"\n',
        "utf-8",
    )

    assert 2 == main(words)
    assert "channels.odd.version @ $.channels[0]" in capsys.readouterr().err
    assert not (config.parent / "data").exists()
    objects.write_text(OBJECTS, "utf-8")
    assert 0 == main(words)
    assert "+ account his" in capsys.readouterr().out
