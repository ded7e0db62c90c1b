"""
What people order channels to do, and the log of what was decided about them.
"""

from collections.abc import Sequence

import attrs
from sqlalchemy import Connection, delete, insert, select, update

from smsgw.storage.columns import NONE, unnull
from smsgw.storage.journal import log_change
from smsgw.storage.line import millis_of
from smsgw.storage.lists import Hand
from smsgw.storage.rule_tables import channel_decisions, channel_orders

__all__ = [
    "Decided",
    "Order",
    "channel_orders_of",
    "decisions_of",
    "note_decisions",
    "order_channel",
]

_LONGEST = 200
_KEPT = 400 * 86_400_000


@attrs.frozen
class Order:
    """
    C{state} is C{paused}, C{draining}, C{tripped}, or '' for none any more; C{at} is
    epoch seconds.
    """

    state: str
    reason: str
    who: str
    at: float


@attrs.frozen
class Decided:
    """
    A line of the log: a node took a channel from one state to another.
    """

    at: float
    channel: str
    node: str
    before: str
    after: str
    why: str
    who: str


def channel_orders_of(connection: Connection) -> dict[str, Order]:
    """
    The newest order for each channel that ever had one.
    """
    return {
        row.id: Order(
            unnull(row.state), unnull(row.reason), row.updated_by, row.at_ms / 1000
        )
        for row in connection.execute(select(channel_orders))
    }


def order_channel(
    connection: Connection, name: str, state: str, reason: str, who: str, now: float
) -> bool:
    """
    Order it; false if that is its order already. C{tripped} may be said again, and
    so may '': a channel may have been tripped by itself.
    """
    columns, hand = channel_orders.c, Hand(who, millis_of(now))
    known = select(columns.state).where(columns.id == name)
    found = connection.execute(known).scalar()
    before = unnull(found or NONE)
    if before == state and state in ("paused", "draining"):
        return False
    row = {
        "state": state or NONE,
        "reason": reason[:_LONGEST] or NONE,
        "at_ms": hand.at,
    }
    if found is None:
        new = {"id": name} | row | hand.made()
        connection.execute(insert(channel_orders).values(new))
    else:
        connection.execute(
            update(channel_orders)
            .where(columns.id == name)
            .values(row | hand.touched())
        )
    change = {"state": before}, {"state": state, "reason": reason}
    log_change(connection, channel_orders.name, name, *change, who, hand.at)
    return True


def note_decisions(connection: Connection, decided: Sequence[Decided]) -> None:
    """
    Write them down; one that is there already is not written twice. What is older
    than a year and a month goes.
    """
    columns = channel_decisions.c
    for one in decided:
        hand = Hand(one.who, millis_of(one.at))
        same = (columns.channel == one.channel) & (columns.node == one.node)
        known = select(columns.who).where(columns.at_ms == hand.at, same)
        if connection.execute(known).first() is not None:
            continue
        row = {
            "at_ms": hand.at,
            "channel": one.channel,
            "node": one.node,
            "state_before": one.before,
            "state_after": one.after,
            "why": one.why[:_LONGEST] or NONE,
            "who": one.who or NONE,
        }
        connection.execute(insert(channel_decisions).values(row | hand.made()))
    oldest = min((millis_of(one.at) for one in decided), default=0) - _KEPT
    connection.execute(delete(channel_decisions).where(columns.at_ms < oldest))


def decisions_of(
    connection: Connection, channels: Sequence[str], most: int
) -> list[Decided]:
    """
    The newest decisions, newest first; of all channels if none is named.
    """
    columns = channel_decisions.c
    query = select(channel_decisions).order_by(columns.at_ms.desc(), columns.channel)
    if channels:
        query = query.where(columns.channel.in_(channels))
    return [
        Decided(
            row.at_ms / 1000,
            row.channel,
            row.node,
            row.state_before,
            row.state_after,
            unnull(row.why),
            unnull(row.who),
        )
        for row in connection.execute(query.limit(most))
    ]
