"""
Receipts that the queue could not place: matched to segments of the record.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import msgspec
from sqlalchemy import Connection, insert, select

from smsgw.message import Fact
from smsgw.security.fields import Fields
from smsgw.storage.columns import NONE
from smsgw.storage.line import Line, millis_of, read_steps
from smsgw.storage.tables import messages, orphans, segments

__all__ = ["Owner", "keep_orphans", "late_facts", "owners", "states_of"]

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


_SOME = 500
_EMPTY = (0, "", "", "", 0, "", "", "")
Found = list[tuple[Owner, Fact]]


def owners(connection: Connection, facts: Iterable[Fact]) -> tuple[Found, list[Fact]]:
    """
    Receipts with their segments, and those that have none.
    """
    facts = list(facts)
    taken = _taken(connection, {one.receipt.carrier_id for one in facts if one.receipt})
    found: Found = []
    lost = []
    for fact in facts:
        receipt = fact.receipt
        owner = receipt and taken.get((receipt.carrier_id, receipt.channel))
        if owner:
            found.append((owner, fact))
        else:
            lost.append(fact)
    return found, lost


def _taken(
    connection: Connection, carrier_ids: set[str]
) -> dict[tuple[str, str], Owner]:
    """
    Who has these ids of a carrier's, by id and channel: the newest one.
    """
    columns, wanted = segments.c, sorted(carrier_ids)
    newest: dict[tuple[str, str], Owner] = {}
    for start in range(0, len(wanted), _SOME):
        rows = connection.execute(
            select(
                columns.carrier_id,
                columns.channel,
                columns.message_id,
                columns.attempt,
                columns.part,
            )
            .where(columns.carrier_id.in_(wanted[start : start + _SOME]))
            .order_by(columns.message_id, columns.attempt)
        )
        newest |= {(row[0], row[1]): Owner(*row[2:]) for row in rows}
    return newest


def late_facts(
    connection: Connection,
    owner: Owner,
    fact: Fact,
    line: Line,
) -> Iterator[Fact]:
    """
    What a late receipt means: the segment's receipt and, when its message had
    ended already and all its segments are known now, a new final state.

    An earlier attempt that arrived after all makes its message delivered, whatever
    becomes of the one that is on its way. What is known already means nothing.
    """
    receipt = fact.receipt
    if receipt is None:
        return
    states = states_of([*_steps(connection, owner), *line.history], owner.attempt)
    if states.get(owner.part) == receipt.state:
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
    state = _end_of(states | {owner.part: receipt.state}, line.segments)
    earlier = owner.attempt <= line.attempts
    if state and (state == "delivered" if earlier else line.rank):
        note = f"late, attempt {owner.attempt}" if earlier else "late"
        yield msgspec.structs.replace(
            late, kind="final", state=state, part=0, carrier_id="", note=note
        )


def _end_of(states: Mapping[int, str], segments: int) -> str:
    """
    How an attempt ended, '' while that is not known of all its segments.
    """
    known = all(state in _BADNESS for state in states.values())
    if not known or len(states) < segments:
        return ""
    worst = max(states.values(), key=_BADNESS.__getitem__)
    return "undelivered" if worst == "refused" else worst


def _steps(connection: Connection, owner: Owner) -> Iterator[Sequence[Any]]:
    """
    What is recorded of a message.
    """
    query = select(messages.c.history).where(messages.c.id == owner.message_id)
    yield from read_steps(connection.execute(query).scalar() or "")


def states_of(steps: Iterable[Sequence[Any]], attempt: int) -> dict[int, str]:
    """
    The state of each segment of an attempt: taken, refused or as its receipt,
    which may come in another attempt, says.
    """
    states: dict[int, str] = {}
    parts: dict[tuple[str, str], int] = {}
    number = 1
    for step in steps:
        whole = [*step, *_EMPTY[len(step) :]]
        kind, channel, part, carrier_id = whole[1], whole[3], whole[4], whole[6]
        if kind == "again":
            number += 1
        elif kind == "answered" and number == attempt:
            states[part] = "taken"
            parts[channel, carrier_id] = part
        elif kind == "refused" and number == attempt:
            states[part] = "refused"
        elif kind == "receipt" and (channel, carrier_id) in parts:
            states[parts[channel, carrier_id]] = whole[7]
    return states


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
