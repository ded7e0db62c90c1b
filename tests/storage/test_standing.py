"""
Tests for L{smsgw.storage.standing}.
"""

from pathlib import Path

import pytest
from sqlalchemy import text

from smsgw.storage.database import Database
from smsgw.storage.migrations import steps
from smsgw.storage.standing import standing_of
from tests.support.record import now_or_never


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """
    A file of SQLite without tables.
    """
    return Database.open(f"sqlite:///{tmp_path / 'record.sqlite'}")


def test_a_new_one(database: Database) -> None:
    """
    Has no tables; SQLite has a version but no clock.
    """
    found = now_or_never(database.read(standing_of))
    database.close()

    assert ("sqlite", "new", "", 0.0) == (
        found.kind,
        found.step,
        found.revision,
        found.now,
    )
    assert (3, 35) < found.version


def test_steps(database: Database) -> None:
    """
    The newest one is current, one before is older, one unknown is a stranger's.
    """
    now_or_never(database.prepare())
    seen = [now_or_never(database.read(standing_of)).step]
    for revision in (steps()[1], "ffff"):
        now_or_never(
            database.write(
                lambda connection, wanted=revision: connection.execute(
                    text("UPDATE alembic_version SET version_num = :wanted"),
                    {"wanted": wanted},
                )
            )
        )
        seen.append(now_or_never(database.read(standing_of)).step)
    database.close()

    assert ["current", "older", "stranger"] == seen
