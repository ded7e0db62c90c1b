"""
What nodes tell each other of themselves, in the queue store: each its own note.
"""

import attrs

from smsgw.queues.redis import Connection

__all__ = ["RedisBoard"]

_HOME = "{s0}:board"


@attrs.define(eq=False)
class RedisBoard:
    """
    Notes by node; a newer one takes the place of the old.
    """

    connection: Connection

    async def tell(self, node: str, note: bytes) -> None:
        """
        This is how a node is now.
        """
        await self.connection.command("HSET", _HOME, node, note)

    async def told(self) -> dict[str, bytes]:
        """
        The newest note of each node, however old.
        """
        flat = await self.connection.command("HGETALL", _HOME)
        pairs = zip(flat[::2], flat[1::2], strict=True)
        return {node.decode(): note for node, note in pairs}

    async def forget(self, node: str) -> None:
        """
        A node that is no more.
        """
        await self.connection.command("HDEL", _HOME, node)
