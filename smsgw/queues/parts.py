"""
Parts of long messages from systems that split them: kept until each is whole.
"""

from collections.abc import Sequence
from typing import Any

import attrs

from smsgw.message import Piece
from smsgw.queues.redis import Connection
from smsgw.queues.redis_queue import script
from smsgw.queues.redis_values import pack

__all__ = ["RedisParts"]

Bodies = list[tuple[bytes, bytes]]
_PARTS, _PARTIAL = script("parts"), script("partial")


@attrs.define(eq=False)
class RedisParts:
    """
    A shard's parts; durable when a call returns, repeatable unchanged.
    """

    connection: Connection
    shard: str = "s0"

    async def keep(self, pieces: Sequence[Piece], now: float) -> list[Bodies]:
        """
        Per piece, its message's bodies and notes in order if all are there now,
        else none.
        """
        answers = await self.connection.eval_script(
            _PARTS, [self._tag], [pack(pieces), repr(now)]
        )
        return [_pairs(answer) for answer in answers]

    async def begun(self, before: float, count: int = 100) -> list[tuple[str, Bodies]]:
        """
        Messages begun before a time, with what is there of them, in order.
        """
        found = await self.connection.eval_script(
            _PARTIAL, [self._tag], [repr(before), count]
        )
        return [(key.decode(), _pairs(bodies)) for key, *bodies in found]

    async def drop(self, keys: Sequence[str]) -> None:
        """
        These messages are accepted, or given up.
        """
        if keys:
            homes = [f"{self._tag}:parts:{key}" for key in keys]
            await self.connection.command("DEL", *homes)
            await self.connection.command("ZREM", f"{self._tag}:partial", *keys)

    @property
    def _tag(self) -> str:
        return f"{{{self.shard}}}"


def _pairs(found: list[Any]) -> Bodies:
    return [(body, note) for body, note in found]
