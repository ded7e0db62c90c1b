"""
Sums over the tallies: what was accepted and how it ended, by hour, day or dimension.

In the tallies a message is C{accepted} for ever, and in one final state besides.
"""

from collections.abc import Collection
from typing import Any, Literal

import attrs
from sqlalchemy import Connection, Select, false, func, select

from smsgw.rules.bookings import CHARGED
from smsgw.storage.columns import unnull
from smsgw.storage.line import millis_of
from smsgw.storage.tables import tallies

__all__ = ["Charged", "Dimension", "Tally", "charged_by", "sums_by", "sums_over_time"]

Dimension = Literal["account", "department", "channel", "carrier", "category"]
Scope = Collection[str] | None
DAY_MS, HOUR_MS, CHINA_MS = 86_400_000, 3_600_000, 28_800_000


@attrs.frozen
class Tally:
    """
    Messages and segments of one key in one state.
    """

    key: str
    state: str
    messages: int
    segments: int


@attrs.frozen
class Charged:
    """
    Segments that are paid for, of one key of prices.
    """

    account: str
    channel: str
    carrier: str
    category: str
    segments: int


def charged_by(
    connection: Connection, since: float, until: float, scope: Scope
) -> list[Charged]:
    """
    What was accepted in the time and reached a phone, or may have.
    """
    columns = tallies.c
    keys = (columns.account, columns.channel, columns.carrier, columns.category)
    query = select(*keys, func.sum(columns.segment_count))
    query = (
        query.where(columns.state.in_(sorted(CHARGED))).group_by(*keys).order_by(*keys)
    )
    return [
        Charged(unnull(account), unnull(channel), unnull(carrier), unnull(kind), int(n))
        for account, channel, carrier, kind, n in connection.execute(
            _within(query, since, until, scope)
        )
    ]


def sums_by(
    connection: Connection,
    dimension: Dimension,
    since: float,
    until: float,
    scope: Scope,
) -> list[Tally]:
    """
    By account, department, channel, carrier or category.
    """
    key = tallies.c[dimension]
    query = _within(select(key, *_SUMS), since, until, scope)
    query = query.group_by(key, tallies.c.state).order_by(key, tallies.c.state)
    return [
        Tally(unnull(key), state, int(messages), int(parts))
        for key, state, messages, parts in connection.execute(query)
    ]


def sums_over_time(
    connection: Connection, days: bool, since: float, until: float, scope: Scope
) -> list[tuple[float, Tally]]:
    """
    By hour of acceptance, or by day in China; with the time each begins (epoch
    seconds), in order.
    """
    hour = tallies.c.hour_ms
    query = _within(select(hour, *_SUMS), since, until, scope)
    query = query.group_by(hour, tallies.c.state).order_by(hour)
    found: dict[tuple[int, str], tuple[int, int]] = {}
    for at, state, messages, parts in connection.execute(query):
        if days:
            at -= (at + CHINA_MS) % DAY_MS
        there = found.get((at, state), (0, 0))
        found[at, state] = (there[0] + int(messages), there[1] + int(parts))
    return [
        (at / 1000, Tally("", state, messages, parts))
        for (at, state), (messages, parts) in sorted(found.items())
    ]


_SUMS = (
    tallies.c.state,
    func.sum(tallies.c.message_count),
    func.sum(tallies.c.segment_count),
)


def _within(
    query: Select[Any], since: float, until: float, scope: Scope
) -> Select[Any]:
    columns = tallies.c
    query = query.where(
        columns.hour_ms >= millis_of(since), columns.hour_ms < millis_of(until)
    )
    if scope is None:
        return query
    return query.where(columns.account.in_(sorted(scope)) if scope else false())
