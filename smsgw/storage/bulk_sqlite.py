"""
Many rows in one statement, SQLite's way: as rows of one VALUES list.

A statement runs without the interpreter's lock from its first row to its last;
C{executemany} would come back for each row. Lists have the lengths of powers of
two, so that few statements stay prepared; longer ones than L{_LONGEST} gain nothing.
Who made the rows, and when, is told once for all of them.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table

__all__ = ["add", "fetch", "insert", "replace", "update"]

Rows = Sequence[Sequence[Any]]
Columns = tuple[str, ...]
Made = tuple[str, int]
_LONGEST = 64
_APPENDED = ("history", "routing")


def insert(
    connection: Connection, table: Table, columns: Columns, rows: Rows, made: Made
) -> None:
    """
    New rows.
    """
    _run(connection, _insert, table, columns, rows, made)


def replace(
    connection: Connection, table: Table, columns: Columns, rows: Rows, made: Made
) -> None:
    """
    Rows that are new, or take the place of those with the same key.
    """
    _run(connection, _replace, table, columns, rows, made)


def add(
    connection: Connection, table: Table, columns: Columns, rows: Rows, made: Made
) -> None:
    """
    Likewise, but columns named C{*_count} are added to what is there.
    """
    _run(connection, _add, table, columns, rows, made)


def update(
    connection: Connection, table: Table, columns: Columns, rows: Rows, made: Made
) -> None:
    """
    Change the rows whose C{id} is the first column; C{history} is appended to,
    and a row that is further by its C{state_rank} is left alone.
    """
    _run(connection, _update, table, columns, rows, made)


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
    for some in _groups([(one,) for one in sorted(ids)]):
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
    made: Made,
) -> None:
    for some in _groups(rows):
        values = (*made, *chain.from_iterable(some))
        connection.exec_driver_sql(sql(table, columns, len(some)), values)


def _groups(rows: Rows) -> Iterator[Rows]:
    """
    All rows in groups whose lengths are powers of two, the longest first.
    """
    start, left = 0, len(rows)
    while left:
        length = min(_LONGEST, 1 << left.bit_length() - 1)
        yield rows[start : start + length]
        start, left = start + length, left - length


def _values(width: int, count: int, first: str = "") -> str:
    row = f"({first}{', '.join('?' * width)})"
    return f"VALUES {', '.join([row] * count)}"


@lru_cache(maxsize=128)
def _insert(table: Table, columns: Columns, count: int) -> str:
    names = ", ".join(("created_by", "created_at", *columns))
    return (
        f"INSERT INTO {table.name} ({names}) {_values(len(columns), count, '?1, ?2, ')}"
    )


@lru_cache(maxsize=128)
def _replace(table: Table, columns: Columns, count: int) -> str:
    return _upsert(table, columns, count, adding=False)


@lru_cache(maxsize=128)
def _add(table: Table, columns: Columns, count: int) -> str:
    return _upsert(table, columns, count, adding=True)


def _upsert(table: Table, columns: Columns, count: int, adding: bool) -> str:
    keys = table.primary_key.columns.keys()
    changed = [
        "updated_by = excluded.created_by",
        "updated_at = excluded.created_at",
    ]
    changed += [
        f"{name} = {name} + excluded.{name}"
        if adding and name.endswith("_count")
        else f"{name} = excluded.{name}"
        for name in columns
        if name not in keys
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
        f"UPDATE {table.name} SET updated_by = ?, updated_at = ?, {sets}"
        f" FROM ({_values(len(columns), count)}) AS fresh"
        f" WHERE {table.name}.id = {fresh['id']}{guard}"
    )
