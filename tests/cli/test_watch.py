"""
C{smsgw watch}.
"""

from pathlib import Path

import pytest

from smsgw.channels.traces import asked
from smsgw.cli import main


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """
    A configuration whose data is here.
    """
    path = tmp_path / "smsgw.toml"
    path.write_text('data_dir = "var"')
    return path


def test_on_and_off(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    A wish for ten minutes, and its end.
    """
    folder = config.parent / "var" / "trace"
    arguments = ["watch", "cmcc", "-c", str(config)]
    assert 0 == main([*arguments, "--background", "--plain"])
    (watch,) = asked(folder, 0.0).values()
    assert watch.plain
    assert watch.stem.startswith("cmcc-")
    assert f"{watch.stem}.pcap" in capsys.readouterr().err
    assert 0 == main([*arguments, "--off"])
    assert {} == asked(folder, 0.0)


def test_it_shows_what_is_written(
    config: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """
    A trace that has run out ends the command; its wish is gone.
    """
    assert 0 == main(["watch", "cmcc", "-c", str(config), "--minutes", "0.001"])
    assert {} == asked(config.parent / "var" / "trace", 0.0)
    assert b"" == capfdbinary.readouterr().out
