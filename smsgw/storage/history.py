"""
Recorded messages, the newest first, page by page: what a dry run of rules reads.
"""

from collections.abc import AsyncIterator

import attrs
from sqlalchemy import Connection, Row, Select, select

from smsgw.ids import first_id_at
from smsgw.rules.rehearsal import Past
from smsgw.security.fields import Fields
from smsgw.storage.columns import unnull
from smsgw.storage.database import Database
from smsgw.storage.line import millis_of
from smsgw.storage.tables import messages

__all__ = ["History"]

PAGE = 2_000
_SLACK_MS = 3_600_000


@attrs.frozen(eq=False)
class History:
    """
    Reads by key-set, so that page after page costs the same; C{texts} opens texts,
    too.
    """

    database: Database
    fields: Fields
    texts: bool = True

    async def pages(self, limit: int, since: float = 0.0) -> AsyncIterator[list[Past]]:
        """
        At most C{limit} messages accepted since then, the newest first.
        """
        cursor = ""
        while limit > 0:
            page = await self.database.read(self._page, cursor, since, min(limit, PAGE))
            if not page:
                return
            yield page
            cursor, limit = page[-1].id, limit - len(page)

    def _page(
        self, connection: Connection, cursor: str, since: float, limit: int
    ) -> list[Past]:
        query = _query(cursor, millis_of(since)).limit(limit)
        return [self._past(row) for row in connection.execute(query)]

    def _past(
        self, row: Row[str, str, str, str, bytes | None, bytes | None, int]
    ) -> Past:
        name, account, category, signature, phone, text, at = row
        return Past(
            name,
            account,
            category,
            unnull(signature),
            self.fields.open(phone) if phone else "",
            self.fields.open(text) if text and self.texts else "",
            at / 1000,
        )


def _query(
    cursor: str, since: int
) -> Select[str, str, str, str, bytes | None, bytes | None, int]:
    columns = messages.c
    query = select(
        columns.id,
        columns.account,
        columns.category,
        columns.signature,
        columns.phone_blob,
        columns.text_blob,
        columns.accepted_ms,
    ).order_by(columns.id.desc())
    if cursor:
        query = query.where(columns.id < cursor)
    if since:
        query = query.where(columns.id >= first_id_at(since - _SLACK_MS))
        query = query.where(columns.accepted_ms >= since)
    return query
