"""
Values on their way to the scripts and back.

cmsgpack knows no "bin" and is slow with small arrays: octets go up as raw strings
and lists of things as columns. What comes back is flat.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import msgpack  # type: ignore[import-untyped]
import msgspec

from smsgw.ports import Admission, Lease, Match, Settle, Up, Verdict

__all__ = [
    "admitted",
    "body_of",
    "claims",
    "granted",
    "grouped",
    "matches",
    "pack",
    "raised",
    "recovered",
    "verdict",
]

_KEPT = frozenset({"progress", "open", "update"})
_WALLET, _CHARGE, _LIMITS = map(
    Admission.__struct_fields__.index, ("wallet", "charge", "limits")
)


def pack(value: object) -> bytes:
    """
    As scripts read it.
    """
    return _packed(_plain(value))


def _plain(value: object) -> Any:
    return msgspec.to_builtins(value, builtin_types=(bytes,))


def _packed(plain: object) -> bytes:
    packed: bytes = msgpack.packb(plain, use_bin_type=False)
    return packed


def admitted(admissions: Sequence[Admission]) -> bytes:
    """
    Submissions, as C{accept.lua} reads them: what is billed and limited comes last
    and is left out where it is nothing.
    """
    rows = _plain(admissions)
    for row in rows:
        if not (row[_CHARGE] or row[_LIMITS]):
            del row[_WALLET:]
    return _packed(rows)


def raised(up: Up) -> list[bytes]:
    """
    What goes up, as C{exchange.lua} reads it: columns, then facts.
    """
    columns = [
        up.epoch,
        up.number,
        *_settles(up.settles),
        [
            [inbox_id for inbox_id, _, _ in up.receipts],
            [key for _, key, _ in up.receipts],
            [b"r" + _joined(key.encode(), body) for _, key, body in up.receipts],
        ],
        [value for name, body in up.inbound for value in (name, b"i" + body)],
        up.done,
        up.orphans,
        _plain(up.wants),
        up.taken,
    ]
    return [_packed(columns), *(b"f" + body for body in up.facts if body)]


def _settles(settles: Sequence[Settle]) -> tuple[list[str], list[Any]]:
    """
    Names of tallies, and waves of settles by kind: one per message in each wave.
    """
    tallies: dict[str, int] = {}
    waves: list[dict[str, list[Settle]]] = []
    for wave in _waves(settles):
        kinds: dict[str, list[Settle]] = {}
        for settle in wave:
            kinds.setdefault(settle.kind, []).append(settle)
            tallies.setdefault(settle.tally, len(tallies) + 1)
        waves.append(kinds)
    packed = [
        [[kind, *_group(kind, rows, tallies)] for kind, rows in kinds.items()]
        for kinds in waves
    ]
    return list(tallies), packed


def _waves(settles: Sequence[Settle]) -> list[Sequence[Settle]]:
    if len({settle.id for settle in settles}) == len(settles):
        return [settles]
    waves: list[list[Settle]] = []
    counts: Counter[str] = Counter()
    for settle in settles:
        if counts[settle.id] == len(waves):
            waves.append([])
        waves[counts[settle.id]].append(settle)
        counts[settle.id] += 1
    return [*waves]


def _group(
    kind: str, rows: Sequence[Settle], tallies: Mapping[str, int]
) -> list[object]:
    """
    Settles of one kind, in columns; the n-th has the carrier ids up to ends[n].
    """
    kept = kind in _KEPT
    return [
        [row.id for row in rows],
        [tallies[row.tally] for row in rows],
        list(accumulate([len(row.carrier_ids) for row in rows])),
        [key for row in rows for key, _ in row.carrier_ids],
        [part for row in rows for _, part in row.carrier_ids] if kept else [],
        [len(row.state).to_bytes(2) + row.state for row in rows] if kept else [],
        _more(kind, rows),
    ]


def _more(kind: str, rows: Sequence[Settle]) -> list[object]:
    """
    What those that go again, or end and cost something, have besides.
    """
    if kind == "again":
        return [value for row in rows for value in _again(row)]
    if kind == "end" and any(row.spent for row in rows):
        return [row.spent for row in rows]
    return []


def _again(row: Settle) -> tuple[object, ...]:
    return row.queue, row.entry, row.not_before, row.front


def _joined(head: bytes, rest: bytes) -> bytes:
    return len(head).to_bytes(2, "big") + head + rest


def _cut(value: bytes) -> tuple[bytes, bytes]:
    end = 2 + int.from_bytes(value[:2], "big")
    return value[2:end], value[end:]


def body_of(kept: bytes) -> bytes:
    """
    A receipt's body as the inbox or the basket has it.
    """
    return _cut(kept[1:])[1]


def grouped(flat: list[Any], size: int) -> Iterable[tuple[Any, ...]]:
    """
    The rows of a flat list.
    """
    return zip(*[iter(flat)] * size, strict=True)


def granted(rows: list[Any]) -> list[Lease]:
    """
    New leases, from rows of C{granting.lua}.
    """
    leases: list[Lease] = []
    for channel, entries, uptos, reasons in rows:
        name, first = channel.decode(), len(leases)
        leases += [
            Lease(name, upto, "", entry)
            for entry, upto in zip(entries, uptos, strict=True)
        ]
        for place, reason in grouped(reasons, 2):
            at = first + place - 1
            leases[at] = Lease(name, 0, reason.decode(), leases[at].entry)
    return leases


def recovered(value: bytes) -> Lease:
    """
    A lease of an earlier process.
    """
    state, entry = _cut(value)
    return Lease("", 0, "", entry, state)


def matches(receipts: Iterable[tuple[str, bytes]], found: list[Any]) -> list[Match]:
    """
    Receipts (inbox id, body) with what was found for each.
    """
    return [
        _match(inbox_id, body, *row)
        for (inbox_id, body), row in zip(receipts, grouped(found, 3), strict=True)
    ]


def claims(kept: list[Any]) -> list[Match]:
    """
    The same for receipts that the store had kept: in the basket or the inbox.
    """
    inbox_ids, values, found = kept
    receipts = zip(map(bytes.decode, inbox_ids), map(body_of, values), strict=True)
    return matches(receipts, found)


def _match(
    inbox_id: str, body: bytes, kind: bytes, place: bytes, value: bytes
) -> Match:
    if not place:
        return Match(inbox_id, kind.decode(), body)
    message, _, part = place.decode().rpartition("|")
    return Match(inbox_id, kind.decode(), body, message, int(part), *_cut(value))


def verdict(answer: list[Any]) -> Verdict:
    """
    What became of an admission.
    """
    kind, *rest = answer
    found = Verdict(kind.decode())
    if rest:
        found.answer = rest[0]
    if len(rest) > 1:
        found.known = [
            (index, existing.decode(), bool(same))
            for index, existing, same in grouped(rest[1], 3)
        ]
    if len(rest) > 2:
        found.limit = rest[2]
    return found
