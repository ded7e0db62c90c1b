"""
Many rows in one statement, PostgreSQL's way: COPY, and lists by unnest.

Values become arrays here, in one string for each column: the driver would ask for
each value how it is written. Ids are in the order of time, so that the least and the
greatest of a list tell the server which partitions it need not look into.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
)
from sqlalchemy.exc import DBAPIError

__all__ = ["add", "fetch", "insert", "replace", "update"]

Rows = Sequence[Sequence[Any]]
Columns = tuple[str, ...]
Made = tuple[str, int]
_APPENDED = ("history", "routing")


def insert(
    connection: Connection, table: Table, columns: Columns, rows: Rows, made: Made
) -> None:
    """
    New rows.
    """
    if not rows:
        return
    statement = _copy(table, columns)
    cursor: Any = connection.connection.cursor()
    try:
        with _told(connection, statement), cursor.copy(statement) as copy:
            write = copy.write_row
            for row in rows:
                write((*made, *row))
    finally:
        cursor.close()


def replace(
    connection: Connection, table: Table, columns: Columns, rows: Rows, made: Made
) -> None:
    """
    Rows that are new, or take the place of those with the same key.
    """
    _upsert(connection, table, columns, rows, made, adding=False)


def add(
    connection: Connection, table: Table, columns: Columns, rows: Rows, made: Made
) -> None:
    """
    Likewise, but columns named C{*_count} are added to what is there.
    """
    _upsert(connection, table, columns, rows, made, adding=True)


def update(
    connection: Connection, table: Table, columns: Columns, rows: Rows, made: Made
) -> None:
    """
    Change the rows whose C{id} is the first column; C{history} is appended to,
    and a row that is further by its C{state_rank} is left alone.
    """
    if rows:
        ids = [row[0] for row in rows]
        values = (*made, *_arrays(rows), min(ids), max(ids))
        connection.exec_driver_sql(_update(table, columns), values)


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
    if not ids:
        return []
    sql = f"SELECT {', '.join(columns)} FROM {table.name} WHERE {key} = ANY(%s::text[])"
    values = [_array(sorted(ids))]
    if key == "id":
        sql += " AND id BETWEEN %s AND %s"
        values += [min(ids), max(ids)]
    return [tuple(row) for row in connection.exec_driver_sql(sql, tuple(values))]


def _upsert(
    connection: Connection,
    table: Table,
    columns: Columns,
    rows: Rows,
    made: Made,
    adding: bool,
) -> None:
    """
    Rows go in the order of their keys, whoever writes them: nobody waits for one who
    waits for him.
    """
    if rows:
        keys = [columns.index(column.name) for column in table.primary_key.columns]
        rows = sorted(rows, key=lambda row: [row[place] for place in keys])
        sql = _merge(table, columns, adding)
        connection.exec_driver_sql(sql, (*made, *_arrays(rows)))


@contextmanager
def _told(connection: Connection, statement: str) -> Iterator[None]:
    """
    The driver's errors as SQLAlchemy tells them.
    """
    dialect = connection.dialect
    errors: Any = dialect.loaded_dbapi.Error
    try:
        yield
    except errors as error:
        raise DBAPIError.instance(
            statement, None, error, errors, True, dialect=dialect
        ) from error


@lru_cache(maxsize=128)
def _copy(table: Table, columns: Columns) -> str:
    return f"COPY {table.name} ({', '.join(_all(columns))}) FROM STDIN"


@lru_cache(maxsize=128)
def _merge(table: Table, columns: Columns, adding: bool) -> str:
    keys = table.primary_key.columns.keys()
    changed = [
        "updated_by = excluded.created_by",
        "updated_at = excluded.created_at",
    ]
    changed += [
        f"{name} = {table.name}.{name} + excluded.{name}"
        if adding and name.endswith("_count")
        else f"{name} = excluded.{name}"
        for name in columns
        if name not in keys
    ]
    return (
        f"INSERT INTO {table.name} ({', '.join(_all(columns))})"
        f" SELECT %s, %s::bigint, fresh.* FROM {_unnest(table, columns)}"
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(changed)}"
    )


@lru_cache(maxsize=128)
def _update(table: Table, columns: Columns) -> str:
    sets = ", ".join(
        f"{name} = concat({table.name}.{name} || chr(10), fresh.{name})"
        if name in _APPENDED
        else f"{name} = fresh.{name}"
        for name in columns
        if name != "id"
    )
    where = f"{table.name}.id = fresh.id AND {table.name}.id BETWEEN %s AND %s"
    if "state_rank" in columns:
        where += f" AND {table.name}.state_rank <= fresh.state_rank"
    return (
        f"UPDATE {table.name} SET updated_by = %s, updated_at = %s, {sets}"
        f" FROM {_unnest(table, columns)} WHERE {where}"
    )


def _all(columns: Columns) -> Columns:
    return ("created_by", "created_at", *columns)


def _unnest(table: Table, columns: Columns) -> str:
    arrays = ", ".join(f"%s::{_kind(table, name)}[]" for name in columns)
    return f"unnest({arrays}) AS fresh ({', '.join(columns)})"


def _kind(table: Table, name: str) -> str:
    """
    Without a length: what is too long is refused, not cut.
    """
    kind = table.c[name].type
    for known, word in (
        (SmallInteger, "smallint"),
        (BigInteger, "bigint"),
        (Integer, "integer"),
        (LargeBinary, "bytea"),
    ):
        if isinstance(kind, known):
            return word
    return "text"


def _arrays(rows: Rows) -> Iterator[str]:
    for column in zip(*rows, strict=True):
        yield _array(column)


def _array(values: Sequence[Any]) -> str:
    if type(values[0]) is int:
        return "{" + ",".join(map(str, values)) + "}"
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    """
    A value as an array holds it.
    """
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    text: str = value
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    return '"' + text.replace('"', '\\"') + '"'
