"""
What is past its time goes, a bounded lot in each transaction; what is under way stays.

This is for every server; where the server has partitions, whole ones go first, and
little is left to do here.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, func, select

from smsgw.ids import id_range_of
from smsgw.storage.columns import NONE
from smsgw.storage.line import read_steps
from smsgw.storage.tables import (
    account_events,
    batches,
    inbound,
    messages,
    orphans,
    segments,
    tallies,
)

__all__ = [
    "next_account",
    "purge_batches",
    "purge_events",
    "purge_messages",
    "purge_orphans",
    "purge_replies",
    "purge_tallies",
]

LOT = 1000
_SOME = 500
_DAY_MS = 86_400_000
Passed = tuple[int, str]


def purge_messages(connection: Connection, after: str, before: str) -> Passed:
    """
    A lot of messages with ids in between goes, and their segments, but for those that
    have not ended; how many went, and the last id looked at ('' if there was none).
    """
    columns = messages.c
    rows = connection.execute(
        select(columns.id, columns.state_rank, columns.history)
        .where(columns.id > after, columns.id < before)
        .order_by(columns.id)
        .limit(LOT)
    ).all()
    if not rows:
        return 0, ""
    ended = [row for row in rows if row.state_rank]
    names = [row.id for row in ended]
    taken = {one for row in ended for one in _carrier_ids(row.history or "")}
    within = segments.c.message_id.between(rows[0].id, rows[-1].id)
    for some in _lots(sorted(taken)):
        connection.execute(
            delete(segments)
            .where(segments.c.carrier_id.in_(some), within)
            .where(segments.c.message_id.in_(names))
        )
    within = columns.id.between(rows[0].id, rows[-1].id)
    return _gone(connection, messages, columns.id, names, within), rows[-1].id


def _carrier_ids(history: str) -> Iterator[str]:
    """
    By which segments are found: their table has no index by messages.
    """
    for step in read_steps(history):
        if step[1] == "answered" and len(step) > 6 and step[6]:
            yield step[6]


def purge_batches(connection: Connection, after: str, before: str) -> Passed:
    """
    Likewise batches, as far as no message of theirs is left.
    """
    columns = batches.c
    query = select(columns.id).where(columns.id > after, columns.id < before)
    names = connection.execute(query.order_by(columns.id).limit(LOT)).scalars().all()
    if not names:
        return 0, ""
    within = messages.c.id.between(names[0], id_range_of(names[-1])[1])
    left = connection.execute(select(messages.c.batch_id).where(within).distinct())
    going = sorted({*names} - {*left.scalars()})
    within = columns.id.between(names[0], names[-1])
    return _gone(connection, batches, columns.id, going, within), names[-1]


def next_account(connection: Connection, after: str) -> str:
    """
    The next account that has events, '' after the last one.
    """
    name = account_events.c.account
    query = select(func.min(name)).where(name > after)
    return connection.execute(query).scalar() or ""


def purge_events(connection: Connection, account: str, before_ms: int) -> int:
    """
    A lot of an account's oldest events, recorded before then.
    """
    columns = account_events.c
    rows = connection.execute(
        select(columns.seq, columns.created_at)
        .where(columns.account == account)
        .order_by(columns.seq)
        .limit(LOT)
    )
    old = [seq for seq, made in rows if made < before_ms]
    for some in _lots(old):
        mine = columns.account == account
        connection.execute(delete(account_events).where(mine, columns.seq.in_(some)))
    return len(old)


def purge_replies(connection: Connection, before_ms: int) -> int:
    """
    A lot of the oldest replies that are owed no answer.
    """
    columns = inbound.c
    old = select(columns.id).where(columns.at_ms < before_ms, columns.answer == NONE)
    query = old.order_by(columns.at_ms, columns.id).limit(LOT)
    names = connection.execute(query).scalars().all()
    return _gone(connection, inbound, columns.id, names)


def purge_orphans(connection: Connection, before_ms: int) -> int:
    """
    A lot of receipts that fitted no message.
    """
    old = select(orphans.c.id).where(orphans.c.at_ms < before_ms).limit(LOT)
    names = connection.execute(old).scalars().all()
    return _gone(connection, orphans, orphans.c.id, names)


def purge_tallies(connection: Connection, before_ms: int) -> int:
    """
    The oldest day's counts.
    """
    hour = tallies.c.hour_ms
    oldest = connection.execute(select(func.min(hour))).scalar()
    if oldest is None or oldest >= before_ms:
        return 0
    end = min(before_ms, oldest + _DAY_MS)
    return connection.execute(delete(tallies).where(hour < end)).rowcount


def _gone(
    connection: Connection,
    table: Table,
    key: "Column[Any]",
    names: Collection[str],
    *more: Any,
) -> int:
    for some in _lots([*names]):
        connection.execute(delete(table).where(key.in_(some), *more))
    return len(names)


def _lots(names: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(names), _SOME):
        yield names[start : start + _SOME]
