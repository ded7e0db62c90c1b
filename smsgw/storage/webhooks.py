"""
How far each webhook is: events that are due, and what became of a push.
"""

from collections.abc import Mapping, Sequence

import attrs
from sqlalchemy import Connection, insert, select, update

from smsgw.directory import Webhook
from smsgw.storage.database import Database
from smsgw.storage.line import millis_of
from smsgw.storage.reader import StoreReader
from smsgw.storage.tables import webhook_states
from smsgw.views import EventView

__all__ = ["Due", "WebhookStore"]

_NOTE = 200


@attrs.frozen
class Due:
    """
    What a webhook is to be given now; C{failures} in a row came before.
    """

    webhook: Webhook
    events: Sequence[EventView]
    failures: int


@attrs.define(eq=False)
class WebhookStore:
    """
    Each webhook walks its account's events in order, by a mark of its own.
    """

    _database: Database
    _reader: StoreReader

    async def due(self, webhook: Webhook, now: float, limit: int = 100) -> Due | None:
        """
        The next events, None when there are none or it is not time to try.
        """
        state = await self._database.read(_state, webhook.id)
        seq, failures, due_ms = state
        if not webhook.active or due_ms > millis_of(now):
            return None
        events = await self._reader.events(webhook.account, webhook.types, seq, limit)
        return Due(webhook, events, failures) if events else None

    async def delivered(self, webhook_id: str, seq: int, now: float) -> None:
        """
        Everything up to C{seq} was taken.
        """
        await self._database.write(
            _mark,
            webhook_id,
            millis_of(now),
            {"seq": seq, "failures": 0, "due_ms": 0, "note": "-"},
        )

    async def failed(
        self, webhook_id: str, failures: int, due_at: float, note: str, now: float
    ) -> None:
        """
        A push was not taken; it is tried again, unchanged, at C{due_at}.
        """
        await self._database.write(
            _mark,
            webhook_id,
            millis_of(now),
            {
                "failures": failures,
                "due_ms": millis_of(due_at),
                "note": note[:_NOTE] or "-",
            },
        )


def _state(connection: Connection, webhook_id: str) -> tuple[int, int, int]:
    columns = webhook_states.c
    row = connection.execute(
        select(columns.seq, columns.failures, columns.due_ms).where(
            columns.webhook_id == webhook_id
        )
    ).first()
    return (0, 0, 0) if row is None else (row.seq, row.failures, row.due_ms)


def _mark(
    connection: Connection, webhook_id: str, at: int, values: Mapping[str, int | str]
) -> None:
    audit = {"updated_by": "webhooks", "updated_at": at}
    done = connection.execute(
        update(webhook_states)
        .where(webhook_states.c.webhook_id == webhook_id)
        .values(**values, **audit)
    )
    if not done.rowcount:
        connection.execute(
            insert(webhook_states).values(
                webhook_id=webhook_id,
                created_by="webhooks",
                created_at=at,
                **values,
                **audit,
            )
        )
