"""
The console's sessions in the queue store: every node knows them, each ends by
itself.
"""

from collections.abc import Sequence

import attrs

from smsgw.queues.redis import Connection

__all__ = ["RedisSessions"]

# A person's names of sessions go a day after the last of them began.
_DAY = 86_400


@attrs.define(eq=False)
class RedisSessions:
    """
    Sessions by name (a hash of what the browser holds), with their person.
    """

    connection: Connection

    async def keep(self, name: str, person: str, body: bytes, seconds: int) -> None:
        """
        Keep it so long from now; a kept one is replaced.
        """
        await self.connection.command("SET", _home(name), body, "EX", seconds)
        await self.connection.command("SADD", _index(person), name)
        await self.connection.command("EXPIRE", _index(person), _DAY)

    async def find(self, name: str) -> bytes:
        """
        What was kept; empty when it ended.
        """
        return await self.connection.command("GET", _home(name)) or b""

    async def renew(self, name: str, seconds: int) -> None:
        """
        So long from now, if it has not ended.
        """
        await self.connection.command("EXPIRE", _home(name), seconds)

    async def drop(self, names: Sequence[str], person: str) -> None:
        """
        End them.
        """
        for name in names:
            await self.connection.command("DEL", _home(name))
            await self.connection.command("SREM", _index(person), name)

    async def of(self, person: str) -> dict[str, bytes]:
        """
        A person's sessions by name.
        """
        names = await self.connection.command("SMEMBERS", _index(person))
        found = {name.decode(): await self.find(name.decode()) for name in names}
        ended = [name for name, body in found.items() if not body]
        if ended:
            await self.drop(ended, person)
        return {name: body for name, body in found.items() if body}


def _home(name: str) -> str:
    return f"console:session:{name}"


def _index(person: str) -> str:
    return f"console:sessions:{person}"
