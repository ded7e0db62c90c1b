"""
How the steps write tables down: columns as they are in each of them.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

__all__ = ["count", "document", "key", "number_key", "objects", "table", "word"]


def key(name: str, comment: str, length: int = 64) -> sa.Column[Any]:
    """
    A column of words that belongs to the primary key.
    """
    return sa.Column(name, sa.String(length), primary_key=True, comment=comment)


def number_key(name: str, comment: str, kind: Any = sa.BigInteger) -> sa.Column[Any]:
    """
    A number given by us that belongs to the primary key.
    """
    return sa.Column(name, kind, primary_key=True, autoincrement=False, comment=comment)


def word(name: str, comment: str, length: int = 64) -> sa.Column[Any]:
    """
    Words of a bounded length; C{-} for none.
    """
    return sa.Column(
        name, sa.String(length), nullable=False, server_default="-", comment=comment
    )


def count(name: str, comment: str, kind: Any = sa.BigInteger) -> sa.Column[Any]:
    """
    A number, or a time in epoch milliseconds.
    """
    return sa.Column(name, kind, nullable=False, server_default="0", comment=comment)


def document(name: str, comment: str, kind: Any = sa.Text) -> sa.Column[Any]:
    """
    Something long that may be absent.
    """
    return sa.Column(name, kind, nullable=True, comment=comment)


def table(name: str, comment: str, *columns: sa.Column[Any], **options: Any) -> None:
    """
    A table with the columns that tell who made and changed its rows.
    """
    op.create_table(
        name,
        *columns,
        word("created_by", "who made the row"),
        count("created_at", "when the row was made, epoch ms"),
        word("updated_by", "who changed the row last"),
        count("updated_at", "when the row was changed last, epoch ms"),
        comment=comment,
        **options,
    )


def objects(name: str, comment: str, *columns: sa.Column[Any]) -> None:
    """
    A table of business objects.
    """
    table(
        name,
        comment,
        key("id", "id given by the operator"),
        *columns,
        document("settings", "all fields, JSON"),
        count("active", "1 in use, 0 switched off", sa.SmallInteger),
    )
