"""
One exchange in memory: settles, receipts, what fell due, leases.
"""

from collections import deque
from collections.abc import Callable

import attrs
import msgspec

from smsgw.ports import Down, Lease, Match, Settle, Up, Want
from smsgw.queues.entries import header_of, price_in, with_price
from smsgw.queues.memory_store import SIX_HOURS, MemoryStore

__all__ = ["DROPPED_PER_STEP", "perform"]

DROPPED_PER_STEP = 500
CLAIMABLE = 2
_encode = msgspec.msgpack.Encoder().encode


def perform(store: MemoryStore, up: Up, now: float) -> Down:
    """
    Apply what goes up and answer what comes down.
    """
    step = _Step(store, now)
    for settle in up.settles:
        step.settle(settle)
    for inbox_id in up.done:
        store.inbox.pop(inbox_id, None)
    for key in up.orphans:
        store.basket.take(key, now)
    step.claim()
    for inbox_id, key, body in up.receipts:
        step.matches.append(store.match(inbox_id, key, body, now))
    for inbox_id, body in up.inbound:
        store.inbox[inbox_id] = ("", body)
    for facts in up.facts:
        store.keep_facts(facts)
    store.keep_taken(up.taken)
    promoted = store.promote(now)
    for want in up.wants:
        step.grant(want)
    return Down(step.leases, step.matches, promoted)


@attrs.define(eq=False)
class _Step:
    """
    The state of one exchange while it is performed.
    """

    store: MemoryStore
    now: float
    leases: list[Lease] = attrs.field(factory=list)
    matches: list[Match] = attrs.field(factory=list)
    mapped: list[str] = attrs.field(factory=list)
    dropped: int = 0

    def settle(self, settle: Settle) -> None:
        """
        A message moves on, if it is where the settle thinks.
        """
        kinds: dict[str, Callable[[Settle], None]] = {
            "progress": self._progress,
            "open": self._open,
            "update": self._update,
            "end": self._end,
            "again": self._again,
        }
        kinds[settle.kind](settle)

    def _progress(self, settle: Settle) -> None:
        leased = self.store.leased
        if settle.id in leased:
            leased[settle.id] = (settle.state, leased[settle.id][1])
            self._map(settle)

    def _open(self, settle: Settle) -> None:
        value = self.store.leased.pop(settle.id, None)
        if value is not None:
            bucket = self.store.open.setdefault(int(self.now // SIX_HOURS), {})
            bucket[settle.id] = (settle.state, value[1])
            self.store.move(settle.tally, "leased", "open")
            self._map(settle)

    def _map(self, settle: Settle) -> None:
        for key, part in settle.carrier_ids:
            self.store.map.put(key, (settle.id, part), self.now)
            self.mapped.append(key)

    def _update(self, settle: Settle) -> None:
        for bucket in self.store.open.values():
            if settle.id in bucket:
                bucket[settle.id] = (settle.state, bucket[settle.id][1])

    def _end(self, settle: Settle) -> None:
        entry = self._leave(settle, "ended")
        if entry:
            self.store.money.settle(settle.tally, entry, settle.spent)
            self.store.cancel.pop(settle.id, None)

    def _again(self, settle: Settle) -> None:
        entry = self._leave(settle, "waiting")
        if entry:
            self.store.put(
                settle.queue,
                with_price(settle.entry, price_in(entry)),
                settle.not_before,
                self.now,
                settle.front,
            )

    def _leave(self, settle: Settle, target: str) -> bytes:
        """
        The entry of before, if the message was there.
        """
        source, entry = self.store.take_out(settle.id)
        if not source:
            return b""
        self.store.move(settle.tally, source, target)
        for key, _ in settle.carrier_ids:
            self.store.unmap(key, settle.id, self.now)
            self.store.applied.put(key, True, self.now)
        return entry

    def claim(self) -> None:
        """
        Receipts in the basket that newly mapped carrier ids were waited for.
        """
        for key in dict.fromkeys(self.mapped):
            kept = self.store.basket.take(key, self.now, CLAIMABLE)
            if kept is not None:
                self.matches.append(self.store.match(kept[0], key, kept[1], self.now))

    def grant(self, want: Want) -> None:
        """
        Leases for a channel, best queue first, while there is room.
        """
        room, messages = want.room, want.messages
        for index, name in enumerate(want.queues):
            floor = 0 if index < want.reserved else want.reserve
            queue = self.store.out.get(name, deque())
            while queue and room > floor and messages > 0 and self._may_drop:
                upto = self._lease(want.channel, room - floor, queue.popleft())
                room -= upto
                messages -= bool(upto)

    @property
    def _may_drop(self) -> bool:
        return self.dropped < DROPPED_PER_STEP

    def _lease(self, channel: str, room: int, entry: bytes) -> int:
        """
        How many segments it may use.
        """
        header = header_of(entry)
        message, reason, upto = header.id, "", min(header.segments, room)
        if header.expires_at <= self.now:
            reason, upto = "expired", 0
        elif message in self.store.cancel:
            reason, upto = "canceled", 0
        self.dropped += bool(reason)
        state = _encode((channel, 1, upto, 0, False, []))
        self.store.leased[message] = (state, entry)
        self.store.move(header.tally, "waiting", "leased")
        self.leases.append(Lease(channel, upto, reason, entry))
        return upto
