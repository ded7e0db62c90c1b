"""
Many rows in one statement, SQLite's way: as rows of one VALUES list.

A statement runs without the interpreter's lock from its first row to its last,
so the reactor goes on meanwhile; C{executemany} would come back for each row,
and each coming back is a wait for the lock. So lists are as long as may be: filled
up with empty rows to a power of two, so that few statements stay prepared.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table

__all__ = ["add", "fetch", "insert", "replace", "update"]

Rows = Sequence[Sequence[Any]]
Columns = tuple[str, ...]
_VARIABLES = 32_766
_APPENDED = ("history", "routing")


def insert(connection: Connection, table: Table, columns: Columns, rows: Rows) -> None:
    """
    New rows.
    """
    _run(connection, _insert, table, columns, rows)


def replace(connection: Connection, table: Table, columns: Columns, rows: Rows) -> None:
    """
    Rows that are new, or take the place of those with the same key.
    """
    _run(connection, _replace, table, columns, rows)


def add(connection: Connection, table: Table, columns: Columns, rows: Rows) -> None:
    """
    Likewise, but columns named C{*_count} are added to what is there.
    """
    _run(connection, _add, table, columns, rows)


def update(connection: Connection, table: Table, columns: Columns, rows: Rows) -> None:
    """
    Change the rows whose C{id} is the first column; C{history} is appended to,
    and a row that is further by its C{state_rank} is left alone.
    """
    _run(connection, _update, table, columns, rows)


def fetch(
    connection: Connection,
    table: Table,
    columns: Columns,
    ids: Collection[str],
    key: str = "id",
) -> list[tuple[Any, ...]]:
    """
    The rows with these ids, in the column C{key}.
    """
    found: list[Any] = []
    for some in _groups([(one,) for one in sorted(ids)], 1):
        wanted = ", ".join("?" * len(some))
        sql = f"SELECT {', '.join(columns)} FROM {table.name} WHERE {key} IN ({wanted})"
        values = tuple(chain.from_iterable(some))
        found += connection.exec_driver_sql(sql, values).fetchall()
    return found


def _run(
    connection: Connection,
    sql: Callable[[Table, Columns, int], str],
    table: Table,
    columns: Columns,
    rows: Rows,
) -> None:
    for some in _groups(rows, len(columns)):
        values = tuple(chain.from_iterable(some))
        connection.exec_driver_sql(sql(table, columns, len(some)), values)


def _groups(rows: Rows, width: int) -> Iterator[Rows]:
    """
    All rows in groups whose lengths are powers of two; the last is filled up.
    """
    longest = 1 << (_VARIABLES // width).bit_length() - 1
    for start in range(0, len(rows), longest):
        some = list(rows[start : start + longest])
        missing = (1 << (len(some) - 1).bit_length()) - len(some)
        yield some + [(None,) * width] * missing


def _values(columns: Columns, count: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    return f"VALUES {', '.join([row] * count)}"


@lru_cache(maxsize=128)
def _insert(table: Table, columns: Columns, count: int) -> str:
    names = ", ".join(columns)
    rows = f"SELECT * FROM ({_values(columns, count)}) WHERE column1 IS NOT NULL"
    return f"INSERT INTO {table.name} ({names}) {rows}"


@lru_cache(maxsize=128)
def _replace(table: Table, columns: Columns, count: int) -> str:
    return _upsert(table, columns, count, adding=False)


@lru_cache(maxsize=128)
def _add(table: Table, columns: Columns, count: int) -> str:
    return _upsert(table, columns, count, adding=True)


def _upsert(table: Table, columns: Columns, count: int, adding: bool) -> str:
    keys = table.primary_key.columns.keys()
    changed = [
        f"{name} = {name} + excluded.{name}"
        if adding and name.endswith("_count")
        else f"{name} = excluded.{name}"
        for name in columns
        if name not in keys and not name.startswith("created_")
    ]
    return (
        f"{_insert(table, columns, count)}"
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(changed)}"
    )


@lru_cache(maxsize=128)
def _update(table: Table, columns: Columns, count: int) -> str:
    fresh = {name: f"fresh.column{k}" for k, name in enumerate(columns, 1)}
    sets = ", ".join(
        f"{name} = coalesce({name} || char(10), '') || {new}"
        if name in _APPENDED
        else f"{name} = {new}"
        for name, new in fresh.items()
        if name != "id"
    )
    guard = ""
    if "state_rank" in columns:
        guard = f" AND state_rank <= {fresh['state_rank']}"
    return (
        f"UPDATE {table.name} SET {sets} FROM ({_values(columns, count)}) AS fresh"
        f" WHERE {table.name}.id = {fresh['id']}{guard}"
    )
