"""
What a message's account was told of it, and by which way it has that.
"""

import attrs
from sqlalchemy import Connection, select

from smsgw.storage.columns import unnull
from smsgw.storage.tables import account_events, webhook_states

__all__ = ["Telling", "tellings_of"]


@attrs.frozen
class Telling:
    """
    An event: C{at} it happened, C{acked_by} fetched it at C{acked_at} (epoch seconds,
    0 for not yet), C{pushed} are the webhooks that took it.
    """

    kind: str
    at: float
    acked_by: str
    acked_at: float
    pushed: tuple[str, ...]


def tellings_of(
    connection: Connection, message_id: str, webhooks: tuple[str, ...]
) -> list[Telling]:
    """
    The events of a message, in order; C{webhooks} are its account's.
    """
    states = webhook_states.c
    taken = dict(
        connection.execute(
            select(states.webhook_id, states.seq).where(states.webhook_id.in_(webhooks))
        ).all()
    )
    columns = account_events.c
    rows = connection.execute(
        select(account_events)
        .where(
            columns.event_id >= f"{message_id}.", columns.event_id < f"{message_id}/"
        )
        .order_by(columns.seq)
    )
    return [
        Telling(
            row.event_type,
            row.occurred_ms / 1000,
            unnull(row.acked_by),
            row.acked_ms / 1000,
            tuple(one for one in webhooks if taken.get(one, 0) >= row.seq),
        )
        for row in rows
    ]
