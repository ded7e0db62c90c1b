"""
What people sent from the console: one sending is of as many batches as it needs.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any

import attrs
from sqlalchemy import Connection, Row, and_, func, insert, or_, select, update

from smsgw.ids import id_range_of
from smsgw.security.fields import Fields
from smsgw.storage.columns import NONE, unnull
from smsgw.storage.console_tables import sendings
from smsgw.storage.journal import log_change
from smsgw.storage.line import millis_of
from smsgw.storage.lists import Hand
from smsgw.storage.rule_tables import batch_stops
from smsgw.storage.tables import batches, messages
from smsgw.views import Progress

__all__ = [
    "Sending",
    "batch_owner",
    "categories_of",
    "find_sendings",
    "note_sending",
    "sending_of",
    "sending_progress",
]


@attrs.frozen
class Sending:
    """
    C{recipients} of which the doors C{refused} some and C{held} others; C{rest} of
    them wait until C{rest_until} for a word after a trial. Times are epoch seconds,
    C{price} is in 0.0001 yuan.
    """

    id: str
    account: str
    maker: str
    text: str = attrs.field(default="", repr=False)
    template: str = ""
    recipients: int = 0
    refused: int = 0
    held: int = 0
    segments: int = 0
    price: int = 0
    rest: int = 0
    rest_until: float = 0.0
    send_at: float = 0.0
    ends_at: float = 0.0
    batches: tuple[str, ...] = ()
    at: float = 0.0

    @property
    def accepted(self) -> int:
        """
        Messages that there are.
        """
        return self.recipients - self.refused - self.rest


def note_sending(
    connection: Connection, fields: Fields, sending: Sending, now: float
) -> None:
    """
    A new one, or how a known one went on.
    """
    hand, columns = Hand(sending.maker, millis_of(now)), sendings.c
    row = {
        "account": sending.account,
        "maker": sending.maker,
        "text_blob": fields.seal("text", sending.text),
        "template": sending.template or NONE,
        "recipients": sending.recipients,
        "refused": sending.refused,
        "held": sending.held,
        "segments": sending.segments,
        "price": sending.price,
        "rest": sending.rest,
        "rest_until_ms": millis_of(sending.rest_until),
        "send_ms": millis_of(sending.send_at),
        "ends_ms": millis_of(sending.ends_at),
        "batches": json.dumps(sending.batches),
    }
    done = connection.execute(
        update(sendings).where(columns.id == sending.id).values(row | hand.touched())
    )
    if not done.rowcount:
        connection.execute(insert(sendings).values(id=sending.id, **row, **hand.made()))
    told = {
        "account": sending.account,
        "recipients": sending.recipients,
        "refused": sending.refused,
        "rest": sending.rest,
    }
    change = (sendings.name, sending.id, None, told)
    log_change(connection, *change, sending.maker, hand.at)


def sending_of(connection: Connection, fields: Fields, name: str) -> Sending | None:
    """
    One by its id.
    """
    row = connection.execute(select(sendings).where(sendings.c.id == name)).first()
    return None if row is None else _sending(row, fields)


def find_sendings(
    connection: Connection,
    fields: Fields,
    accounts: Collection[str] | None,
    maker: str,
    after: str,
    limit: int,
) -> tuple[list[Sending], str]:
    """
    The newest of these accounts (None for all) or by this person; the second value
    is what to go on after, '' at the end.
    """
    columns = sendings.c
    query = select(sendings)
    if accounts is not None:
        ours = columns.account.in_(sorted(accounts))
        query = query.where(or_(ours, columns.maker == maker))
    at, mark, one = after.partition("-")
    if mark and at.isascii() and at.isdigit():
        then = int(at[:18])
        same = and_(columns.created_at == then, columns.id < one)
        query = query.where(or_(columns.created_at < then, same))
    newest = columns.created_at.desc(), columns.id.desc()
    rows = connection.execute(query.order_by(*newest).limit(limit + 1)).all()
    found = [_sending(row, fields) for row in rows[:limit]]
    if len(rows) <= limit:
        return found, ""
    return found, f"{rows[limit - 1].created_at}-{rows[limit - 1].id}"


def categories_of(connection: Connection, batch_ids: Sequence[str]) -> list[str]:
    """
    What kinds of messages the batches have.
    """
    columns = batches.c
    query = select(columns.category).where(columns.id.in_(list(batch_ids))).distinct()
    return sorted(connection.execute(query).scalars())


def sending_progress(
    connection: Connection, account: str, batch_ids: Sequence[str]
) -> Progress:
    """
    How far all of these batches are; C{state} is C{canceled} or C{paused} when all
    that anybody spoke of are. C{batch} is the first.
    """
    states: dict[str, int] = {}
    segments = 0
    columns = messages.c
    for batch in batch_ids:
        rows = connection.execute(
            select(columns.state, func.count(), func.sum(columns.segments))
            .where(columns.account == account, columns.batch_id == batch)
            .where(columns.id.between(*id_range_of(batch)))
            .group_by(columns.state)
        )
        for state, number, parts in rows:
            states[state] = states.get(state, 0) + number
            segments += int(parts or 0)
    stops = connection.execute(
        select(batch_stops.c.state).where(batch_stops.c.id.in_(list(batch_ids)))
    ).scalars()
    said = {*stops}
    state = said.pop() if len(said) == 1 else "running"
    return Progress(batch_ids[0] if batch_ids else "", state, states, segments)


def batch_owner(connection: Connection, batch: str) -> tuple[str, float]:
    """
    A batch's account and when it was accepted; '' for one that is not there.
    """
    columns = batches.c
    found = connection.execute(
        select(columns.account, columns.accepted_ms).where(columns.id == batch)
    ).first()
    return ("", 0.0) if found is None else (found.account, found.accepted_ms / 1000)


def _sending(row: Row[Any], fields: Fields) -> Sending:
    return Sending(
        row.id,
        row.account,
        row.maker,
        fields.open(row.text_blob) if row.text_blob else "",
        unnull(row.template),
        row.recipients,
        row.refused,
        row.held,
        row.segments,
        row.price,
        row.rest,
        row.rest_until_ms / 1000,
        row.send_ms / 1000,
        row.ends_ms / 1000,
        tuple(json.loads(row.batches) if row.batches else ()),
        row.created_at / 1000,
    )
