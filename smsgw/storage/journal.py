"""
The change log: who changed what, when, before and after.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, insert, select

from smsgw.storage.tables import changes

__all__ = ["log_change"]


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


def _json(fields: Mapping[str, Any] | None) -> str | None:
    return None if fields is None else json.dumps(fields, ensure_ascii=False)
