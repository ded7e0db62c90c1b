"""
Values on their way to the scripts and back.

cmsgpack knows no "bin" and is slow with small arrays: octets go up as raw strings
and lists of things as columns. What comes back is flat.
"""

from collections.abc import Iterable, Sequence
from typing import Any

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
        _settle_columns(up.settles),
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


def _settle_columns(settles: Sequence[Settle]) -> list[object]:
    ends, total = [], 0
    for settle in settles:
        total += len(settle.carrier_ids)
        ends.append(total)
    return [
        [settle.kind for settle in settles],
        [settle.id for settle in settles],
        [settle.tally for settle in settles],
        [_joined(settle.state, b"") for settle in settles],
        ends,
        [key for settle in settles for key, _ in settle.carrier_ids],
        [part for settle in settles for _, part in settle.carrier_ids],
        [
            value
            for settle in settles
            if settle.kind == "again"
            for value in (
                settle.queue,
                settle.entry,
                settle.not_before,
                settle.front,
            )
        ],
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


def granted(flat: list[Any]) -> list[Lease]:
    """
    New leases.
    """
    return [
        Lease(channel.decode(), upto, reason.decode(), entry)
        for channel, upto, reason, entry in grouped(flat, 4)
    ]


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
