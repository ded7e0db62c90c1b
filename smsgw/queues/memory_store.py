"""
What a shard keeps, in plain dictionaries: the store under L{MemoryQueue}.

Names and time buckets are those of C{docs/queue.md}.
"""

import heapq
from collections import Counter, deque
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import attrs

from smsgw.ports import Down, Match, Stored
from smsgw.queues.memory_money import Money, Quotas
from smsgw.queues.stale import Stale

__all__ = ["DAY", "SIX_HOURS", "TEN_MINUTES", "Buckets", "KeptChunk", "MemoryStore"]

TEN_MINUTES, SIX_HOURS, DAY = 600.0, 21_600.0, 86_400.0
MAPS = 14
BASKETS = 20
DUE_PER_STEP = 500

V = TypeVar("V")


@attrs.define(eq=False)
class Buckets(Generic[V]):
    """
    Keys by time: the newest C{back} buckets of C{width} seconds are looked at.
    """

    width: float
    back: int
    by_number: dict[int, dict[str, V]] = attrs.field(factory=dict)

    def _newest_first(self, now: float, back: int) -> list[dict[str, V]]:
        newest = int(now // self.width)
        numbers = range(newest, newest - (back or self.back), -1)
        return [self.by_number[n] for n in numbers if n in self.by_number]

    def put(self, key: str, value: V, now: float) -> None:
        """
        Into the bucket of C{now}.
        """
        newest = int(now // self.width)
        if newest not in self.by_number:
            for old in [n for n in self.by_number if n <= newest - self.back]:
                del self.by_number[old]
            self.by_number[newest] = {}
        self.by_number[newest][key] = value

    def find(self, key: str, now: float) -> V | None:
        """
        The newest value, if one is still looked at.
        """
        for bucket in self._newest_first(now, self.back):
            if key in bucket:
                return bucket[key]
        return None

    def take(
        self,
        key: str,
        now: float,
        back: int = 0,
        fits: Callable[[V], bool] = lambda value: True,
    ) -> V | None:
        """
        The newest fitting value of the last C{back} buckets, which is forgotten.
        """
        for bucket in self._newest_first(now, back):
            if key in bucket and fits(bucket[key]):
                return bucket.pop(key)
        return None

    def items(self, now: float) -> list[tuple[str, V]]:
        """
        All that is still looked at.
        """
        return [
            item
            for bucket in self._newest_first(now, self.back)
            for item in bucket.items()
        ]


@attrs.define
class KeptChunk:
    """
    A chunk until it is dispatched and its fact is trimmed (C{left} counts both).
    """

    body: bytes
    messages: int
    left: int = 2


@attrs.define(eq=False)
class MemoryStore:
    """
    One shard's keys, and the moves that several steps share.

    C{due} holds C{c lane|id} or C{m queue NUL entry} by time, as the server does.
    """

    epoch: int = 0
    high: str = ""
    snapshot: bytes = b""
    chunks: dict[str, KeptChunk] = attrs.field(factory=dict)
    intake: dict[str, list[str]] = attrs.field(factory=dict)
    depth: Counter[str] = attrs.field(factory=Counter)
    due: list[tuple[float, bytes]] = attrs.field(factory=list)
    out: dict[str, deque[bytes]] = attrs.field(factory=dict)
    leased: dict[str, tuple[bytes, bytes]] = attrs.field(factory=dict)
    open: dict[int, dict[str, tuple[bytes, bytes]]] = attrs.field(factory=dict)
    inbox: dict[str, tuple[str, bytes]] = attrs.field(factory=dict)
    cancel: dict[str, float] = attrs.field(factory=dict)
    facts: list[bytes] = attrs.field(factory=list)
    facts_base: int = 0
    totals: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    taken: dict[str, Counter[str]] = attrs.field(factory=dict)
    last: tuple[int, Down] | None = None
    money: Money = attrs.field(factory=Money)
    quotas: Quotas = attrs.field(factory=Quotas)
    map: Buckets[tuple[str, int]] = attrs.field(
        factory=lambda: Buckets(SIX_HOURS, MAPS)
    )
    basket: Buckets[tuple[str, bytes]] = attrs.field(
        factory=lambda: Buckets(SIX_HOURS, BASKETS)
    )
    applied: Buckets[bool] = attrs.field(factory=lambda: Buckets(TEN_MINUTES, 2))

    def check(self, epoch: int) -> None:
        """
        Refuse whoever held the shard before.
        """
        if epoch != self.epoch:
            raise Stale(f"epoch {epoch}, now {self.epoch}")

    def count(self, tally: str, what: str, by: int) -> None:
        """
        Move a tally's counter.
        """
        self.totals[tally, what] += by

    def move(self, tally: str, source: str, target: str, many: int = 1) -> None:
        """
        Messages go from one counter to another.
        """
        self.count(tally, source, -many)
        self.count(tally, target, many)

    def keep_taken(self, taken: Iterable[tuple[str, str, int]]) -> None:
        """
        More messages were given to channels.
        """
        for day, name, by in taken:
            self.taken.setdefault(day, Counter())[name] += by

    def keep_facts(self, body: bytes) -> None:
        """
        Facts for the recorder.
        """
        if body:
            self.facts.append(b"f" + body)

    def keep_chunk(self, chunk: Stored, now: float) -> None:
        """
        A chunk into its lane's intake, or to wait until it is due.
        """
        self.chunks[chunk.id] = KeptChunk(chunk.body, chunk.count)
        self.facts.append(b"c" + chunk.id.encode())
        if chunk.not_before > now:
            self._wait(chunk.not_before, f"c{chunk.lane}|{chunk.id}".encode())
            self.depth["due"] += chunk.count
        else:
            self.intake.setdefault(chunk.lane, []).append(chunk.id)
            self.depth[chunk.lane] += chunk.count

    def release_chunk(self, chunk_id: str) -> None:
        """
        One of the two that need a chunk is done with it.
        """
        chunk = self.chunks[chunk_id]
        chunk.left -= 1
        if not chunk.left:
            del self.chunks[chunk_id]

    def put(
        self, queue: str, entry: bytes, not_before: float, now: float, front: bool
    ) -> None:
        """
        An entry into its out queue, or to wait until it is due.
        """
        if not_before > now:
            self._wait(not_before, b"m%b\0%b" % (queue.encode(), entry))
            self.depth["due"] += 1
            return
        waiting = self.out.setdefault(queue, deque())
        if front:
            waiting.appendleft(entry)
        else:
            waiting.append(entry)

    def _wait(self, until: float, member: bytes) -> None:
        heapq.heappush(self.due, (until, member))

    def promote(self, now: float) -> int:
        """
        What fell due goes where it belongs; how many.
        """
        promoted = 0
        while self.due and self.due[0][0] <= now and promoted < DUE_PER_STEP:
            member = heapq.heappop(self.due)[1]
            promoted += 1
            if member.startswith(b"c"):
                lane, _, chunk_id = member[1:].decode().partition("|")
                messages = self.chunks[chunk_id].messages
                self.intake.setdefault(lane, []).append(chunk_id)
                self.depth[lane] += messages
            else:
                messages = 1
                queue, _, entry = member[1:].partition(b"\0")
                self.out.setdefault(queue.decode(), deque()).append(entry)
            self.depth["due"] -= messages
        return promoted

    def take_out(self, message: str) -> tuple[str, bytes]:
        """
        Forget where a message is: (leased or open, entry), '' if it is in neither.
        """
        if kept := self.leased.pop(message, None):
            return "leased", kept[1]
        for bucket in self.open.values():
            if kept := bucket.pop(message, None):
                return "open", kept[1]
        return "", b""

    def unmap(self, key: str, message: str, now: float) -> None:
        """
        Forget a carrier id, if it names this message.
        """
        self.map.take(key, now, fits=lambda place: place[0] == message)

    def find(self, message: str) -> tuple[str, bytes, bytes] | None:
        """
        (leased or open, state, entry) of a message.
        """
        if message in self.leased:
            return "leased", *self.leased[message]
        for bucket in self.open.values():
            if message in bucket:
                return "open", *bucket[message]
        return None

    def match(self, inbox_id: str, key: str, body: bytes, now: float) -> Match:
        """
        What a receipt belongs to; it is kept in the inbox or in the basket.
        """
        place = self.map.find(key, now)
        found = self.find(place[0]) if place else None
        if place and found:
            self.inbox[inbox_id] = (key, body)
            return Match(inbox_id, found[0], body, *place, *found[1:])
        self.inbox.pop(inbox_id, None)
        if self.applied.find(key, now):
            return Match(inbox_id, "double", body)
        self.basket.put(key, (inbox_id, body), now)
        return Match(inbox_id, "orphan", body)
