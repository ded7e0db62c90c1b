"""
Carriers' codes in the record: what they mean on one channel, by the operator, and
those that no table knows, collected as they come.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import attrs
from sqlalchemy import Connection, delete, insert, select, update

from smsgw.errors import Refused
from smsgw.message import Fact
from smsgw.protocols.codes import CLASSES
from smsgw.rules.encyclopaedia import Encyclopaedia, Override
from smsgw.storage.columns import NONE, unnull
from smsgw.storage.journal import log_change
from smsgw.storage.line import millis_of
from smsgw.storage.lists import Hand, next_version, version_of
from smsgw.storage.tables import channel_codes, seen_codes

__all__ = [
    "LIMIT",
    "REST",
    "Seen",
    "codes_version",
    "keep_unknown",
    "overrides_of",
    "remove_override",
    "set_override",
    "unknown_codes",
    "unknown_in",
]

LIMIT = 500  # codes kept of each channel; they are the peer's, to invent as it likes
REST = "*"
WRONG = 2002
_LONGEST = 64
_TOLD = frozenset({"refused", "receipt"})
Found = tuple[str, str, str]


@attrs.frozen
class Seen:
    """
    A code that no table knows; times are epoch seconds.
    """

    channel: str
    code: str
    kind: str
    first: float
    last: float
    count: int


def unknown_in(codes: Encyclopaedia, facts: Iterable[Fact]) -> Counter[Found]:
    """
    How often facts tell unknown codes: by channel, code and kind of fact.
    """
    told = Counter(
        (fact.channel, fact.code[:_LONGEST], fact.kind)
        for fact in facts
        if fact.kind in _TOLD and fact.code and fact.note != "delivered"
    )
    for channel, code, kind in list(told):
        if codes.entry(channel, code, kind == "receipt").known:
            del told[channel, code, kind]
    return told


def keep_unknown(connection: Connection, told: Counter[Found], now_ms: int) -> None:
    """
    Add to what was seen; a channel that has L{LIMIT} codes gets one row for the rest.
    """
    for channel in sorted({channel for channel, _, _ in told}):
        columns = seen_codes.c
        wanted = select(columns.code).where(columns.channel == channel)
        known = set(connection.execute(wanted).scalars())
        for found, number in sorted(told.items()):
            if found[0] != channel:
                continue
            code = found[1] if found[1] in known or len(known) < LIMIT else REST
            _count(connection, (channel, code, found[2]), number, now_ms)
            known.add(code)


def _count(connection: Connection, found: Found, number: int, now_ms: int) -> None:
    channel, code, kind = found
    columns, made = seen_codes.c, {"created_by": "recorder", "created_at": now_ms}
    changed = (
        update(seen_codes)
        .where(columns.channel == channel, columns.code == code)
        .values(seen_count=columns.seen_count + number, last_ms=now_ms)
    )
    if not connection.execute(changed).rowcount:
        row = {"channel": channel, "code": code, "kind": kind, "seen_count": number}
        row |= {"first_ms": now_ms, "last_ms": now_ms}
        connection.execute(insert(seen_codes).values(row | made))


def unknown_codes(connection: Connection, channel: str = "") -> list[Seen]:
    """
    What was seen and is not told by an override, the newest first.
    """
    columns, own = seen_codes.c, channel_codes.c
    here = (own.channel == columns.channel) & (own.code == columns.code)
    query = (
        select(
            columns.channel,
            columns.code,
            columns.kind,
            columns.first_ms,
            columns.last_ms,
            columns.seen_count,
        )
        .where(~select(own.code).where(here).exists())
        .order_by(columns.last_ms.desc(), columns.channel, columns.code)
    )
    if channel:
        query = query.where(columns.channel == channel)
    return [
        Seen(name, code, kind, first / 1000, last / 1000, number)
        for name, code, kind, first, last, number in connection.execute(query)
    ]


def overrides_of(connection: Connection) -> tuple[tuple[Override, ...], int]:
    """
    All of them, and their version.
    """
    columns = channel_codes.c
    version = codes_version(connection)
    query = select(
        columns.channel, columns.code, columns["class"], columns.zh, columns.en
    ).order_by(columns.channel, columns.code)
    found = (Override(*map(unnull, row)) for row in connection.execute(query))
    return tuple(found), version


def codes_version(connection: Connection) -> int:
    """
    It grows with each change of an override; 0 before the first.
    """
    return version_of(connection, channel_codes.name)


def set_override(
    connection: Connection, override: Override, who: str, now: float
) -> None:
    """
    From now on a code means this on its channel.
    """
    if override.class_ not in CLASSES:
        raise Refused(WRONG, override.class_, "class")
    if not (0 < len(override.code) <= _LONGEST):
        raise Refused(WRONG, override.code[:_LONGEST], "code")
    hand = Hand(who, millis_of(now))
    next_version(connection, channel_codes.name, hand)
    before = _row(connection, override.channel, override.code)
    row = {
        "class": override.class_,
        "zh": override.zh[:200] or NONE,
        "en": override.en[:200] or NONE,
    }
    key = {"channel": override.channel, "code": override.code}
    if before is None:
        connection.execute(insert(channel_codes).values(key | row | hand.made()))
    else:
        same = _same(override.channel, override.code)
        changed = update(channel_codes).where(same).values(row | hand.touched())
        connection.execute(changed)
    _log(connection, override.channel, override.code, before, row, hand)


def remove_override(
    connection: Connection, channel: str, code: str, who: str, now: float
) -> bool:
    """
    The tables' meaning holds again; whether there was an override.
    """
    before = _row(connection, channel, code)
    if before is None:
        return False
    hand = Hand(who, millis_of(now))
    next_version(connection, channel_codes.name, hand)
    connection.execute(delete(channel_codes).where(_same(channel, code)))
    _log(connection, channel, code, before, None, hand)
    return True


def _same(channel: str, code: str) -> Any:
    return (channel_codes.c.channel == channel) & (channel_codes.c.code == code)


def _row(connection: Connection, channel: str, code: str) -> dict[str, str] | None:
    columns = channel_codes.c
    query = select(columns["class"], columns.zh, columns.en)
    row = connection.execute(query.where(_same(channel, code))).first()
    return None if row is None else dict(zip(("class", "zh", "en"), row, strict=True))


def _log(
    connection: Connection,
    channel: str,
    code: str,
    before: dict[str, str] | None,
    after: dict[str, str] | None,
    hand: Hand,
) -> None:
    name = f"{channel} {code}"
    log_change(connection, channel_codes.name, name, before, after, hand.who, hand.at)
