"""
Tests for L{smsgw.cli.restore}; the way there and back is in C{test_backup}.
"""

from pathlib import Path

import pytest

from smsgw.cli import main


def test_what_is_no_backup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Words, and nothing is left.
    """
    path = tmp_path / "backup.tar"
    path.write_text("no tar", "utf-8")
    assert 1 == main(["restore", str(path), "--into", str(tmp_path / "new")])
    assert "is no backup" in capsys.readouterr().err
    assert [] == list((tmp_path / "new").iterdir())
