"""
Values on their way to the scripts and back.

cmsgpack knows no "bin" and is slow with small arrays: octets go up as raw strings
and lists of things as columns. What comes back is flat.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import msgpack  # type: ignore[import-untyped]
import msgspec

from smsgw.ports import Lease, Match, Settle, Up, Verdict

__all__ = [
    "body_of",
    "claims",
    "columns",
    "granted",
    "grouped",
    "matches",
    "pack",
    "recovered",
    "verdict",
]


def pack(value: object) -> bytes:
    """
    As scripts read it.
    """
    plain = msgspec.to_builtins(value, builtin_types=(bytes,))
    packed: bytes = msgpack.packb(plain, use_bin_type=False)
    return packed


def columns(up: Up) -> list[object]:
    """
    What goes up, as C{exchange.lua} reads it.
    """
    return [
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
        up.facts,
        up.wants,
    ]


def _settles(settles: Sequence[Settle]) -> tuple[list[str], list[Any]]:
    """
    Names of tallies, and waves of settles by kind: one per message in each wave.
    """
    waves: list[dict[str, _Group]] = []
    tallies: dict[str, int] = {}
    depth: dict[str, int] = {}
    for settle in settles:
        wave = depth.get(settle.id, 0)
        depth[settle.id] = wave + 1
        if wave == len(waves):
            waves.append({})
        group = waves[wave].get(settle.kind)
        if group is None:
            group = waves[wave][settle.kind] = _Group()
        tally = tallies.setdefault(settle.tally, len(tallies) + 1)
        group.add(settle, tally)
    plain = [
        [[kind, *group.columns()] for kind, group in wave.items()] for wave in waves
    ]
    return list(tallies), plain


@attrs.define(eq=False)
class _Group:
    """
    Settles of one kind, in columns; the n-th has the carrier ids up to C{ends[n]}.
    """

    ids: list[str] = attrs.field(factory=list)
    tallies: list[int] = attrs.field(factory=list)
    ends: list[int] = attrs.field(factory=list)
    keys: list[str] = attrs.field(factory=list)
    parts: list[int] = attrs.field(factory=list)
    states: list[bytes] = attrs.field(factory=list)
    agains: list[object] = attrs.field(factory=list)

    def add(self, settle: Settle, tally: int) -> None:
        """
        One more row.
        """
        self.ids.append(settle.id)
        self.tallies.append(tally)
        for key, part in settle.carrier_ids:
            self.keys.append(key)
            self.parts.append(part)
        self.ends.append(len(self.keys))
        if settle.kind != "again":
            self.states.append(_joined(settle.state, b""))
        else:
            self.agains += (
                settle.queue,
                settle.entry,
                settle.not_before,
                settle.front,
            )

    def columns(self) -> list[object]:
        """
        As C{settling.lua} names them.
        """
        return [
            self.ids,
            self.tallies,
            self.ends,
            self.keys,
            self.parts,
            self.states,
            self.agains,
        ]


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
    return found
