"""
Leases of a shard's things in its own slot: who may use what, until when.
"""

from collections.abc import Sequence
from typing import Protocol

import attrs

from smsgw.queues.redis import Connection
from smsgw.queues.redis_queue import script
from smsgw.queues.redis_values import pack

__all__ = ["SECONDS", "Granted", "Leases", "RedisLeases"]

SECONDS = 5.0
_LEASE, _UNLEASE = script("lease"), script("unlease")


@attrs.frozen
class Granted:
    """
    What was granted, with its epoch, which is higher at each change of hands;
    C{holders} is how many have something of this shard on lease.
    """

    names: dict[str, int]
    holders: int


class Leases(Protocol):
    """
    A shard's leases; they run out by the store's own clock.
    """

    async def take(self, who: str, wishes: Sequence[Sequence[str]]) -> Granted:
        """
        Of each wish's names one: what C{who} has, else the first that is free.
        """
        ...

    async def give_back(self, who: str, names: Sequence[str]) -> None:
        """
        Others may have them at once.
        """
        ...


@attrs.define(eq=False)
class RedisLeases:
    """
    In Redis or Valkey; each runs out C{seconds} after it was last taken.
    """

    connection: Connection
    shard: str = "s0"
    seconds: float = SECONDS

    async def take(self, who: str, wishes: Sequence[Sequence[str]]) -> Granted:
        length = round(self.seconds * 1000)
        holders, *found = await self.connection.eval_script(
            _LEASE, [self._tag], [who, length, pack(wishes)]
        )
        return Granted({one[0].decode(): one[1] for one in found if one}, holders)

    async def give_back(self, who: str, names: Sequence[str]) -> None:
        await self.connection.eval_script(
            _UNLEASE, [self._tag], [who, pack(list(names))]
        )

    @property
    def _tag(self) -> str:
        return f"{{{self.shard}}}"
