"""
The parts of long messages that came in, until each is whole or too late.

Pure: time comes in. What was kept on disk for a part is named by its C{token},
and comes back when the part's message does.
"""

from collections import deque
from collections.abc import Hashable
from itertools import groupby

import attrs

from smsgw.text.decoding import join_payloads

__all__ = ["Joined", "Joiner"]

_GAP = "…"


@attrs.frozen
class Joined:
    """
    A message, or what there is of it.

    C{kind}: C{whole}, C{partial} (timed out; C{missing} part numbers, a gap is
    shown as an ellipsis), C{double} (a part that was already delivered with its
    message; only its token is of interest).
    """

    key: Hashable
    kind: str
    text: str
    parts: int
    tokens: tuple[str, ...]
    first_at: float
    missing: tuple[int, ...] = ()


@attrs.define(eq=False)
class _Set:
    """
    One message's parts so far; kept for doubles when it is whole.
    """

    parts: int
    first_at: float
    pieces: dict[int, tuple[bytes, int]] = attrs.field(factory=dict)
    tokens: list[str] = attrs.field(factory=list)
    whole: bool = False

    def takes(self, parts: int, part: int, piece: tuple[bytes, int]) -> bool:
        """
        Whether the part belongs here: its place is free, or it is there already.
        """
        if parts != self.parts:
            return False
        return self.pieces.get(part, None if self.whole else piece) == piece

    def joined(self, key: Hashable, kind: str) -> Joined:
        """
        The outcome as far as it came.
        """
        order = range(1, self.parts + 1)
        text = "".join(
            join_payloads([self.pieces[part] for part in run]) if there else _GAP
            for there, run in groupby(order, self.pieces.__contains__)
        )
        missing = tuple(part for part in order if part not in self.pieces)
        return Joined(
            key,
            kind,
            text,
            self.parts,
            tuple(self.tokens),
            self.first_at,
            missing,
        )


@attrs.define(eq=False)
class Joiner:
    """
    Collects parts by key: (channel, sender, access number, reference, total).

    A key may come again with other content (references wrap around): then a
    second set begins. More than C{most} sets at once end before their time,
    oldest first.
    """

    timeout: float = 600.0
    most: int = 10_000
    _sets: dict[Hashable, list[_Set]] = attrs.field(factory=dict, init=False)
    _ages: deque[tuple[float, Hashable, _Set]] = attrs.field(factory=deque, init=False)

    def add(
        self,
        key: Hashable,
        part: int,
        parts: int,
        payload: bytes,
        coding: int,
        now: float,
        token: str = "",
    ) -> Joined | None:
        """
        One more part; the message if this made it whole, C{None} while it waits.
        """
        piece = (payload, coding)
        if parts <= 1 or not 1 <= part <= parts:
            lone = _Set(1, now, {1: piece}, [token])
            return lone.joined(key, "whole")
        place = self._place(key, part, parts, piece, now)
        if place.whole:
            return Joined(key, "double", "", parts, (token,), place.first_at)
        place.pieces[part] = piece
        if token not in place.tokens:
            place.tokens.append(token)
        if len(place.pieces) < parts:
            return None
        place.whole = True
        return place.joined(key, "whole")

    def _place(
        self, key: Hashable, part: int, parts: int, piece: tuple[bytes, int], now: float
    ) -> _Set:
        known = self._sets.setdefault(key, [])
        for place in known:
            if place.takes(parts, part, piece):
                return place
        fresh = _Set(parts, now)
        known.append(fresh)
        self._ages.append((now, key, fresh))
        return fresh

    def expired(self, now: float) -> list[Joined]:
        """
        What waited too long, oldest first; also forgets finished messages.
        """
        ended = []
        while self._ages:
            first_at, key, place = self._ages[0]
            if len(self._ages) <= self.most and first_at + self.timeout > now:
                break
            self._ages.popleft()
            self._forget(key, place)
            if not place.whole:
                ended.append(place.joined(key, "partial"))
        return ended

    def _forget(self, key: Hashable, place: _Set) -> None:
        known = self._sets[key]
        known.remove(place)
        if not known:
            del self._sets[key]

    def __len__(self) -> int:
        """
        How many messages are remembered, whole ones included.
        """
        return len(self._ages)
