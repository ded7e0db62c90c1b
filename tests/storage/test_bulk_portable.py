"""
All ways of writing many rows do the same.
"""

from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Connection, select

from smsgw.storage import bulk_portable, bulk_postgres, bulk_sqlite, tables
from smsgw.storage.database import Database
from tests.support.record import now_or_never

EACH = pytest.mark.parametrize(
    ("address", "bulk"),
    [
        ("sqlite", bulk_sqlite),
        ("sqlite", bulk_portable),
        pytest.param("postgresql", bulk_portable, marks=pytest.mark.real),
        pytest.param("postgresql", bulk_postgres, marks=pytest.mark.real),
    ],
    indirect=["address"],
)
COLUMNS = ("id", "state", "state_rank", "history", "phone_blob")
MOVED = ("id", "state", "state_rank", "history")
STATE = ("webhook_id", "seq")
TALLY = (*tables.tallies.primary_key.columns.keys(), "message_count")
MADE = ("recorder", 7)


def run(database: Database, call: Any, *args: Any) -> Any:
    """
    Run something in a write transaction.
    """
    return now_or_never(database.write(lambda connection: call(connection, *args)))


def look(connection: Connection, *columns: Any) -> list[tuple[Any, ...]]:
    """
    Rows of a table.
    """
    found = connection.execute(select(*columns).order_by(columns[0]))
    return [tuple(row) for row in found]


@EACH
def test_insert_and_update(database: Database, bulk: ModuleType) -> None:
    """
    Rows come, move and grow; one that is further is left alone.
    """
    table = tables.messages
    rows = [[f"M{n:03}", "accepted", 0, None, b"\x00\xff%d" % n] for n in range(90)]
    run(database, bulk.insert, table, COLUMNS, rows, MADE)
    run(database, bulk.update, table, MOVED, [["M000", "delivered", 3, "one"]], MADE)
    run(
        database,
        bulk.update,
        table,
        MOVED,
        [["M000", "unknown", 1, "no"], ["M001", "submitted", 0, "two"]],
        MADE,
    )
    run(database, bulk.update, table, MOVED, [["M001", "expired", 2, "three"]], MADE)
    found = run(database, look, *(table.c[name] for name in COLUMNS))
    assert ("M000", "delivered", 3, "one", b"\x00\xff0") == found[0]
    assert ("M001", "expired", 2, "two\nthree", b"\x00\xff1") == found[1]
    assert 90 == len(found)


@EACH
def test_fetch(database: Database, bulk: ModuleType) -> None:
    """
    Wanted rows are found, others are not.
    """
    rows = [[f"M{n:03}", "accepted", 0, None, b""] for n in range(600)]
    run(database, bulk.insert, tables.messages, COLUMNS, rows, MADE)
    wanted = {row[0] for row in rows[10:]} | {"none"}
    found = run(database, bulk.fetch, tables.messages, ("id", "state"), wanted)
    assert sorted((row[0], "accepted") for row in rows[10:]) == sorted(found)


@EACH
def test_replace(database: Database, bulk: ModuleType) -> None:
    """
    Equal keys are one row with the newest values.
    """
    table = tables.webhook_states
    run(database, bulk.replace, table, STATE, [["one", 5]], MADE)
    run(database, bulk.replace, table, STATE, [["one", 6], ["two", 4]], MADE)
    found = run(database, look, table.c.webhook_id, table.c.seq, table.c.created_by)
    assert [("one", 6, "recorder"), ("two", 4, "recorder")] == found


@EACH
def test_add(database: Database, bulk: ModuleType) -> None:
    """
    Counts grow, and who wrote last is told.
    """
    key = [1, "his", "-", "-", "-", "notice", "accepted"]
    run(database, bulk.add, tables.tallies, TALLY, [[*key, 3]], MADE)
    run(database, bulk.add, tables.tallies, TALLY, [[*key, -1]], MADE)
    table = tables.tallies.c
    found = run(database, look, table.message_count, table.created_at, table.updated_at)
    assert [(2, 7, 7)] == found


@EACH
def test_nothing_is_nothing(database: Database, bulk: ModuleType) -> None:
    """
    Empty lists make no statement.
    """
    for call in (bulk.insert, bulk.replace, bulk.add, bulk.update):
        run(database, call, tables.messages, COLUMNS, [], MADE)
    assert [] == run(database, bulk.fetch, tables.messages, ("id",), [])
