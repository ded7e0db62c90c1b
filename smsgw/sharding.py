"""
Which shard an account belongs to, and one way in to all shards.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol
from zlib import crc32

import attrs

from smsgw.directory import Account, Directory
from smsgw.errors import Unavailable
from smsgw.gateway.gateway import Gateway, PreviewItem
from smsgw.ids import lane_of
from smsgw.message import Accepted, Submission
from smsgw.ports import Depths, Queue, Wallet
from smsgw.queues.redis import Connection
from smsgw.rules.book import Rulebook

__all__ = ["Gateways", "Queues", "keep_count", "shard_of"]


def shard_of(account: str, count: int) -> int:
    """
    The number of an account's shard, of so many; the same for ever.
    """
    return crc32(account.encode()) % count


async def keep_count(connection: Connection, count: int) -> None:
    """
    The queue knows how many shards it has: with another number messages and money
    would be looked for where they are not.
    """
    await connection.command("SET", "{s0}:shards", count, "NX")
    kept = int(await connection.command("GET", "{s0}:shards"))
    if kept != count:
        raise Unavailable(f"the queue has {kept} shards, the settings say {count}")


class Home(Protocol):
    """
    What this needs of L{smsgw.holding.Holding}.
    """

    @property
    def held(self) -> bool: ...

    @property
    def gateway(self) -> Gateway: ...

    @property
    def queue(self) -> Queue: ...


@attrs.define(eq=False)
class Gateways:
    """
    L{smsgw.gateway.gateway.Entrance} to all shards, wherever they are held: an
    account's submissions go to its shard.
    """

    homes: Sequence[Home]

    def of(self, account: str) -> Home:
        """
        Where an account's messages are.
        """
        return self.homes[shard_of(account, len(self.homes))]

    @property
    def book(self) -> Rulebook:
        return self.homes[0].gateway.book

    @book.setter
    def book(self, newer: Rulebook) -> None:
        for home in self.homes:
            home.gateway.book = newer

    @property
    def directory(self) -> Directory:
        return self.book.directory

    async def accept(
        self, account: Account, submission: Submission, now: float
    ) -> Accepted:
        """
        In the account's shard; another process may be sending it.
        """
        return await self.of(account.id).gateway.accept(account, submission, now)

    async def preview(
        self, account: Account, submission: Submission, now: float
    ) -> list[PreviewItem]:
        """
        Any shard would do the same.
        """
        return await self.homes[0].gateway.preview(account, submission, now)

    async def cancel(
        self, account: Account, ids: Sequence[str], now: float
    ) -> list[tuple[str, str]]:
        """
        Only where the shard is held, for it tells of it in the shard's facts.
        """
        home = self.of(account.id)
        if not home.held:
            raise Unavailable("another node has this account's messages", 1.0)
        return await home.gateway.cancel(account, ids, now)

    def recorded(self) -> float:
        """
        Up to when the record is complete for every shard.
        """
        return min(home.gateway.recorded() for home in self.homes)

    def pending(self, message_id: str) -> bool:
        """
        A shard's ids are made in its own lanes, so an id tells where to look.
        """
        number = lane_of(message_id) % len(self.homes)
        return self.homes[number].gateway.pending(message_id)


@attrs.define(eq=False)
class Queues:
    """
    What concerns all shards' queues.
    """

    homes: Sequence[Home]

    async def grant(self, wallet: str, ledger_id: int, amount: int) -> int:
        """
        See L{smsgw.ports.Queue}; in the account's shard.
        """
        home = self.homes[shard_of(wallet, len(self.homes))]
        return await home.queue.grant(wallet, ledger_id, amount)

    async def wallets(self, names: Sequence[str]) -> dict[str, Wallet]:
        """
        See L{smsgw.ports.Queue}.
        """
        count, found = len(self.homes), dict[str, Wallet]()
        for number, home in enumerate(self.homes):
            mine = [name for name in names if shard_of(name, count) == number]
            found |= await home.queue.wallets(mine)
        return found

    async def depths(self, now: float) -> Depths:
        """
        Of all shards together.
        """
        found = [await home.queue.depths(now) for home in self.homes]
        return Depths(
            _sum(one.intake for one in found),
            _sum(one.out for one in found),
            sum(one.due for one in found),
            sum(one.leased for one in found),
            sum(one.open for one in found),
            sum(one.facts for one in found),
        )

    async def counts(self) -> dict[str, dict[str, int]]:
        """
        Each account is in one shard, so no tally is in two.
        """
        found: dict[str, dict[str, int]] = {}
        for home in self.homes:
            found |= await home.queue.counts()
        return found


def _sum(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    together: Counter[str] = Counter()
    for part in parts:
        together.update(part)
    return dict(together)
