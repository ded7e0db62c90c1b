"""
Tests for L{smsgw.cli.review}.
"""

import getpass
from pathlib import Path

import pytest

from smsgw.cli import main
from smsgw.config import load
from smsgw.storage.database import Database
from tests.storage.test_reviews import hold
from tests.support.record import IDS


@pytest.mark.usefixtures("at_once")
def test_list_and_decide(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    What waits is listed until somebody decided.
    """
    words = ["review", "-c", str(config)]
    assert 0 == main([*words, "list"])
    assert "nothing waits 没有待审核的短信\n" == capsys.readouterr().out
    database = Database.open(load(config).database_url)
    hold(database)
    assert 0 == main([*words, "list"])
    line = capsys.readouterr().out
    assert (True, True) == (line.startswith(IDS[0]), "2 messages 条" in line)
    assert 0 == main([*words, "approve", IDS[0], "--note", "可以"])
    assert f"{IDS[0]}  approved  2 messages 条\n" == capsys.readouterr().out
    assert 1 == main([*words, "refuse", IDS[0]])
    assert "refused 7404 (batch)" in capsys.readouterr().err
    database.close()
    assert getpass.getuser() != "zhang"
