"""
Tests for L{smsgw.cli.passwd}.
"""

from pathlib import Path

import pytest

from smsgw.cli import main
from smsgw.config import load
from smsgw.security.passwords import verify
from smsgw.storage.database import Database
from smsgw.storage.logins import login_of
from tests.support.record import now_or_never


@pytest.mark.usefixtures("at_once")
def test_a_one_time_password(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    What is printed logs in, once; whoever is not there gets none.
    """
    assert 0 == main(["passwd", "-c", str(config), "admin", "--reset-codes"])
    password = capsys.readouterr().out.split()[1]
    database = Database.open(load(config).database_url)
    login = now_or_never(database.read(login_of, "admin"))
    database.close()
    assert verify(login.password, password)
    assert login.must_change
    assert 1 == main(["passwd", "-c", str(config), "nobody"])
    assert "没有这个人员" in capsys.readouterr().out
