"""
Tests for L{smsgw.cli.dump}.
"""

from pathlib import Path

import pytest

from smsgw.cli import main
from smsgw.objects import load_directory


@pytest.mark.usefixtures("at_once")
def test_what_is_dumped_can_be_applied(
    config: Path, objects: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The dump of what was applied is a file of the same objects, without secrets;
    applying it changes nothing.
    """
    main(["apply", "-c", str(config), str(objects)])
    capsys.readouterr()

    assert 0 == main(["dump", "-c", str(config)])
    text = capsys.readouterr().out
    dumped = config.parent / "dumped.toml"
    dumped.write_text(text, "utf-8")
    directory = load_directory(dumped)
    assert "示范医院" == directory.accounts["his"].signature
    assert () == directory.credentials["his"].secrets
    assert "a made-up secret" not in text
    assert 0 == main(["apply", "-c", str(config), str(dumped), "--prune"])
    assert "nothing to change 无变化\n" == capsys.readouterr().out


@pytest.mark.usefixtures("at_once")
def test_an_empty_record(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Nothing was applied: nothing is written, status 0.
    """
    assert 0 == main(["dump", "-c", str(config)])
    assert "" == capsys.readouterr().out
