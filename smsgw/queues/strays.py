"""
Receipts that came over a connection of one shard for a message of another one.
"""

from collections.abc import Callable, Sequence

import attrs

from smsgw.queues.redis import Connection
from smsgw.queues.redis_queue import script
from smsgw.queues.redis_values import grouped, pack

__all__ = ["RedisStrays"]

_BRING = script("bring")
_DOZENS = 500


def _same(body: bytes) -> bytes:
    return body


@attrs.define(eq=False)
class RedisStrays:
    """
    What was brought to a shard, by C{channel|carrier id}, until its holder has it.
    """

    connection: Connection
    shard: str = "s0"
    seal: Callable[[bytes], bytes] = _same
    opened: Callable[[bytes], bytes] = _same

    async def bring(
        self, receipts: Sequence[tuple[str, bytes]], now: float
    ) -> list[bool]:
        """
        Per receipt whether its message is here; then it is kept, durably.
        """
        flat = [one for key, body in receipts for one in (key, self.seal(body))]
        answers = await self.connection.eval_script(
            _BRING, [f"{{{self.shard}}}"], [pack(flat), repr(now)]
        )
        return [bool(answer) for answer in answers]

    async def brought(self) -> list[tuple[str, bytes]]:
        """
        Some of what was brought and not dropped.
        """
        _, flat = await self.connection.command(
            "HSCAN", self._home, 0, "COUNT", _DOZENS
        )
        return [(key.decode(), self.opened(body)) for key, body in grouped(flat, 2)]

    async def drop(self, keys: Sequence[str]) -> None:
        """
        These are in the holder's own hands.
        """
        if keys:
            await self.connection.command("HDEL", self._home, *keys)

    @property
    def _home(self) -> str:
        return f"{{{self.shard}}}:brought"
