"""
Replies as doors and operators read them, and conversations with a number.
"""

from collections.abc import Collection
from typing import Any

import attrs
from sqlalchemy import Connection, Row, select

from smsgw.security.fields import Fields
from smsgw.storage.columns import NONE, unnull
from smsgw.storage.database import Database
from smsgw.storage.finding import find_replies
from smsgw.storage.line import millis_of
from smsgw.storage.tables import inbound, messages
from smsgw.views import ReplyView, Turn

__all__ = ["StoreInbox"]


@attrs.define(eq=False)
class StoreInbox:
    """
    L{smsgw.ports.Inbox} over the database; account C{-} has what is nobody's.
    """

    _database: Database
    _fields: Fields

    async def replies(
        self, account: str, number: str, since: float, cursor: int, limit: int
    ) -> list[ReplyView]:
        index = self._fields.index("phone", number) if number else ""
        return await self._database.read(
            self._replies, account or NONE, index, max(cursor, millis_of(since)), limit
        )

    def _replies(
        self, connection: Connection, account: str, index: str, after: int, limit: int
    ) -> list[ReplyView]:
        columns = inbound.c
        query = select(inbound).where(columns.account == account, columns.at_ms > after)
        if index:
            query = query.where(columns.phone_index == index)
        rows = connection.execute(
            query.order_by(columns.at_ms, columns.id).limit(limit)
        )
        return [self._reply(row) for row in rows]

    def _reply(self, row: Row[Any]) -> ReplyView:
        return ReplyView(
            row.id,
            self._open(row.phone_blob),
            unnull(row.access_number),
            self._open(row.text_blob),
            row.at_ms / 1000,
            unnull(row.message_id),
            unnull(row.matched_by),
            unnull(row.action),
            row.note or "",
        )

    def _open(self, blob: bytes | None) -> str:
        return self._fields.open(blob) if blob else ""

    async def find(
        self,
        scope: Collection[str] | None,
        unmatched: bool,
        number: str,
        before: int,
        limit: int,
    ) -> list[ReplyView]:
        """
        For operators: replies of the accounts in a scope (None: all), newest first.
        """
        index = self._fields.index("phone", number) if number else ""
        rows = await self._database.read(
            find_replies, scope, unmatched, index, before, limit
        )
        return [self._reply(row) for row in rows]

    async def conversation(self, account: str, number: str, limit: int) -> list[Turn]:
        index = self._fields.index("phone", number)
        return await self._database.read(self._turns, account or NONE, index, limit)

    def _turns(
        self, connection: Connection, account: str, index: str, limit: int
    ) -> list[Turn]:
        """
        The newest of both sides, oldest first.
        """
        ours, theirs = messages.c, inbound.c
        sent = connection.execute(
            select(messages)
            .where(ours.account == account, ours.phone_index == index)
            .order_by(ours.id.desc())
            .limit(limit)
        )
        came = connection.execute(
            select(inbound)
            .where(theirs.account == account, theirs.phone_index == index)
            .order_by(theirs.at_ms.desc())
            .limit(limit)
        )
        turns = [
            Turn(
                "out",
                row.id,
                row.accepted_ms / 1000,
                self._open(row.text_blob),
                row.state,
            )
            for row in sent
        ]
        turns += [
            Turn(
                "in",
                row.id,
                row.at_ms / 1000,
                self._open(row.text_blob),
                answers=unnull(row.message_id),
            )
            for row in came
        ]
        return sorted(turns, key=lambda turn: (turn.at, turn.side))[-limit:]
