"""
Receipts that the queue could not place: matched to segments of the record.
"""

from collections.abc import Iterable, Iterator, Mapping

import attrs
import msgspec
from sqlalchemy import Connection, insert, select

from smsgw.message import Fact
from smsgw.security.fields import Fields
from smsgw.storage.columns import NONE
from smsgw.storage.fold import Segment
from smsgw.storage.line import Line, millis_of
from smsgw.storage.tables import orphans, segments

__all__ = ["Owner", "keep_orphans", "late_facts", "owners"]

_BADNESS = {
    "delivered": 0,
    "unknown": 1,
    "expired": 2,
    "undelivered": 3,
    "refused": 3,
}


@attrs.frozen
class Owner:
    """
    The segment that a late receipt is about.
    """

    message_id: str
    attempt: int
    part: int


Found = list[tuple[Owner, Fact]]


def owners(connection: Connection, facts: Iterable[Fact]) -> tuple[Found, list[Fact]]:
    """
    Receipts with their segments, and those that have none.
    """
    found: Found = []
    lost = []
    for fact in facts:
        owner = _owner(connection, fact)
        if owner is None:
            lost.append(fact)
        else:
            found.append((owner, fact))
    return found, lost


def _owner(connection: Connection, fact: Fact) -> Owner | None:
    if fact.receipt is None:
        return None
    columns = segments.c
    row = connection.execute(
        select(columns.message_id, columns.attempt, columns.part)
        .where(columns.carrier_id == fact.receipt.carrier_id)
        .where(columns.channel == fact.receipt.channel)
        .order_by(columns.message_id.desc(), columns.attempt.desc())
        .limit(1)
    ).first()
    return None if row is None else Owner(*row)


def late_facts(
    connection: Connection,
    owner: Owner,
    fact: Fact,
    line: Line,
    fresh: Mapping[tuple[str, int, int], Segment],
) -> Iterator[Fact]:
    """
    What a late receipt means: the segment's receipt and, when its message had
    ended already and all its segments are known now, a new final state.

    C{fresh} are segments that are not written yet.
    """
    receipt = fact.receipt
    if receipt is None:
        return
    late = Fact(
        "receipt",
        owner.message_id,
        fact.at,
        "",
        receipt.channel,
        owner.part,
        receipt.code,
        receipt.carrier_id,
        receipt.state,
        line.account,
    )
    yield late
    states = _states(connection, owner)
    states |= {
        part: fresh[key].state
        for part in states
        if (key := (owner.message_id, owner.attempt, part)) in fresh
    }
    states[owner.part] = receipt.state
    whole = len(states) >= line.segments
    if whole and line.rank and all(state in _BADNESS for state in states.values()):
        worst = max(states.values(), key=_BADNESS.__getitem__)
        state = "undelivered" if worst == "refused" else worst
        yield msgspec.structs.replace(
            late, kind="final", state=state, part=0, carrier_id="", note="late"
        )


def _states(connection: Connection, owner: Owner) -> dict[int, str]:
    columns = segments.c
    rows = connection.execute(
        select(columns.part, columns.state)
        .where(columns.message_id == owner.message_id)
        .where(columns.attempt == owner.attempt)
    )
    return {row.part: row.state for row in rows}


def keep_orphans(
    connection: Connection, fields: Fields, facts: Iterable[Fact], now_ms: int
) -> None:
    """
    Receipts that nothing claims are kept to be looked into.
    """
    for fact in facts:
        receipt = fact.receipt
        if receipt is None:
            continue
        at = millis_of(receipt.at)
        row_id = f"{receipt.channel}|{receipt.carrier_id}|{at}"
        there = select(orphans.c.id).where(orphans.c.id == row_id)
        if connection.execute(there).first() is not None:
            continue
        connection.execute(
            insert(orphans).values(
                id=row_id,
                channel=receipt.channel,
                carrier_id=receipt.carrier_id or NONE,
                state=receipt.state or NONE,
                code=receipt.code or NONE,
                phone_index=fields.index("phone", receipt.number),
                at_ms=at,
                created_by="recorder",
                created_at=now_ms,
            )
        )
