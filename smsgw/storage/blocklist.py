"""
Blocked numbers in the record: changed as a whole or one by one, read by increments.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
from sqlalchemy import Connection, and_, insert, or_, select, update

from smsgw.numbering import mask
from smsgw.rules.blocked import BY_PATIENT, Block
from smsgw.security.fields import Fields
from smsgw.storage.columns import NONE
from smsgw.storage.journal import log_change
from smsgw.storage.line import millis_of
from smsgw.storage.lists import Hand, in_parts, next_version, version_of
from smsgw.storage.rule_tables import blocked

__all__ = ["Entry", "block_numbers", "blocks_of", "blocks_since", "newest_blocks"]

_SOME = 500


@attrs.frozen
class Entry:
    """
    A block as an operator sees it.
    """

    block: Block
    reason: str = ""
    who: str = ""
    at: float = 0.0


def block_numbers(
    connection: Connection,
    fields: Fields,
    blocks: Iterable[Block],
    reason: str,
    who: str,
    now: float,
) -> int:
    """
    Block these, or lift them where a block is not C{active}; how many changed.

    One change of the list, with one line in the change log, however many.
    """
    at = millis_of(now)
    seq = next_version(connection, blocked.name, Hand(who, at))
    told: list[Block] = []
    for some in in_parts(blocks, _SOME):
        told += _write(connection, fields, some, reason, (who, at, seq))
    if told:
        log_change(
            connection, blocked.name, _row_id(told), None, _logged(told), who, at
        )
    return len(told)


def _write(
    connection: Connection,
    fields: Fields,
    blocks: Sequence[Block],
    reason: str,
    made: tuple[str, int, int],
) -> list[Block]:
    """
    Change some rows; the blocks that were not so already.
    """
    who, at, seq = made
    # The newest word about a number and a scope, should it be there twice.
    wanted = {(fields.index("phone", one.number), one.scope): one for one in blocks}
    known = _known(connection, wanted)
    new, changed = [], []
    for key, one in wanted.items():
        now = (int(one.active), millis_of(one.until))
        *before, source = known.get(key, (0, 0, one.source))
        # Who opts in again lifts what they asked for, not what an operator decided.
        own = one.source in BY_PATIENT
        others = own and before[0] and source not in BY_PATIENT
        if tuple(before) == now or others or not (one.active or key in known):
            continue
        row = {"active": now[0], "until_ms": now[1], "source": one.source}
        row |= {"reason": reason or NONE, "seq": seq}
        row |= {"updated_by": who, "updated_at": at}
        changed.append(one)
        if key in known:
            same = (blocked.c.phone_index == key[0]) & (blocked.c.scope == key[1])
            connection.execute(update(blocked).where(same).values(row))
            continue
        row |= {"phone_index": key[0], "scope": key[1]}
        row |= {"phone_blob": fields.keep("phone", one.number)}
        new.append(row | {"created_by": who, "created_at": at})
    if new:
        connection.execute(insert(blocked), new)
    return changed


def _known(
    connection: Connection, wanted: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[int, int, str]]:
    """
    Whether they are active, until when, and who asked, by index and scope.
    """
    columns = blocked.c
    found = connection.execute(
        select(
            columns.phone_index,
            columns.scope,
            columns.active,
            columns.until_ms,
            columns.source,
        ).where(columns.phone_index.in_({index for index, _ in wanted}))
    )
    return {
        (row.phone_index, row.scope): (row.active, row.until_ms, row.source)
        for row in found
    }


def _row_id(blocks: Sequence[Block]) -> str:
    return mask(blocks[0].number) if len(blocks) == 1 else f"{len(blocks)} numbers"


def _logged(blocks: Sequence[Block]) -> dict[str, Any]:
    one = blocks[0]
    return {
        "scope": one.scope,
        "source": one.source,
        "active": one.active,
        "until": one.until,
        "numbers": len(blocks),
    }


def blocks_since(
    connection: Connection, fields: Fields, seq: int
) -> tuple[list[Block], int]:
    """
    What changed after C{seq}, and the newest one; from 0 it is the whole list.
    """
    columns = blocked.c
    newest = version_of(connection, blocked.name)
    if newest <= seq:
        return [], seq
    wanted = select(
        columns.phone_blob,
        columns.scope,
        columns.until_ms,
        columns.source,
        columns.active,
    ).where(columns.seq > seq, columns.seq <= newest)
    if not seq:
        wanted = wanted.where(columns.active == 1)
    rows = connection.execute(wanted.order_by(columns.seq))
    return [_block(fields, row) for row in rows], newest


def _block(fields: Fields, row: Any) -> Block:
    return Block(
        fields.open(row.phone_blob),
        row.scope,
        row.until_ms / 1000,
        row.source,
        bool(row.active),
    )


def blocks_of(connection: Connection, fields: Fields, number: str) -> list[Entry]:
    """
    Every block of a number, lifted ones too.
    """
    index = fields.index("phone", number)
    rows = connection.execute(
        select(blocked).where(blocked.c.phone_index == index).order_by(blocked.c.scope)
    )
    return [_entry(fields, row) for row in rows]


def newest_blocks(
    connection: Connection, fields: Fields, after: str, limit: int
) -> tuple[list[Entry], str]:
    """
    Blocks in force, those changed last first; the second value is what to go on
    after, '' at the end.
    """
    columns = blocked.c
    query = select(blocked).where(columns.active == 1)
    query = query.order_by(columns.seq.desc(), columns.phone_index, columns.scope)
    seq, mark, index = after.partition("-")
    if mark and seq.isascii() and seq.isdigit():
        then = int(seq[:18])
        index, _, scope = index.partition("-")
        same = or_(
            columns.phone_index > index,
            and_(columns.phone_index == index, columns.scope > scope),
        )
        query = query.where(or_(columns.seq < then, and_(columns.seq == then, same)))
    rows = connection.execute(query.limit(limit + 1)).all()
    found = [_entry(fields, row) for row in rows[:limit]]
    if len(rows) <= limit:
        return found, ""
    last = rows[limit - 1]
    return found, f"{last.seq}-{last.phone_index}-{last.scope}"


def _entry(fields: Fields, row: Any) -> Entry:
    return Entry(
        _block(fields, row),
        "" if row.reason == NONE else row.reason,
        row.updated_by,
        row.updated_at / 1000,
    )
