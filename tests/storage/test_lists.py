"""
Tests of L{smsgw.storage.lists}.
"""

import json

from sqlalchemy import Connection, insert, select

from smsgw.storage.database import Database
from smsgw.storage.lists import (
    Hand,
    Loaded,
    in_parts,
    log_load,
    next_version,
    version_of,
    write_many,
)
from smsgw.storage.tables import changes, regions, watermarks
from tests.support.record import now_or_never

HAND = Hand("admin", 1_790_000_000_000)


def test_parts() -> None:
    """
    All values, in order, at most so many together.
    """
    assert [[1, 2], [3, 4], [5]] == list(in_parts(range(1, 6), 2))
    assert [] == list(in_parts([]))


def test_a_load_that_changed_nothing_is_false() -> None:
    """
    Any change makes it true.
    """
    assert [False, True, True, True] == [
        bool(one) for one in (Loaded(), Loaded(1), Loaded(0, 1), Loaded(0, 0, 1))
    ]


def test_versions_grow_by_one(database: Database) -> None:
    """
    Each list has its own, and its row says who changed it.
    """
    assert 0 == now_or_never(database.read(version_of, "ported"))
    assert [1, 2] == [
        now_or_never(database.write(next_version, "ported", HAND)) for _ in range(2)
    ]
    assert 2 == now_or_never(database.read(version_of, "ported"))
    assert 0 == now_or_never(database.read(version_of, "regions"))

    def who(connection: Connection) -> str:
        found: str = connection.execute(select(watermarks.c.updated_by)).scalar_one()
        return found

    assert "admin" == now_or_never(database.read(who))


def test_many_rows_are_told_in_parts(database: Database) -> None:
    """
    Progress is heard while rows are written.
    """
    heard: list[int] = []

    def work(connection: Connection) -> None:
        rows = ({"prefix": f"13{n:05d}", **HAND.made()} for n in range(4500))
        write_many(connection, insert(regions), rows, heard.append)

    now_or_never(database.write(work))
    assert [2000, 2000, 500] == heard


def test_a_load_is_one_line_in_the_log(database: Database) -> None:
    """
    It says how many rows there were and what they changed.
    """
    now_or_never(database.write(log_load, "regions", 7, Loaded(4, 2, 1), HAND))

    def line(connection: Connection) -> tuple[str, str, str | None]:
        columns = changes.c
        found = select(columns.table_name, columns.row_id, columns.after_json)
        table, row_id, after = connection.execute(found).one()
        return table, row_id, after

    table, row_id, after = now_or_never(database.read(line))
    assert ("regions", "7 rows") == (table, row_id)
    assert {"rows": 7, "added": 4, "changed": 2, "gone": 1} == json.loads(after or "")
