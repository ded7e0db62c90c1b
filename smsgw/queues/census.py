"""
A shard's messages counted one by one, to be held against its counters.
"""

from collections.abc import AsyncIterator, Callable
from typing import Any

import attrs

from smsgw.queues.entries import account_of, header_of
from smsgw.queues.redis import Connection
from smsgw.queues.redis_values import grouped

__all__ = ["Census"]

SOME = 1_000
Counts = dict[str, dict[str, int]]


@attrs.define(eq=False)
class Census:
    """
    Walks through a shard in short steps; C{tally_of} and C{charge_of} read a chunk's
    body. Exact when nothing moves meanwhile.

    C{reserved} are the prices of all that was found, by account.
    """

    connection: Connection
    tally_of: Callable[[bytes], str]
    shard: str = "s0"
    charge_of: Callable[[bytes], int] = lambda _: 0
    reserved: dict[str, int] = attrs.field(factory=dict, init=False)
    _counts: Counts = attrs.field(factory=dict, init=False)

    async def take(self) -> Counts:
        """
        Waiting, leased and open messages by tally.
        """
        self._counts, self.reserved = {}, {}
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
                tally = self.tally_of(body)
                self._add(tally, "waiting", int(use) // 4)
                self._reserve(tally, self.charge_of(body))

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
            header = header_of(entry)
            self._add(header.tally, what, 1)
            self._reserve(header.tally, header.price)

    def _add(self, tally: str, what: str, count: int) -> None:
        found = self._counts.setdefault(tally, {})
        found[what] = found.get(what, 0) + count

    def _reserve(self, tally: str, price: int) -> None:
        if price:
            account = account_of(tally)
            self.reserved[account] = self.reserved.get(account, 0) + price
