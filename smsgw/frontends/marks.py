"""
How far each webhook is, as the notifier asks for it.
"""

from collections.abc import Sequence
from typing import Protocol

import attrs

from smsgw.directory import Webhook
from smsgw.ports import Reader
from smsgw.views import EventView

__all__ = ["Due", "Lot", "Marks", "Unread"]


class Due(Protocol):
    """
    What a webhook is to be given now; C{failures} in a row came before.
    """

    @property
    def events(self) -> Sequence[EventView]: ...
    @property
    def failures(self) -> int: ...


class Marks(Protocol):
    """
    What this needs of L{smsgw.storage.webhooks.WebhookStore}.
    """

    async def due(
        self, webhook: Webhook, now: float, limit: int = 100
    ) -> Due | None: ...

    async def delivered(self, webhook_id: str, seq: int, now: float) -> None: ...

    async def failed(
        self, webhook_id: str, failures: int, due_at: float, note: str, now: float
    ) -> None: ...


@attrs.frozen
class Lot:
    """
    Events without a past.
    """

    events: Sequence[EventView]
    failures: int = 0


@attrs.define(eq=False)
class Unread:
    """
    Marks in memory over the ledger: what nobody has acknowledged is due.

    Fit for one webhook an account; two would take each other's events.
    """

    _reader: Reader
    _cursors: dict[str, int] = attrs.field(factory=dict, init=False)

    async def due(self, webhook: Webhook, now: float, limit: int = 100) -> Lot | None:
        cursor = self._cursors.get(webhook.id, 0)
        events = await self._reader.events(
            webhook.account, webhook.types, cursor, limit, unread=True
        )
        return Lot(events) if events else None

    async def delivered(self, webhook_id: str, seq: int, now: float) -> None:
        self._cursors[webhook_id] = seq

    async def failed(
        self, webhook_id: str, failures: int, due_at: float, note: str, now: float
    ) -> None: ...
