"""
The record's database under blows: SQLite's file, or a PostgreSQL server.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs

from smsgw.cli.proving.postgres_server import Server

__all__ = ["PostgresRecord", "Record", "SqliteRecord"]


_HELD = "LOCK TABLE messages IN SHARE ROW EXCLUSIVE MODE"
_ALONE = "LOCK TABLE messages IN ACCESS EXCLUSIVE MODE"


@attrs.frozen
class SqliteRecord:
    """
    A file, which only a process of the gateway's can be killed over.
    """

    path: Path

    kinds = ()

    @contextmanager
    def held(self, alone: bool) -> Iterator[None]:
        """
        Somebody else writes meanwhile; C{alone}: nobody may even read.
        """
        holder = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        try:
            holder.execute("BEGIN EXCLUSIVE" if alone else "BEGIN IMMEDIATE")
            yield
            holder.execute("ROLLBACK")
        finally:
            holder.close()


@attrs.frozen
class PostgresRecord:
    """
    A server of our own.
    """

    server: Server

    kinds = ("database killed", "database stopped")

    @contextmanager
    def held(self, alone: bool) -> Iterator[None]:
        """
        Messages are locked by somebody else meanwhile.
        """
        with self.server.connect() as connection, connection.transaction():
            connection.execute(_ALONE if alone else _HELD)
            yield


Record = SqliteRecord | PostgresRecord
