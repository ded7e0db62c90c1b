"""
A shard's messages counted one by one, to be held against its counters.
"""

from collections.abc import AsyncIterator, Callable
from typing import Any

import attrs

from smsgw.queues.redis import RedisConnection
from smsgw.queues.redis_values import grouped

__all__ = ["Census", "tally_in"]

SOME = 1_000
Counts = dict[str, dict[str, int]]


def tally_in(entry: bytes) -> str:
    """
    The tally in an entry's header (L{smsgw.ports.Put}).
    """
    at = 8
    at += 2 + int.from_bytes(entry[at : at + 2])
    size = int.from_bytes(entry[at : at + 2])
    return entry[at + 2 : at + 2 + size].decode()


@attrs.define(eq=False)
class Census:
    """
    Walks through a shard in short steps; C{tally_of} reads a chunk's body. Exact
    when nothing moves meanwhile.
    """

    connection: RedisConnection
    tally_of: Callable[[bytes], str]
    shard: str = "s0"
    _counts: Counts = attrs.field(factory=dict, init=False)

    async def take(self) -> Counts:
        """
        Waiting, leased and open messages by tally.
        """
        self._counts = {}
        for lane in await self._lanes():
            async for chunks in self._list(f"intake:{lane}"):
                await self._chunks(chunks)
        for queue in await self._command("SMEMBERS", "queues"):
            async for entries in self._list(f"out:{queue.decode()}"):
                self._entries("waiting", entries)
        await self._due()
        await self._kept("leased", "leased")
        for bucket in await self._command("SMEMBERS", "opened"):
            await self._kept("open", f"open:{bucket.decode()}")
        return self._counts

    async def tombstones(self) -> list[str]:
        """
        Ids of canceled messages that have not ended in the queue.
        """
        return [name.decode() for name in await self._command("HKEYS", "cancel")]

    async def _command(self, name: str, key: str, *more: Any) -> Any:
        return await self.connection.command(name, f"{{{self.shard}}}:{key}", *more)

    async def _lanes(self) -> list[str]:
        names = await self._command("HKEYS", "depth")
        return [name.decode() for name in names if name != b"due"]

    async def _list(self, key: str) -> AsyncIterator[list[bytes]]:
        start = 0
        while found := await self._command("LRANGE", key, start, start + SOME - 1):
            yield found
            start += SOME

    async def _due(self) -> None:
        start = 0
        while found := await self._command("ZRANGE", "due", start, start + SOME - 1):
            chunks = [one.rpartition(b"|")[2] for one in found if one[:1] == b"c"]
            await self._chunks(chunks)
            rest = [one.partition(b"\0")[2] for one in found if one[:1] == b"m"]
            self._entries("waiting", rest)
            start += SOME

    async def _chunks(self, names: list[bytes]) -> None:
        if not names:
            return
        bodies = await self._command("HMGET", "chunks", *names)
        uses = await self._command("HMGET", "chunkuse", *names)
        for body, use in zip(bodies, uses, strict=True):
            if body is not None and use is not None:
                self._add(self.tally_of(body), "waiting", int(use) // 4)

    async def _kept(self, what: str, key: str) -> None:
        """
        Values are a state after its size, then the entry; a scan may show one twice.
        """
        seen: set[bytes] = set()
        cursor = b"0"
        while True:
            cursor, flat = await self._command("HSCAN", key, cursor, "COUNT", SOME)
            fresh: dict[bytes, bytes] = dict(grouped(flat, 2))
            entries = [
                value[2 + int.from_bytes(value[:2]) :]
                for name, value in fresh.items()
                if name not in seen
            ]
            seen |= fresh.keys()
            self._entries(what, entries)
            if int(cursor) == 0:
                return

    def _entries(self, what: str, entries: list[bytes]) -> None:
        for entry in entries:
            self._add(tally_in(entry), what, 1)

    def _add(self, tally: str, what: str, count: int) -> None:
        found = self._counts.setdefault(tally, {})
        found[what] = found.get(what, 0) + count
