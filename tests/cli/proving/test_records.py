"""
Tests for L{smsgw.cli.proving.records}; test_faults holds SQLite's.
"""

from typing import Any

import pytest
from psycopg.errors import LockNotAvailable

from smsgw.cli.proving.postgres_server import postgres_server
from smsgw.cli.proving.records import PostgresRecord


@pytest.mark.real
def test_a_servers_messages_are_held() -> None:
    """
    Read, unless alone, but not written; the server can be killed and stopped too.
    """
    with postgres_server() as server:
        server.run("CREATE TABLE messages (id int)")
        record = PostgresRecord(server)
        read, written = "SELECT * FROM messages", "INSERT INTO messages VALUES (1)"

        def tried(words: Any) -> bool:
            with server.connect() as connection:
                connection.execute("SET lock_timeout = '50ms'")
                try:
                    connection.execute(words)
                except LockNotAvailable:
                    return False
                return True

        with record.held(alone=False):
            assert [True, False] == [tried(read), tried(written)]
        with record.held(alone=True):
            assert [False, False] == [tried(read), tried(written)]
        assert [True, True] == [tried(read), tried(written)]
