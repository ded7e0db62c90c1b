"""
The kinds of columns that the tables are made of, portable by construction.

Times are epoch milliseconds, booleans are 0 and 1, JSON is text, and a NOT NULL
text that has nothing to say holds C{NONE}, since some servers take '' for NULL.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    text,
)

__all__ = [
    "NONE",
    "audit",
    "blob",
    "count",
    "document",
    "flag",
    "identifier",
    "millis",
    "unnull",
    "where",
    "word",
]

NONE = "-"


def identifier(name: str, comment: str, length: int = 64) -> Column[str]:
    """
    A primary key given by the application.
    """
    return Column(name, String(length), primary_key=True, comment=comment)


def word(name: str, comment: str, length: int = 64, index: bool = False) -> Column[str]:
    """
    A short text, C{NONE} when empty.
    """
    return Column(
        name,
        String(length),
        nullable=False,
        server_default=NONE,
        comment=comment,
        index=index,
    )


def document(name: str, comment: str) -> Column[str | None]:
    """
    A long text or JSON, never looked into by the database.
    """
    return Column(name, Text, nullable=True, comment=comment)


def blob(name: str, comment: str) -> Column[bytes | None]:
    """
    A protected field as L{smsgw.security.fields} seals it.
    """
    return Column(name, LargeBinary, nullable=True, comment=comment)


def millis(name: str, comment: str, index: bool = False) -> Column[int]:
    """
    Epoch milliseconds, 0 for not yet.
    """
    return Column(
        name,
        BigInteger,
        nullable=False,
        server_default="0",
        comment=comment,
        index=index,
    )


def count(name: str, comment: str) -> Column[int]:
    """
    A whole number.
    """
    return Column(name, BigInteger, nullable=False, server_default="0", comment=comment)


def flag(name: str, comment: str) -> Column[int]:
    """
    0 or 1.
    """
    return Column(
        name, SmallInteger, nullable=False, server_default="0", comment=comment
    )


def audit() -> list[Column[str] | Column[int]]:
    """
    Who made a row and who changed it last, and when.
    """
    return [
        word("created_by", "who made the row"),
        millis("created_at", "when the row was made, epoch ms"),
        word("updated_by", "who changed the row last"),
        millis("updated_at", "when the row was changed last, epoch ms"),
    ]


def where(condition: str) -> dict[str, Any]:
    """
    An index of the rows that meet a condition, where the server can do that; a
    query that says the same finds them by it.
    """
    return {f"{server}_where": text(condition) for server in ("sqlite", "postgresql")}


def unnull(value: str) -> str:
    """
    A text as callers know it: C{NONE} is ''.
    """
    return "" if value == NONE else value
