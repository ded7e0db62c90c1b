"""
Messages found by any of their fields, newest first, within a scope of accounts.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import attrs
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    TextClause,
    false,
    func,
    select,
    text,
)

from smsgw.ids import block_of, first_id_at, id_range_of
from smsgw.storage.columns import NONE, unnull
from smsgw.storage.line import millis_of
from smsgw.storage.tables import (
    HAS_CODE,
    HAS_FAILED,
    HAS_REF,
    accounts,
    batches,
    inbound,
    messages,
)

__all__ = [
    "FAILED",
    "Failure",
    "Wanted",
    "failures",
    "find_messages",
    "find_replies",
    "recent_batches",
    "with_batches",
]

Scope = Collection[str] | None
FAILED = ("undelivered", "rejected", "expired", "unknown")
_SLACK_MS = 3_600_000
_PLAIN = frozenset({NONE, "DELIVRD"})


@attrs.frozen
class Wanted:
    """
    What is looked for; empty fields match all. C{index} is the number's blind index,
    C{since} and C{until} are epoch seconds of acceptance.
    """

    index: str = ""
    batch: str = ""
    account: str = ""
    category: str = ""
    states: Sequence[str] = ()
    channel: str = ""
    code: str = ""
    ref: str = ""
    since: float = 0.0
    until: float = 0.0


@attrs.frozen
class Failure:
    """
    How many messages of a channel ended with a code.
    """

    channel: str
    code: str
    state: str
    messages: int


def find_messages(
    connection: Connection, wanted: Wanted, scope: Scope, before: str, limit: int
) -> Sequence[Row[Any]]:
    """
    Rows of messages with their batch's data; C{before} is the last id of the page
    before, C{scope} the accounts that may be seen (None: all).
    """
    names = _names(connection, wanted, scope, before, limit)
    query = with_batches(names, messages, batches.c.routing)
    return connection.execute(query.order_by(messages.c.id.desc())).all()


def with_batches(names: Sequence[str], *columns: Any) -> Select[Any]:
    """
    These columns of some messages, and what their batches say. A batch begins in the
    same block of ids, so that only partitions of these times are read.
    """
    identity, batch = messages.c.id, batches.c.id
    first, last = (min(names), max(names)) if names else ("", "")
    same = (batch == messages.c.batch_id) & batch.between(block_of(first), last)
    query: Select[Any] = select(*columns, batches.c.callback_data, batches.c.biz)
    query = query.select_from(messages).outerjoin(batches, same)
    return query.where(identity.in_(names), identity.between(first, last))


def _names(
    connection: Connection, wanted: Wanted, scope: Scope, before: str, limit: int
) -> list[str]:
    """
    Ids of the newest that fit. The index over accounts gives each account's in order,
    but not those of several: they are looked for one account after another.
    """
    if wanted.index or wanted.batch:
        one_by_one: Sequence[Wanted] = [wanted]
    else:
        one_by_one = list(_by_account(connection, wanted, scope))
    columns = messages.c
    found: list[str] = []
    for one in one_by_one:
        query = select(columns.id).where(*_conditions(one, scope))
        if before:
            query = query.where(columns.id < before)
        newest = query.order_by(columns.id.desc()).limit(limit)
        found += connection.execute(newest).scalars()
    return sorted(found, reverse=True)[:limit]


def _by_account(
    connection: Connection, wanted: Wanted, scope: Scope
) -> Iterator[Wanted]:
    """
    References are kept by account, too.
    """
    if wanted.account or (scope is None and not wanted.ref):
        yield wanted
        return
    if scope is None:
        scope = list(connection.execute(select(accounts.c.id)).scalars())
    for account in sorted(scope):
        yield attrs.evolve(wanted, account=account)


def _conditions(
    wanted: Wanted, scope: Scope
) -> Iterator[ColumnElement[bool] | TextClause]:
    columns = messages.c
    if scope is not None and wanted.account not in scope:
        none = wanted.account or not scope
        yield false() if none else columns.account.in_(sorted(scope))
    for column, value in (
        (columns.account, wanted.account),
        (columns.phone_index, wanted.index),
        (columns.category, wanted.category),
        (columns.channel, wanted.channel),
        (columns.code, wanted.code),
        (columns.client_ref, wanted.ref),
        (columns.batch_id, wanted.batch),
    ):
        if value:
            yield column == value
    yield from _by_index(wanted)
    if wanted.states:
        yield columns.state.in_(list(wanted.states))
    if wanted.batch:
        yield columns.id.between(*id_range_of(wanted.batch))
    if since := millis_of(wanted.since):
        yield columns.accepted_ms >= since
        yield columns.id >= first_id_at(since - _SLACK_MS)
    if until := millis_of(wanted.until):
        yield columns.accepted_ms < until
        yield columns.id < first_id_at(until + _SLACK_MS)


def _by_index(wanted: Wanted) -> Iterator[TextClause]:
    """
    What an index of some rows is about, in its own words.
    """
    if wanted.ref and wanted.ref != NONE:
        yield text(HAS_REF)
    if wanted.code and wanted.code not in _PLAIN:
        yield text(HAS_CODE)
    elif wanted.states and {*wanted.states} <= {*FAILED}:
        yield text(HAS_FAILED)


def failures(connection: Connection, wanted: Wanted, scope: Scope) -> list[Failure]:
    """
    What failed in a time, by channel and code, the most frequent first.
    """
    columns, many = messages.c, func.count()
    query = (
        select(columns.channel, columns.code, columns.state, many)
        .where(*_conditions(attrs.evolve(wanted, states=FAILED), scope))
        .group_by(columns.channel, columns.code, columns.state)
        .order_by(many.desc(), columns.channel, columns.code)
        .limit(200)
    )
    return [
        Failure(unnull(channel), unnull(code), state, count)
        for channel, code, state, count in connection.execute(query)
    ]


def find_replies(
    connection: Connection,
    scope: Scope,
    unmatched: bool,
    index: str,
    before: int,
    limit: int,
) -> Sequence[Row[Any]]:
    """
    Replies, newest first; C{unmatched} are those that answer nothing we know.

    C{before} is the time (epoch ms) of the last one of the page before, 0 for none.
    """
    columns = inbound.c
    query = select(inbound).order_by(columns.at_ms.desc(), columns.id.desc())
    if scope is not None:
        query = query.where(columns.account.in_(sorted(scope)) if scope else false())
    if unmatched:
        query = query.where(columns.message_id == NONE)
    if index:
        query = query.where(columns.phone_index == index)
    if before:
        query = query.where(columns.at_ms < before)
    return connection.execute(query.limit(limit)).all()


def recent_batches(
    connection: Connection, scope: Scope, before: str, limit: int
) -> Sequence[Row[Any]]:
    """
    Submissions, newest first: id, account, category, accepted_ms, made by.
    """
    columns = batches.c
    query: Select[Any] = select(
        columns.id,
        columns.account,
        columns.category,
        columns.accepted_ms,
        columns.created_by,
    ).order_by(columns.id.desc())
    if scope is not None:
        query = query.where(columns.account.in_(sorted(scope)) if scope else false())
    if before:
        query = query.where(columns.id < before)
    return connection.execute(query.limit(limit)).all()
