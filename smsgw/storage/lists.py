"""
What the record's long lists share: their versions, rows by the thousand, and one
line in the change log for each load.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

import attrs
from sqlalchemy import Connection, Executable, insert, select, update

from smsgw.storage.journal import log_change
from smsgw.storage.tables import watermarks

__all__ = [
    "Hand",
    "Loaded",
    "Told",
    "in_parts",
    "log_load",
    "next_version",
    "silent",
    "version_of",
    "write_many",
]

T = TypeVar("T")
Row = dict[str, Any]
Told = Callable[[int], None]
_PART = 2000


def silent(_: int) -> None:
    """
    Nobody asked how far it is.
    """


@attrs.frozen
class Loaded:
    """
    How many rows a list changed.
    """

    added: int = 0
    changed: int = 0
    gone: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.gone)


@attrs.frozen
class Hand:
    """
    Who writes, and when (epoch ms).
    """

    who: str
    at: int

    def touched(self) -> Row:
        """
        The columns that a changed row gets.
        """
        return {"updated_by": self.who, "updated_at": self.at}

    def made(self) -> Row:
        """
        The columns that a new row gets.
        """
        return {"created_by": self.who, "created_at": self.at, **self.touched()}


def in_parts(values: Iterable[T], size: int = _PART) -> Iterator[list[T]]:
    """
    The values in lists of at most so many.
    """
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some


def write_many(
    connection: Connection,
    statement: Executable,
    rows: Iterable[Row],
    told: Told = silent,
) -> None:
    """
    Run the statement for every row; C{told} hears how many each time.
    """
    for some in in_parts(rows):
        connection.execute(statement, some)
        told(len(some))


def version_of(connection: Connection, name: str) -> int:
    """
    The version of a list; 0 before the first change.
    """
    marks = watermarks.c
    found = connection.execute(select(marks.version).where(marks.name == name))
    return found.scalar() or 0


def next_version(connection: Connection, name: str, hand: Hand) -> int:
    """
    One further. Whoever else changes the list waits from here to the end of the
    transaction, so versions become visible in their order.
    """
    marks = watermarks
    done = connection.execute(
        update(marks)
        .where(marks.c.name == name)
        .values(version=marks.c.version + 1, **hand.touched())
    )
    if not done.rowcount:
        connection.execute(insert(marks).values(name=name, version=1, **hand.made()))
    return version_of(connection, name)


def log_load(
    connection: Connection, table: str, size: int, loaded: Loaded, hand: Hand
) -> None:
    """
    One line in the change log for a whole list of so many rows.
    """
    after = {"rows": size, **attrs.asdict(loaded)}
    log_change(connection, table, f"{size} rows", None, after, hand.who, hand.at)
