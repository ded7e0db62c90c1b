"""
The change log: who changed what, when, before and after.
"""

import json
from collections.abc import Mapping
from typing import Any

import attrs
from sqlalchemy import Connection, func, insert, select

from smsgw.storage.tables import changes

__all__ = ["Entry", "changes_of", "log_change"]


@attrs.frozen
class Entry:
    """
    A change: C{before} is None for what is new, C{after} for what is gone.
    """

    id: int
    at: float
    who: str
    table: str
    row_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def log_change(
    connection: Connection,
    table: str,
    row_id: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    who: str,
    at: int,
) -> None:
    """
    One line; C{before} is None for what is new, C{after} for what is gone.

    Secrets and protected fields must be masked already; C{at} is epoch ms.
    """
    newest = connection.execute(select(func.max(changes.c.id))).scalar() or 0
    connection.execute(
        insert(changes).values(
            id=newest + 1,
            at_ms=at,
            who=who,
            table_name=table,
            row_id=row_id,
            before_json=_json(before),
            after_json=_json(after),
            created_by=who,
            created_at=at,
            updated_by=who,
            updated_at=at,
        )
    )


def changes_of(
    connection: Connection,
    table: str = "",
    row_id: str = "",
    who: str = "",
    before: int = 0,
    limit: int = 50,
) -> list[Entry]:
    """
    Newest first; empty fields match all, C{before} is the last id of the page before.
    """
    columns = changes.c
    query = select(changes).order_by(columns.id.desc()).limit(limit)
    for column, value in (
        (columns.table_name, table),
        (columns.row_id, row_id),
        (columns.who, who),
    ):
        if value:
            query = query.where(column == value)
    if before:
        query = query.where(columns.id < before)
    return [
        Entry(
            row.id,
            row.at_ms / 1000,
            row.who,
            row.table_name,
            row.row_id,
            _fields(row.before_json),
            _fields(row.after_json),
        )
        for row in connection.execute(query)
    ]


def _fields(text: str | None) -> Mapping[str, Any] | None:
    if not text:
        return None
    found = json.loads(text)
    return found if isinstance(found, dict) else {"": found}


def _json(fields: Mapping[str, Any] | None) -> str | None:
    return None if fields is None else json.dumps(fields, ensure_ascii=False)
