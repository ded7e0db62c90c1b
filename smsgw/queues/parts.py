"""
Parts of long messages from systems that split them: kept until each is whole.
"""

from collections.abc import Sequence

import attrs

from smsgw.message import Piece
from smsgw.queues.redis import RedisConnection
from smsgw.queues.redis_queue import script
from smsgw.queues.redis_values import pack

__all__ = ["RedisParts"]

_PARTS, _PARTIAL = script("parts"), script("partial")


@attrs.define(eq=False)
class RedisParts:
    """
    A shard's parts; durable when a call returns, repeatable unchanged.
    """

    connection: RedisConnection
    shard: str = "s0"

    async def keep(self, pieces: Sequence[Piece], now: float) -> list[list[bytes]]:
        """
        Per piece, its message's bodies in order if all are there now, else none.
        """
        answers: list[list[bytes]] = await self.connection.eval_script(
            _PARTS, [self._tag], [pack(pieces), repr(now)]
        )
        return answers

    async def begun(
        self, before: float, count: int = 100
    ) -> list[tuple[str, list[bytes]]]:
        """
        Messages begun before a time, with the bodies that are there, in order.
        """
        found = await self.connection.eval_script(
            _PARTIAL, [self._tag], [repr(before), count]
        )
        return [(key.decode(), bodies) for key, *bodies in found]

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
