"""
Many rows with what every server has: C{executemany}, and delete before insert.
"""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table, bindparam, case

__all__ = ["add", "fetch", "insert", "replace", "update"]

Rows = Sequence[Sequence[Any]]
Columns = tuple[str, ...]
Made = tuple[str, int]
_FETCH = 500


def insert(
    connection: Connection, table: Table, columns: Columns, rows: Rows, made: Made
) -> None:
    """
    New rows.
    """
    if rows:
        stamp = _stamp("created", made)
        new = [row | stamp for row in _named(columns, rows)]
        connection.execute(sa.insert(table), new)


def replace(
    connection: Connection, table: Table, columns: Columns, rows: Rows, made: Made
) -> None:
    """
    Rows that are new, or take the place of those with the same key.
    """
    if not rows:
        return
    keys = table.primary_key.columns
    same = sa.and_(*(column == bindparam(f"k_{column.name}") for column in keys))
    gone = [
        {f"k_{column.name}": row[columns.index(column.name)] for column in keys}
        for row in rows
    ]
    connection.execute(sa.delete(table).where(same), gone)
    insert(connection, table, columns, rows, made)


def add(
    connection: Connection, table: Table, columns: Columns, rows: Rows, made: Made
) -> None:
    """
    Likewise, but columns named C{*_count} are added to what is there.
    """
    keys = table.primary_key.columns
    for row in _named(columns, rows):
        same = sa.and_(*(column == row[column.name] for column in keys))
        changed = {
            name: table.c[name] + value if name.endswith("_count") else value
            for name, value in row.items()
            if name not in keys
        }
        changed |= _stamp("updated", made)
        done = connection.execute(sa.update(table).where(same).values(changed))
        if not done.rowcount:
            new = row | _stamp("created", made)
            connection.execute(sa.insert(table).values(new))


def update(
    connection: Connection, table: Table, columns: Columns, rows: Rows, made: Made
) -> None:
    """
    Change the rows whose C{id} is the first column; C{history} is appended to,
    and a row that is further by its C{state_rank} is left alone.
    """
    if not rows:
        return
    statement = sa.update(table).where(table.c.id == bindparam("k_id"))
    if "state_rank" in columns:
        statement = statement.where(table.c.state_rank <= bindparam("n_state_rank"))
    statement = statement.values(
        {name: _new(table, name) for name in columns if name != "id"}
        | _stamp("updated", made)
    )
    names = ["k_id", *(f"n_{name}" for name in columns[1:])]
    connection.execute(statement, _named(tuple(names), rows))


def _new(table: Table, name: str) -> Any:
    new = bindparam(f"n_{name}", type_=table.c[name].type)
    if name not in ("history", "routing"):
        return new
    column = table.c[name]
    return case((column.is_(None), new), else_=column + "\n" + new)


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
    wanted, found = list(ids), []
    picked = sa.select(*(table.c[name] for name in columns))
    for start in range(0, len(wanted), _FETCH):
        some = wanted[start : start + _FETCH]
        rows = connection.execute(picked.where(table.c[key].in_(some)))
        found += [tuple(row) for row in rows]
    return found


def _named(columns: Columns, rows: Rows) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _stamp(what: str, made: Made) -> dict[str, Any]:
    return {f"{what}_by": made[0], f"{what}_at": made[1]}
