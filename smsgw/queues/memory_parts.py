"""
L{smsgw.queues.parts.RedisParts} in plain Python; nothing is durable.
"""

from collections.abc import Sequence

import attrs

from smsgw.message import Piece

__all__ = ["MemoryParts"]


Bodies = list[tuple[bytes, bytes]]


@attrs.define(eq=False)
class MemoryParts:
    """
    Parts by the key of their message, with the time of the first.
    """

    _kept: dict[str, tuple[float, dict[int, tuple[bytes, bytes]]]] = attrs.field(
        factory=dict, init=False
    )

    async def keep(self, pieces: Sequence[Piece], now: float) -> list[Bodies]:
        return [self._keep(piece, now) for piece in pieces]

    def _keep(self, piece: Piece, now: float) -> Bodies:
        _, bodies = self._kept.setdefault(piece.key, (now, {}))
        known, _ = bodies.get(piece.part, (piece.body, b""))
        if known != piece.body:
            self._kept[f"{piece.key}~{now!r}"] = self._kept.pop(piece.key)
            return self._keep(piece, now)
        bodies[piece.part] = piece.body, piece.note
        whole = len(bodies) == piece.parts
        return [bodies[part] for part in sorted(bodies)] if whole else []

    async def begun(self, before: float, count: int = 100) -> list[tuple[str, Bodies]]:
        found = [
            (key, [bodies[part] for part in sorted(bodies)])
            for key, (at, bodies) in self._kept.items()
            if at <= before
        ]
        return found[:count]

    async def drop(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._kept.pop(key, None)
