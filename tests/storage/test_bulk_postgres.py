"""
PostgreSQL takes lists of rows by COPY and unnest.
"""

import pytest
from sqlalchemy import select

from smsgw.storage import bulk_postgres, tables
from smsgw.storage.database import Database, Unfit
from smsgw.storage.recording import bulk_for
from tests.support.record import now_or_never

ON_POSTGRES = [
    pytest.mark.real,
    pytest.mark.parametrize("address", ["postgresql"], indirect=True),
]
pytestmark = ON_POSTGRES
COLUMNS = ("id", "state", "state_rank", "history", "phone_blob")
MADE = ("recorder", 7)
TRICKY = ['{"a": "b,c"}', "\\N", "NULL", "a\tb\nc", '"\\"', "{}", "中文'%s"]


def test_the_server_chooses_this_way(database: Database) -> None:
    """
    The original is known by what it says of itself.
    """
    assert bulk_postgres is now_or_never(database.read(bulk_for))


def test_every_text_comes_back(database: Database) -> None:
    """
    Quotes, backslashes and words that mean something stay what they are, by COPY and
    by arrays.
    """
    table = tables.batches
    rows = [[f"B{n}", text, text] for n, text in enumerate(TRICKY)]
    columns = ("id", "account", "biz")
    write = database.write
    now_or_never(write(bulk_postgres.insert, table, columns, rows, MADE))
    again = [[f"R{n}", text, text] for n, text in enumerate(TRICKY)]
    now_or_never(write(bulk_postgres.replace, table, columns, again, MADE))
    query = select(table.c.account, table.c.biz).order_by(table.c.id)
    found = now_or_never(database.read(lambda c: c.execute(query).all()))
    assert [(text, text) for text in TRICKY] * 2 == [tuple(row) for row in found]


def test_bytes_in_arrays(database: Database) -> None:
    """
    Every octet is kept.
    """
    table, octets = tables.messages, bytes(range(256))
    rows = [["M1", "accepted", 0, None, octets]]
    now_or_never(database.write(bulk_postgres.replace, table, COLUMNS, rows, MADE))
    query = select(table.c.phone_blob, table.c.history)
    assert (octets, None) == tuple(
        now_or_never(database.read(lambda c: c.execute(query).one()))
    )


@pytest.mark.parametrize(
    "row",
    [
        ["M" * 14, "accepted", 0, None, b""],
        ["M1", "a\0b", 0, None, b""],
        ["M1", "accepted", 1 << 70, None, b""],
        ["M0", "accepted", 0, None, b""],
    ],
    ids=["too long", "nul", "too great", "there already"],
)
def test_what_does_not_fit_is_told(database: Database, row: list[object]) -> None:
    """
    COPY's own errors are the record's; nothing of the batch stays, the connection is
    as good as new.
    """
    table = tables.messages
    there = [["M0", "accepted", 0, None, b""]]
    now_or_never(database.write(bulk_postgres.insert, table, COLUMNS, there, MADE))
    with pytest.raises(Unfit):
        now_or_never(
            database.write(
                bulk_postgres.insert,
                table,
                COLUMNS,
                [["M2", "accepted", 0, None, b""], row],
                MADE,
            )
        )
    query = select(table.c.id)
    found = now_or_never(database.read(lambda c: c.execute(query).scalars().all()))
    assert ["M0"] == list(found)


def test_an_update_walks_the_rows_not_the_table(database: Database) -> None:
    """
    The list is scanned and each row is found by its key.
    """
    rows = [[f"M{n:05}", "accepted", 0, None, b""] for n in range(20_000)]
    columns = ("id", "state", "state_rank")

    def plan(connection: object) -> str:
        bulk_postgres.insert(connection, tables.messages, COLUMNS, rows, MADE)  # type: ignore[arg-type]  # a connection
        sql = bulk_postgres._update(tables.messages, columns)
        moved = [[f"M{n:05}", "submitted", 0] for n in range(100)]
        arrays = [*bulk_postgres._arrays(moved)]
        values = (*MADE, *arrays, "M00000", "M00099")
        told = connection.exec_driver_sql(f"EXPLAIN {sql}", values)  # type: ignore[attr-defined]  # likewise
        return "\n".join(row[0] for row in told)

    found = now_or_never(database.write(plan))
    assert "Seq Scan" not in found, found
