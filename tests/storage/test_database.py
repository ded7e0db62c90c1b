"""
The database keeps transactions whole and speaks in our errors.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from threading import get_ident
from typing import Any

import pytest
from sqlalchemy import Connection, text
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from smsgw.errors import Unavailable
from smsgw.storage.database import Database
from tests.support.record import now_or_never


def insert(connection: Connection, name: str) -> None:
    """
    One row somewhere.
    """
    connection.execute(
        text("INSERT INTO watermarks (name) VALUES (:name)").bindparams(name=name)
    )


def names(connection: Connection) -> list[str]:
    """
    The rows' names.
    """
    return [row[0] for row in connection.execute(text("SELECT name FROM watermarks"))]


def test_a_write_is_kept(database: Database) -> None:
    """
    What a query function wrote is there for readers.
    """
    now_or_never(database.write(insert, "one"))
    assert ["one"] == now_or_never(database.read(names))


def test_a_failed_write_leaves_nothing(database: Database) -> None:
    """
    An exception takes the whole transaction back.
    """

    def torn(connection: Connection) -> None:
        insert(connection, "one")
        raise ValueError("torn")

    with pytest.raises(ValueError, match="torn"):
        now_or_never(database.write(torn))
    assert [] == now_or_never(database.read(names))


def test_database_errors_are_ours(database: Database) -> None:
    """
    A failing statement comes out as Unavailable, without its parameters.
    """
    now_or_never(database.write(insert, "13800138000"))
    with pytest.raises(Unavailable) as caught:
        now_or_never(database.write(insert, "13800138000"))
    assert any(
        name in caught.value.detail for name in ("IntegrityError", "UniqueViolation")
    )
    assert "13800138000" not in str(caught.value)


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_sqlite_is_durable_and_concurrent(database: Database) -> None:
    """
    WAL for readers beside the writer, full sync for nothing lost.
    """

    def pragmas(connection: Connection) -> list[Any]:
        return [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout")
        ]

    assert ["wal", 2, 10_000] == now_or_never(database.read(pragmas))


def test_a_missing_place_is_unavailable(tmp_path: Path) -> None:
    """
    A record that cannot be opened is an error of ours too.
    """
    database = Database.open(f"sqlite:///{tmp_path}/none/record.db")
    with pytest.raises(Unavailable, match="unable to open"):
        now_or_never(database.prepare())
    database.close()


@pytest.mark.real
class ThreadsTest(TestCase):
    """
    The threads of a service.
    """

    def test_queries_run_off_the_reactor(self) -> "Deferred[None]":
        """
        Neither reads nor writes block the reactor's thread.
        """
        return Deferred.fromCoroutine(self._check())

    async def _check(self) -> None:
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        database = Database.open(f"sqlite:///{folder.name}/record.db", reactor)
        await database.prepare()
        await database.write(insert, "one")
        assert ["one"] == await database.read(names)
        writer = await database.write(lambda _: get_ident())
        assert writer == await database.write(lambda _: get_ident())
        assert get_ident() not in (writer, await database.read(lambda _: get_ident()))
        database.close()
