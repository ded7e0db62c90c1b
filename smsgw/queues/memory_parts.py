"""
L{smsgw.queues.parts.RedisParts} in plain Python; nothing is durable.
"""

from collections.abc import Sequence

import attrs

from smsgw.message import Piece

__all__ = ["MemoryParts"]


@attrs.define(eq=False)
class MemoryParts:
    """
    Parts by the key of their message, with the time of the first.
    """

    _kept: dict[str, tuple[float, dict[int, bytes]]] = attrs.field(
        factory=dict, init=False
    )

    async def keep(self, pieces: Sequence[Piece], now: float) -> list[list[bytes]]:
        return [self._keep(piece, now) for piece in pieces]

    def _keep(self, piece: Piece, now: float) -> list[bytes]:
        _, bodies = self._kept.setdefault(piece.key, (now, {}))
        if bodies.setdefault(piece.part, piece.body) != piece.body:
            self._kept[f"{piece.key}~{now!r}"] = self._kept.pop(piece.key)
            return self._keep(piece, now)
        whole = len(bodies) == piece.parts
        return [bodies[part] for part in sorted(bodies)] if whole else []

    async def begun(
        self, before: float, count: int = 100
    ) -> list[tuple[str, list[bytes]]]:
        found = [
            (key, [bodies[part] for part in sorted(bodies)])
            for key, (at, bodies) in self._kept.items()
            if at <= before
        ]
        return found[:count]

    async def drop(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._kept.pop(key, None)
