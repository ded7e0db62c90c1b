"""
Ported numbers in the record: loaded as a list, learned or set one by one, read by
increments.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
from sqlalchemy import Connection, bindparam, insert, select, update

from smsgw.numbering import mask
from smsgw.numbering.ported import LEARNED, LOADED, PortedNumber, yields
from smsgw.security.fields import Fields
from smsgw.storage.journal import log_change
from smsgw.storage.line import millis_of
from smsgw.storage.lists import (
    Hand,
    Loaded,
    Told,
    in_parts,
    log_load,
    next_version,
    silent,
    version_of,
    write_many,
)
from smsgw.storage.tables import ported

__all__ = [
    "Entry",
    "change_ported",
    "forget_learned",
    "load_ported",
    "ported_of",
    "ported_since",
]

_SOME = 500
_SAME = ported.c.phone_index == bindparam("key")


@attrs.frozen
class Entry:
    """
    A ported number as an operator sees it.
    """

    ported: PortedNumber
    who: str
    at: float


@attrs.frozen
class _Kept:
    """
    What the record holds of a number.
    """

    carrier: str
    source: str
    active: bool

    def stands(self, new: PortedNumber) -> bool:
        """
        Whether C{new} changes nothing: it says the same, or may not overrule.
        """
        if self.active and not yields(self.source, new.source):
            return True
        if not self.active and not new.active:
            return True
        same = (self.carrier, self.active) == (new.carrier, new.active)
        return same and new.source in (self.source, LEARNED)


Change = tuple[_Kept | None, PortedNumber]


def load_ported(
    connection: Connection,
    fields: Fields,
    numbers: Iterable[PortedNumber],
    who: str,
    now: float,
    prune: bool = False,
    told: Told = silent,
) -> Loaded:
    """
    Write a list, with one line in the change log; what was set by hand stays.

    With C{prune}, numbers that earlier lists brought and this one does not have go
    by their prefix again. C{told} hears how many were looked at, part by part.
    """
    hand = Hand(who, millis_of(now))
    seq = next_version(connection, ported.name, hand)
    listed: set[str] = set()
    added = changed = 0
    for some in in_parts(numbers, _SOME):
        wanted = _indexed(fields, some)
        listed |= wanted.keys()
        done = _write(connection, fields, wanted, hand, seq)
        added += sum(before is None for before, _ in done)
        changed += sum(before is not None for before, _ in done)
        told(len(some))
    gone = _drop(connection, listed, hand, seq) if prune else 0
    loaded = Loaded(added, changed, gone)
    if loaded:
        log_load(connection, ported.name, len(listed), loaded, hand)
    return loaded


def change_ported(
    connection: Connection,
    fields: Fields,
    numbers: Iterable[PortedNumber],
    who: str,
    now: float,
) -> int:
    """
    Write numbers learned or set, with one line in the change log each; how many
    changed.
    """
    hand = Hand(who, millis_of(now))
    seq = next_version(connection, ported.name, hand)
    count = 0
    for some in _in_turn(numbers):
        done = _write(connection, fields, _indexed(fields, some), hand, seq)
        for before, one in done:
            _log(connection, before, one, hand)
        count += len(done)
    return count


def _in_turn(numbers: Iterable[PortedNumber]) -> Iterator[list[PortedNumber]]:
    """
    Parts in which no number is there twice: what was set by hand and taken back
    must be gone before the next word about it counts.
    """
    part: dict[str, PortedNumber] = {}
    for one in numbers:
        if one.number in part or len(part) == _SOME:
            yield list(part.values())
            part = {}
        part[one.number] = one
    if part:
        yield list(part.values())


def _indexed(
    fields: Fields, numbers: Sequence[PortedNumber]
) -> Mapping[str, PortedNumber]:
    """
    By blind index: the newest word about each number that others may not overrule.
    """
    found: dict[str, PortedNumber] = {}
    for one in numbers:
        index = fields.index("phone", one.number)
        before = found.get(index)
        if before is None or not before.active or yields(before.source, one.source):
            found[index] = one
    return found


def _write(
    connection: Connection,
    fields: Fields,
    wanted: Mapping[str, PortedNumber],
    hand: Hand,
    seq: int,
) -> list[Change]:
    known = _known(connection, wanted)
    changes = {
        index: (known.get(index), one)
        for index, one in wanted.items()
        if not (known[index].stands(one) if index in known else not one.active)
    }
    new = (
        _row(one, seq)
        | {"phone_index": index, "phone_blob": fields.keep("phone", one.number)}
        | hand.made()
        for index, (before, one) in changes.items()
        if before is None
    )
    other = (
        _row(one, seq) | {"key": index} | hand.touched()
        for index, (before, one) in changes.items()
        if before is not None
    )
    write_many(connection, insert(ported), new)
    write_many(connection, update(ported).where(_SAME), other)
    return list(changes.values())


def _known(connection: Connection, indexes: Collection[str]) -> dict[str, _Kept]:
    columns = ported.c
    rows = connection.execute(
        select(
            columns.phone_index, columns.carrier, columns.source, columns.active
        ).where(columns.phone_index.in_(indexes))
    )
    return {
        row.phone_index: _Kept(row.carrier, row.source, bool(row.active))
        for row in rows
    }


def _row(one: PortedNumber, seq: int) -> dict[str, Any]:
    return {
        "carrier": one.carrier,
        "source": one.source,
        "active": int(one.active),
        "seq": seq,
    }


def _drop(connection: Connection, listed: set[str], hand: Hand, seq: int) -> int:
    """
    Put aside what only earlier lists had.
    """
    columns = ported.c
    loaded = select(columns.phone_index).where(
        columns.source == LOADED, columns.active == 1
    )
    gone = sorted(set(connection.execute(loaded).scalars()) - listed)
    row = {"active": 0, "seq": seq, **hand.touched()}
    rows = ({"key": index, **row} for index in gone)
    write_many(connection, update(ported).where(_SAME), rows)
    return len(gone)


def _log(
    connection: Connection, before: _Kept | None, one: PortedNumber, hand: Hand
) -> None:
    old = attrs.asdict(before) if before else None
    new = attrs.asdict(_Kept(one.carrier, one.source, one.active))
    number = mask(one.number)
    log_change(connection, ported.name, number, old, new, hand.who, hand.at)


def forget_learned(connection: Connection, before: float, who: str, now: float) -> int:
    """
    Let go of what was learned before a time: sending teaches it anew; how many.
    """
    hand, columns = Hand(who, millis_of(now)), ported.c
    seq = next_version(connection, ported.name, hand)
    count = connection.execute(
        update(ported)
        .where(
            columns.source == LEARNED,
            columns.active == 1,
            columns.updated_at < millis_of(before),
        )
        .values(active=0, seq=seq, **hand.touched())
    ).rowcount
    if count:
        log_load(connection, ported.name, count, Loaded(gone=count), hand)
    return count


def ported_since(
    connection: Connection, fields: Fields, seq: int
) -> tuple[list[PortedNumber], int]:
    """
    What changed after C{seq}, and where to go on; from 0 it is the whole list.
    """
    columns = ported.c
    newest = version_of(connection, ported.name)
    if newest <= seq:
        return [], seq
    wanted = (
        select(ported)
        .where(columns.seq > seq, columns.seq <= newest)
        .order_by(columns.seq)
    )
    if not seq:
        wanted = wanted.where(columns.active == 1)
    return [_ported(fields, row) for row in connection.execute(wanted)], newest


def ported_of(connection: Connection, fields: Fields, number: str) -> Entry | None:
    """
    What the record holds of one number, even if it is not in use any more.
    """
    index = fields.index("phone", number)
    wanted = select(ported).where(ported.c.phone_index == index)
    row = connection.execute(wanted).first()
    if row is None:
        return None
    return Entry(_ported(fields, row), row.updated_by, row.updated_at / 1000)


def _ported(fields: Fields, row: Any) -> PortedNumber:
    number = fields.open(row.phone_blob)
    return PortedNumber(number, row.carrier, row.source, bool(row.active))
