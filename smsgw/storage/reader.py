"""
The record as doors read it: messages, histories, events; each account its own.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import attrs
from sqlalchemy import ColumnElement, Connection, Row, Select, select, text, update

from smsgw.ids import first_id_at, id_range_of
from smsgw.security.fields import Fields
from smsgw.storage.columns import unnull
from smsgw.storage.database import Database
from smsgw.storage.finding import Wanted, find_messages, with_batches
from smsgw.storage.inbox import StoreInbox
from smsgw.storage.line import millis_of, read_steps
from smsgw.storage.tables import HAS_REF, account_events, batches, inbound, messages
from smsgw.views import EventView, MessageView, Search, Step

__all__ = ["StoreReader"]

_TOLD = (
    messages.c.id,
    messages.c.phone_blob,
    messages.c.batch_id,
    messages.c.client_ref,
    messages.c.category,
    messages.c.segments,
)
_ACK = 500
_SLACK_MS = 3_600_000


@attrs.define(eq=False)
class StoreReader:
    """
    L{smsgw.ports.Reader} over the database.
    """

    _database: Database
    _fields: Fields

    def inbox(self) -> StoreInbox:
        """
        The replies of the same record.
        """
        return StoreInbox(self._database, self._fields)

    async def message(self, account: str, message_id: str) -> MessageView | None:
        row = await self._database.read(_one, account, message_id)
        return None if row is None else self._view(row)

    async def owner(self, message_id: str) -> str:
        """
        The account of a message, '' when there is none: for operators.
        """
        return await self._database.read(_owner, message_id)

    async def timeline(self, account: str, message_id: str) -> list[Step]:
        row = await self._database.read(_one, account, message_id)
        if row is None:
            return []
        told = [*read_steps(row.routing or ""), *read_steps(row.history or "")]
        told.sort(key=lambda step: step[0])
        accepted = Step(row.accepted_ms / 1000, "accepted", "accepted")
        return [accepted, *(Step(step[0] / 1000, *step[1:]) for step in told)]

    async def search(
        self, account: str, wanted: Search, cursor: str, limit: int
    ) -> tuple[list[MessageView], str]:
        index = self._fields.index("phone", wanted.to) if wanted.to else ""
        query = _matching(account, wanted, index, cursor).limit(limit + 1)
        rows = await self._database.read(_all, query)
        views = [self._view(row) for row in rows[:limit]]
        return views, views[-1].id if len(rows) > limit else ""

    async def find(
        self, wanted: Wanted, scope: Collection[str] | None, before: str, limit: int
    ) -> tuple[list[MessageView], str]:
        """
        For operators: messages of the accounts in a scope (None: all), newest first,
        and where the next page begins.
        """
        rows = await self._database.read(
            find_messages, wanted, scope, before, limit + 1
        )
        views = [self._view(row) for row in rows[:limit]]
        return views, views[-1].id if len(rows) > limit else ""

    async def events(
        self,
        account: str,
        types: Sequence[str],
        cursor: int,
        limit: int,
        unread: bool = False,
    ) -> list[EventView]:
        columns = account_events.c
        query = select(account_events)
        query = query.where(columns.account == account, columns.seq > cursor)
        if types:
            query = query.where(columns.event_type.in_(list(types)))
        if unread:
            query = query.where(columns.acked_ms == 0)
        query = query.order_by(columns.seq).limit(limit)
        return await self._database.read(self._events, query)

    async def acknowledge(
        self, account: str, by: str, event_ids: Sequence[str], now: float
    ) -> int:
        return await self._database.write(
            _acknowledge, account, by, list(event_ids), millis_of(now)
        )

    def _view(self, row: Row[Any]) -> MessageView:
        channel = unnull(row.channel)
        return MessageView(
            row.id,
            row.batch_id,
            row.account,
            self._open(row.phone_blob),
            self._open(row.text_blob),
            row.category,
            row.state,
            row.segments,
            unnull(row.client_ref),
            unnull(row.signature),
            channel,
            unnull(row.code),
            bool(row.uncertain),
            bool(row.late),
            row.attempts + bool(channel),
            row.accepted_ms / 1000,
            row.submitted_ms / 1000,
            row.final_ms / 1000,
            row.callback_data or "",
            json.loads(row.biz) if row.biz else {},
        )

    def _open(self, blob: bytes | None) -> str:
        return self._fields.open(blob) if blob else ""

    def _events(self, connection: Connection, query: Select[Any]) -> list[EventView]:
        rows = connection.execute(query).all()
        replies = self._replies(connection, rows)
        names = {unnull(row.message_id) for row in rows} - {""}
        told = connection.execute(with_batches([*names], *_TOLD)) if names else ()
        about = {row.id: row for row in told}
        return [self._event(row, about.get(row.message_id), replies) for row in rows]

    def _replies(
        self, connection: Connection, rows: Sequence[Row[Any]]
    ) -> dict[str, dict[str, Any]]:
        """
        What the replies among events said, by their ids.
        """
        ids = [
            json.loads(row.body)["inbound_id"]
            for row in rows
            if row.event_type == "inbound.received"
        ]
        if not ids:
            return {}
        found = connection.execute(select(inbound).where(inbound.c.id.in_(ids)))
        return {
            row.id: {
                "from": self._open(row.phone_blob),
                "text": self._open(row.text_blob),
                "access_number": unnull(row.access_number),
                "note": row.note or "",
            }
            for row in found
        }

    def _event(
        self,
        row: Row[Any],
        about: Row[Any] | None,
        replies: dict[str, dict[str, Any]],
    ) -> EventView:
        body: dict[str, Any] = json.loads(row.body)
        if row.event_type == "inbound.received":
            body |= replies.get(body["inbound_id"], {})
        elif about is not None:
            body |= {
                "batch_id": about.batch_id,
                "client_ref": unnull(about.client_ref),
                "category": about.category,
                "segments": about.segments,
                "to": self._open(about.phone_blob),
            }
        if about is not None and about.callback_data:
            body["callback_data"] = about.callback_data
        if about is not None and about.biz:
            body["biz"] = json.loads(about.biz)
        return EventView(
            row.seq,
            row.event_id,
            row.event_type,
            unnull(row.message_id),
            row.occurred_ms / 1000,
            body,
        )


def _one(connection: Connection, account: str, message_id: str) -> Row[Any] | None:
    query = with_batches([message_id], messages, batches.c.routing)
    return connection.execute(query.where(messages.c.account == account)).first()


def _owner(connection: Connection, message_id: str) -> str:
    query = select(messages.c.account).where(messages.c.id == message_id)
    return connection.execute(query).scalar() or ""


def _all(connection: Connection, query: Select[str]) -> Sequence[Row[Any]]:
    names = connection.execute(query).scalars().all()
    rows = with_batches(names, messages, batches.c.routing)
    return connection.execute(rows.order_by(messages.c.id.desc())).all()


def _matching(account: str, wanted: Search, index: str, cursor: str) -> Select[str]:
    columns = messages.c
    query = select(columns.id).where(columns.account == account)
    query = query.order_by(columns.id.desc())
    for column, value in (
        (columns.client_ref, wanted.client_ref),
        (columns.phone_index, index),
        (columns.state, wanted.state),
        (columns.batch_id, wanted.batch),
    ):
        if value:
            query = query.where(column == value)
    if wanted.client_ref:
        query = query.where(text(HAS_REF))
    if wanted.batch:
        query = query.where(columns.id.between(*id_range_of(wanted.batch)))
    if cursor:
        query = query.where(columns.id < cursor)
    return query.where(*_between(millis_of(wanted.since), millis_of(wanted.until)))


def _between(since: int, until: int) -> Iterator[ColumnElement[bool]]:
    """
    A range of times of acceptance; ids are in the order of time, as far as clocks
    are, so the index over them need not be read beyond it.
    """
    columns = messages.c
    if since:
        yield columns.accepted_ms >= since
        yield columns.id >= first_id_at(since - _SLACK_MS)
    if until:
        yield columns.accepted_ms < until
        yield columns.id < first_id_at(until + _SLACK_MS)


def _acknowledge(
    connection: Connection, account: str, by: str, event_ids: list[str], at: int
) -> int:
    columns = account_events.c
    noted = 0
    for start in range(0, len(event_ids), _ACK):
        done = connection.execute(
            update(account_events)
            .where(columns.account == account, columns.acked_ms == 0)
            .where(columns.event_id.in_(event_ids[start : start + _ACK]))
            .values(acked_by=by, acked_ms=at, updated_by=by, updated_at=at)
        )
        noted += done.rowcount
    return noted
