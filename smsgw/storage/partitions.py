"""
PostgreSQL's partitions of the big tables: made ahead of time, dropped when past.

Their bounds are ids, which are in the order of time, so that primary keys stay what
they are. What fits none goes to the partition C{rest}: nothing is ever refused.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import attrs
from sqlalchemy import Connection

from smsgw.ids import first_id_at, milliseconds_of
from smsgw.storage.servers import able_of

__all__ = [
    "PARTED",
    "Part",
    "Span",
    "drop_part",
    "has_open",
    "make_parts",
    "parts_of",
]

Span = Literal["day", "month"]
PARTED = {"messages": "id", "batches": "id", "segments": "message_id"}
AHEAD_DAYS, BEHIND_DAYS = 7, 31
_CHINA = timedelta(hours=8)
_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PATIENCE = "SET LOCAL lock_timeout = '3s'"
_BOUNDS = re.compile(r"FROM \((?:'(\w+)'|MINVALUE)\) TO \('(\w+)'\)")


@attrs.frozen
class Part:
    """
    Ids from C{lower} ('' without a limit) below C{upper}; C{suffix} follows the names
    of the tables.
    """

    suffix: str
    lower: str
    upper: str


def parts_of(connection: Connection) -> list[Part]:
    """
    All that messages have, in their order, but for C{rest}; none where the server or
    the record has no partitions.
    """
    if not able_of(connection).partitions:
        return []
    rows = connection.exec_driver_sql(
        "SELECT part.relname, pg_get_expr(part.relpartbound, part.oid)"
        " FROM pg_inherits JOIN pg_class AS part ON part.oid = inhrelid"
        " WHERE inhparent = 'messages'::regclass"
    )
    found = []
    for name, told in rows:
        bounds = _BOUNDS.search(told)
        if bounds is not None:
            suffix = name.removeprefix("messages")
            found.append(Part(suffix, bounds[1] or "", bounds[2]))
    return sorted(found, key=lambda part: part.upper)


def make_parts(connection: Connection, now: float, span: Span) -> list[str]:
    """
    Partitions for now and the next week, as far as there are none; their names. Rows
    that were there before their partition move into it.
    """
    if not _parted(connection):
        return []
    connection.exec_driver_sql(_PATIENCE)
    parts, made = parts_of(connection), []
    for start, end in _missing(parts, _at(now), span):
        suffix = f"_p{start + _CHINA:%Y%m%d}"
        part = Part(suffix, first_id_at(_millis(start)), first_id_at(_millis(end)))
        for table, column in PARTED.items():
            _make(connection, table, column, part)
        made.append(suffix)
    return made


def _parted(connection: Connection) -> bool:
    if not able_of(connection).partitions:
        return False
    kind = "SELECT relkind = 'p' FROM pg_class WHERE oid = 'messages'::regclass"
    return bool(connection.exec_driver_sql(kind).scalar())


def _missing(
    parts: list[Part], now: datetime, span: Span
) -> Iterator[tuple[datetime, datetime]]:
    """
    Begins and ends, without gaps after the last there is, unless that is long ago.
    """
    start = _begin(now, span)
    if parts:
        last = _EPOCH + timedelta(milliseconds=milliseconds_of(parts[-1].upper))
        if last > now - BEHIND_DAYS * _DAY:
            start = last
    while start <= now + AHEAD_DAYS * _DAY:
        longer = _DAY if span == "day" else 32 * _DAY
        end = _begin(_begin(start, span) + longer, span)
        yield start, end
        start = end


def _begin(at: datetime, span: Span) -> datetime:
    """
    Of the day or month in China.
    """
    there = (at + _CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return (there if span == "day" else there.replace(day=1)) - _CHINA


def _make(connection: Connection, table: str, column: str, part: Part) -> None:
    """
    Attached when it is complete, so that writers of other partitions go on.
    """
    run, name, rest = connection.exec_driver_sql, table + part.suffix, f"{table}_rest"
    here = f"{column} >= '{part.lower}' AND {column} < '{part.upper}'"
    run(f"CREATE TABLE {name} (LIKE {table} INCLUDING ALL)")
    run(f"LOCK TABLE {rest} IN ACCESS EXCLUSIVE MODE")
    run(f"INSERT INTO {name} SELECT * FROM {rest} WHERE {here}")
    run(f"DELETE FROM {rest} WHERE {here}")
    run(
        f"ALTER TABLE {table} ATTACH PARTITION {name}"
        f" FOR VALUES FROM ('{part.lower}') TO ('{part.upper}')"
    )


def has_open(connection: Connection, part: Part) -> bool:
    """
    Whether a message of this partition has not ended.
    """
    name = f"messages{part.suffix}"
    found = connection.exec_driver_sql(
        f"SELECT 1 FROM {name} WHERE state_rank = 0 LIMIT 1"
    )
    return found.first() is not None


def drop_part(connection: Connection, part: Part) -> None:
    """
    Messages of this range, their batches and segments; waits for readers, but not
    long, since writers would wait behind it.
    """
    run = connection.exec_driver_sql
    run(_PATIENCE)
    for table in PARTED:
        name = table + part.suffix
        if run("SELECT to_regclass(%s)", (name,)).scalar() is not None:
            run(f"ALTER TABLE {table} DETACH PARTITION {name}")
            run(f"DROP TABLE {name}")


def _at(now: float) -> datetime:
    return datetime.fromtimestamp(now, UTC)


def _millis(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)
