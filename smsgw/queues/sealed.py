"""
A queue that keeps nothing readable about patients: what it is given is sealed.

Chunks, entries, facts, receipts, replies and kept answers are sealed one by one;
headers, ids and counters stay readable, for the scripts. A sealed value begins
with octets that msgpack never begins with, so plain ones of before are read too.
"""

from collections.abc import Iterable, Sequence

import attrs
import msgspec

from smsgw.ports import (
    Admission,
    Depths,
    Dispatched,
    Down,
    Lease,
    Match,
    Queue,
    Recovered,
    Settle,
    Up,
    Verdict,
    Wallet,
)
from smsgw.security.fields import Fields, Kind
from smsgw.security.provider import OpenSsl, Provider

__all__ = ["SealedQueue", "protected"]

_MARK = b"\xc1\x01"  # no msgpack; version of the key
_KINDS: tuple[Kind, ...] = ("phone", "text", "patient")
_replace = msgspec.structs.replace
Rows = Iterable[tuple[str, bytes]]


@attrs.define(eq=False)
class SealedQueue:
    """
    L{smsgw.ports.Queue} over another one. Without C{sealing} it only opens what
    was sealed before.
    """

    queue: Queue
    provider: Provider
    sealing: bool = True

    def opened(self, kept: bytes) -> bytes:
        """
        A value as it was before it was sealed.
        """
        return self._open(kept)

    def sealed(self, plain: bytes) -> bytes:
        """
        A value as it is kept.
        """
        return self._seal(plain)

    def _seal(self, plain: bytes) -> bytes:
        if not plain or not self.sealing:
            return plain
        return _MARK + self.provider.seal(plain, _MARK)

    def _open(self, kept: bytes) -> bytes:
        if not kept.startswith(_MARK):
            return kept
        return self.provider.open(kept[len(_MARK) :], _MARK)

    def _seal_entry(self, entry: bytes) -> bytes:
        end = _end(entry)
        return entry[:end] + self._seal(entry[end:])

    def _open_entry(self, entry: bytes) -> bytes:
        end = _end(entry)
        if not entry.startswith(_MARK, end):
            return entry
        return entry[:end] + self._open(entry[end:])

    def _open_rows(self, rows: Rows) -> list[tuple[str, bytes]]:
        return [(name, self._open(body)) for name, body in rows]

    # Up.

    async def accept(
        self, admissions: Sequence[Admission], now: float
    ) -> list[Verdict]:
        if self.sealing:
            admissions = [self._admission(one) for one in admissions]
        verdicts = await self.queue.accept(admissions, now)
        for verdict in verdicts:
            verdict.answer = self._open(verdict.answer)
        return verdicts

    def _admission(self, one: Admission) -> Admission:
        chunks = [_replace(chunk, body=self._seal(chunk.body)) for chunk in one.chunks]
        return _replace(one, chunks=chunks, answer=self._seal(one.answer))

    async def dispatch(
        self, epoch: int, done: Sequence[Dispatched], now: float
    ) -> None:
        if self.sealing:
            done = [self._dispatched(one) for one in done]
        await self.queue.dispatch(epoch, done, now)

    def _dispatched(self, one: Dispatched) -> Dispatched:
        puts = [
            _replace(put, entries=[self._seal_entry(entry) for entry in put.entries])
            for put in one.puts
        ]
        return _replace(one, puts=puts, facts=self._seal(one.facts))

    async def exchange(self, up: Up, now: float) -> Down:
        down = await self.queue.exchange(self._up(up) if self.sealing else up, now)
        return Down(
            [self._lease(lease) for lease in down.leases],
            [self._match(match) for match in down.matches],
            down.promoted,
        )

    def _up(self, up: Up) -> Up:
        seal = self._seal
        return _replace(
            up,
            settles=[self._settle(one) for one in up.settles],
            receipts=[(name, key, seal(body)) for name, key, body in up.receipts],
            inbound=[(name, seal(body)) for name, body in up.inbound],
            facts=[seal(body) for body in up.facts],
        )

    def _settle(self, one: Settle) -> Settle:
        if not one.entry:
            return one
        return _replace(one, entry=self._seal_entry(one.entry))

    # Down.

    def _lease(self, lease: Lease) -> Lease:
        entry = self._open_entry(lease.entry)
        return lease if entry is lease.entry else _replace(lease, entry=entry)

    def _match(self, match: Match) -> Match:
        entry = self._open_entry(match.entry) if match.entry else b""
        return _replace(match, body=self._open(match.body), entry=entry)

    async def peek(self, lane: str, count: int) -> list[tuple[str, bytes]]:
        return self._open_rows(await self.queue.peek(lane, count))

    async def recover(self, epoch: int, now: float) -> Recovered:
        found = await self.queue.recover(epoch, now)
        return Recovered(
            [self._lease(lease) for lease in found.leases],
            [self._match(match) for match in found.matches],
            self._open_rows(found.inbound),
            self._open_rows(found.orphans),
        )

    async def aged(
        self, epoch: int, before: float, count: int
    ) -> list[tuple[str, bytes, bytes]]:
        found = await self.queue.aged(epoch, before, count)
        return [(name, state, self._open_entry(entry)) for name, state, entry in found]

    async def facts(
        self, position: int, count: int
    ) -> tuple[int, list[tuple[str, bytes]]]:
        start, items = await self.queue.facts(position, count)
        return start, self._open_rows(items)

    # What holds nothing to be sealed.

    async def claim(self, node: str) -> int:
        return await self.queue.claim(node)

    async def high_id(self) -> str:
        return await self.queue.high_id()

    async def cancel(self, ids: Sequence[str], now: float) -> list[str]:
        return await self.queue.cancel(ids, now)

    async def trim(self, position: int) -> None:
        await self.queue.trim(position)

    async def depths(self, now: float) -> Depths:
        return await self.queue.depths(now)

    async def taken(self, day: str) -> dict[str, int]:
        return await self.queue.taken(day)

    async def counts(self) -> dict[str, dict[str, int]]:
        return await self.queue.counts()

    async def forget(self, before: str) -> int:
        return await self.queue.forget(before)

    async def grant(self, wallet: str, ledger_id: int, amount: int) -> int:
        return await self.queue.grant(wallet, ledger_id, amount)

    async def wallets(self, names: Sequence[str]) -> dict[str, Wallet]:
        return await self.queue.wallets(names)

    async def save_snapshot(self, body: bytes) -> None:
        """
        Sealed in any case: it holds secrets.
        """
        await self.queue.save_snapshot(_MARK + self.provider.seal(body, _MARK))

    async def load_snapshot(self) -> bytes:
        return self._open(await self.queue.load_snapshot())


def _end(entry: bytes) -> int:
    """
    Where an entry's header ends.
    """
    return 2 + (entry[0] << 8 | entry[1])


def protected(queue: Queue, fields: Fields) -> SealedQueue:
    """
    A queue that seals as soon as any kind of field is protected in the record.
    """
    sealing = any(fields.policy(kind) != "off" for kind in _KINDS)
    return SealedQueue(queue, OpenSsl(fields.key), sealing)
