"""
L{smsgw.ports.Queue} in plain Python: the same steps, nothing is durable.
"""

from collections.abc import Sequence

import attrs

from smsgw.message import LANES
from smsgw.ports import (
    Admission,
    Depths,
    Dispatched,
    Down,
    Lease,
    Recovered,
    Up,
    Verdict,
    Wallet,
)
from smsgw.queues.memory_accept import Admitting
from smsgw.queues.memory_exchange import perform
from smsgw.queues.memory_store import SIX_HOURS, MemoryStore

__all__ = ["MemoryQueue"]


@attrs.define(eq=False)
class MemoryQueue:
    """
    A shard for tests and trials; it keeps the contract but not its contents.

    C{high_water}: how many messages may wait in intake and due together.
    """

    high_water: int = 5_000_000
    _store: MemoryStore = attrs.field(factory=MemoryStore, init=False)
    _admitting: Admitting = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._admitting = Admitting(self._store, self.high_water)

    async def claim(self, node: str) -> int:
        self._store.last = None
        self._store.epoch += 1
        return self._store.epoch

    async def high_id(self) -> str:
        return self._store.high

    async def accept(
        self, admissions: Sequence[Admission], now: float
    ) -> list[Verdict]:
        return [self._admitting.admit(admission, now) for admission in admissions]

    async def peek(self, lane: str, count: int) -> list[tuple[str, bytes]]:
        first = self._store.intake.get(lane, [])[:count]
        return [(chunk_id, self._store.chunks[chunk_id].body) for chunk_id in first]

    async def dispatch(
        self, epoch: int, done: Sequence[Dispatched], now: float
    ) -> None:
        self._store.check(epoch)
        for chunk in done:
            if chunk.id in self._store.intake.get(chunk.lane, ()):
                self._dispatch(chunk, now)

    def _dispatch(self, chunk: Dispatched, now: float) -> None:
        store = self._store
        store.intake[chunk.lane].remove(chunk.id)
        store.depth[chunk.lane] -= store.chunks[chunk.id].messages
        for put in chunk.puts:
            for entry in put.entries:
                store.put(put.queue, entry, put.not_before, now, False)
        store.keep_facts(chunk.facts)
        if chunk.ended:
            store.move(chunk.tally, "waiting", "ended", chunk.ended)
        store.money.refund(chunk.tally, chunk.refund)
        store.release_chunk(chunk.id)

    async def exchange(self, up: Up, now: float) -> Down:
        store = self._store
        store.check(up.epoch)
        if store.last is not None and store.last[0] == up.number:
            return store.last[1]
        down = perform(store, up, now)
        store.last = (up.number, down)
        return down

    async def recover(self, epoch: int, now: float) -> Recovered:
        store = self._store
        store.check(epoch)
        leases = [
            Lease("", 0, "", entry, state) for state, entry in store.leased.values()
        ]
        inbox = list(store.inbox.items())
        matches = [
            store.match(inbox_id, key, body, now)
            for inbox_id, (key, body) in inbox
            if key
        ]
        inbound = [(inbox_id, body) for inbox_id, (key, body) in inbox if not key]
        orphans = [(key, body) for key, (_, body) in store.basket.items(now)]
        return Recovered(leases, matches, inbound, orphans)

    async def aged(
        self, epoch: int, before: float, count: int
    ) -> list[tuple[str, bytes, bytes]]:
        self._store.check(epoch)
        found: list[tuple[str, bytes, bytes]] = []
        for number, bucket in sorted(self._store.open.items()):
            if (number + 1) * SIX_HOURS <= before:
                found += [(name, *value) for name, value in bucket.items()]
        return found[:count]

    async def cancel(self, ids: Sequence[str], now: float) -> list[str]:
        answers = []
        for message in ids:
            late = self._store.find(message) is not None
            if not late:
                self._store.cancel.setdefault(message, now)
            answers.append("too_late" if late else "stopped")
        return answers

    async def facts(
        self, position: int, count: int
    ) -> tuple[int, list[tuple[str, bytes]]]:
        store = self._store
        start = max(position, store.facts_base)
        first = start - store.facts_base
        items = []
        for item in store.facts[first : first + count]:
            if item.startswith(b"c"):
                items.append(("chunk", store.chunks[item[1:].decode()].body))
            else:
                items.append(("facts", item[1:]))
        return start, items

    async def trim(self, position: int) -> None:
        store = self._store
        gone = store.facts[: max(0, position - store.facts_base)]
        for item in gone:
            if item.startswith(b"c"):
                store.release_chunk(item[1:].decode())
        del store.facts[: len(gone)]
        store.facts_base += len(gone)

    async def depths(self, now: float) -> Depths:
        store = self._store
        return Depths(
            {lane: store.depth[lane] for lane in LANES},
            {name: len(entries) for name, entries in store.out.items()},
            store.depth["due"],
            len(store.leased),
            sum(len(bucket) for bucket in store.open.values()),
            len(store.facts),
        )

    async def counts(self) -> dict[str, dict[str, int]]:
        tallies: dict[str, dict[str, int]] = {}
        for (tally, what), many in self._store.totals.items():
            found = tallies.setdefault(
                tally,
                dict.fromkeys(("accepted", "waiting", "leased", "open", "ended"), 0),
            )
            found[what] = many
        return tallies

    async def forget(self, before: str) -> int:
        over = [
            tally
            for tally, found in (await self.counts()).items()
            if tally.rpartition("|")[2] < before and found["accepted"] == found["ended"]
        ]
        for name in [one for one in self._store.totals if one[0] in over]:
            del self._store.totals[name]
        return len(over)

    async def taken(self, day: str) -> dict[str, int]:
        return dict(self._store.taken.get(day, {}))

    async def grant(self, wallet: str, ledger_id: int, amount: int) -> int:
        return self._store.money.grant(wallet, ledger_id, amount)

    async def wallets(self, names: Sequence[str]) -> dict[str, Wallet]:
        return {name: self._store.money.of(name) for name in names}

    async def save_snapshot(self, body: bytes) -> None:
        self._store.snapshot = body

    async def load_snapshot(self) -> bytes:
        return self._store.snapshot
