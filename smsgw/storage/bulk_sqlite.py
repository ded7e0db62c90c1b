"""
Many rows in one statement, SQLite's way: they travel as one JSON text.

One statement runs without the interpreter's lock from its first row to its
last, so the reactor goes on meanwhile. Blobs travel in one further value, of
which each row names its piece by place and length.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Table
from sqlalchemy.types import LargeBinary

__all__ = ["add", "fetch", "insert", "replace", "update"]

Rows = Sequence[Sequence[Any]]
Columns = tuple[str, ...]
_encode = msgspec.json.Encoder().encode


def insert(connection: Connection, table: Table, columns: Columns, rows: Rows) -> None:
    """
    New rows.
    """
    _run(connection, _insert(table, columns), table, columns, rows)


def replace(connection: Connection, table: Table, columns: Columns, rows: Rows) -> None:
    """
    Rows that are new, or take the place of those with the same key.
    """
    _run(connection, _replace(table, columns), table, columns, rows)


def add(connection: Connection, table: Table, columns: Columns, rows: Rows) -> None:
    """
    Likewise, but columns named C{*_count} are added to what is there.
    """
    _run(connection, _replace(table, columns, adding=True), table, columns, rows)


def update(connection: Connection, table: Table, columns: Columns, rows: Rows) -> None:
    """
    Change the rows whose C{id} is the first column; C{history} is appended to,
    and a row that is further by its C{state_rank} is left alone.
    """
    _run(connection, _update(table, columns), table, columns, rows)


def fetch(
    connection: Connection, table: Table, columns: Columns, ids: Collection[str]
) -> list[tuple[Any, ...]]:
    """
    The rows with these ids.
    """
    sql = _fetch(table, columns)
    rows = connection.exec_driver_sql(sql, (_encode(list(ids)).decode(),))
    return [tuple(row) for row in rows]


def _run(
    connection: Connection, sql: str, table: Table, columns: Columns, rows: Rows
) -> None:
    if not rows:
        return
    blobs = _blobs(table, columns)
    if not blobs:
        connection.exec_driver_sql(sql, (_encode(rows).decode(),))
        return
    packed, pieces = _pack(rows, blobs)
    connection.exec_driver_sql(sql, (_encode(packed).decode(), pieces))


def _pack(rows: Rows, blobs: tuple[int, ...]) -> tuple[list[list[Any]], bytes]:
    """
    Rows with (place, length) for blobs; equal neighbours share a piece.
    """
    pieces: list[bytes] = []
    place = 1
    last: dict[int, tuple[bytes, tuple[int, int]]] = {}
    packed = []
    for row in rows:
        values = list(row)
        for index in blobs:
            value = values[index]
            if index not in last or last[index][0] is not value:
                last[index] = (value, (place, len(value)))
                pieces.append(value)
                place += len(value)
            values[index] = last[index][1]
        packed.append(values)
    return packed, b"".join(pieces)


@lru_cache(maxsize=64)
def _blobs(table: Table, columns: Columns) -> tuple[int, ...]:
    return tuple(
        index
        for index, name in enumerate(columns)
        if isinstance(table.c[name].type, LargeBinary)
    )


def _value(table: Table, columns: Columns, index: int) -> str:
    if index in _blobs(table, columns):
        return (
            f"substr(?2, json_extract(value, '$[{index}][0]'),"
            f" json_extract(value, '$[{index}][1]'))"
        )
    return f"json_extract(value, '$[{index}]')"


@lru_cache(maxsize=64)
def _insert(table: Table, columns: Columns) -> str:
    values = ", ".join(_value(table, columns, k) for k in range(len(columns)))
    return (
        f"INSERT INTO {table.name} ({', '.join(columns)})"
        f" SELECT {values} FROM json_each(?1) WHERE true"
    )


@lru_cache(maxsize=64)
def _replace(table: Table, columns: Columns, adding: bool = False) -> str:
    keys = table.primary_key.columns.keys()
    changed = [
        f"{name} = {name} + excluded.{name}"
        if adding and name.endswith("_count")
        else f"{name} = excluded.{name}"
        for name in columns
        if name not in keys and not name.startswith("created_")
    ]
    return (
        f"{_insert(table, columns)}"
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(changed)}"
    )


@lru_cache(maxsize=64)
def _update(table: Table, columns: Columns) -> str:
    fresh = {name: f"fresh.c{k}" for k, name in enumerate(columns)}
    taken = ", ".join(
        f"{_value(table, columns, k)} AS c{k}" for k in range(len(columns))
    )
    sets = ", ".join(
        f"{name} = CASE WHEN {name} IS NULL THEN {new}"
        f" ELSE {name} || char(10) || {new} END"
        if name in ("history", "routing")
        else f"{name} = {new}"
        for name, new in fresh.items()
        if name != "id"
    )
    guard = ""
    if "state_rank" in columns:
        guard = f" AND state_rank <= {fresh['state_rank']}"
    return (
        f"UPDATE {table.name} SET {sets} FROM"
        f" (SELECT {taken} FROM json_each(?1)) AS fresh"
        f" WHERE {table.name}.id = fresh.c0{guard}"
    )


@lru_cache(maxsize=64)
def _fetch(table: Table, columns: Columns) -> str:
    return (
        f"SELECT {', '.join(columns)} FROM {table.name}"
        " WHERE id IN (SELECT value FROM json_each(?1))"
    )
