"""
Taking receipts to the shard whose message they are about.

Carriers send a receipt over any connection of a login. It is kept where it came
before the carrier hears that we have it; then the other shards are asked.
"""

from collections.abc import Sequence
from functools import partial
from typing import Protocol

import attrs
import msgspec

from smsgw.errors import Unavailable
from smsgw.gateway.orphans import Orphans
from smsgw.gateway.outbox import Outbox
from smsgw.message import Receipt, encode
from smsgw.ports import Clock

__all__ = ["Forwarding", "Strays"]

EACH, BUSY = 0.5, 0.02
SOME = 500
LONGEST = 60.0
_receipt = msgspec.msgpack.Decoder(Receipt).decode


class Strays(Protocol):
    """
    See L{smsgw.queues.strays.RedisStrays}.
    """

    async def bring(
        self, receipts: Sequence[tuple[str, bytes]], now: float
    ) -> list[bool]: ...

    async def brought(self) -> list[tuple[str, bytes]]: ...

    async def drop(self, keys: Sequence[str]) -> None: ...


@attrs.define(eq=False)
class Forwarding:
    """
    Brings shard C{number}'s orphans to the others, again and again until one knows
    them or they are too old, and takes what others brought.
    """

    strays: Sequence[Strays]
    number: int
    orphans: Orphans
    outbox: Outbox
    clock: Clock
    _tries: dict[str, tuple[float, float]] = attrs.field(factory=dict, init=False)
    _taking: set[str] = attrs.field(factory=set, init=False)
    _taken: list[str] = attrs.field(factory=list, init=False)

    async def run(self) -> None:
        """
        For ever.
        """
        busy = False
        while True:
            await self.clock.sleep(BUSY if busy else EACH)
            busy = await self.step()

    async def step(self) -> bool:
        """
        Both ways once; who cannot be reached is asked the next time. Whether there
        was anything to do.
        """
        asked = await self._bring()
        try:
            return await self._take() > 0 or asked > 0
        except Unavailable:
            return False

    async def _bring(self) -> int:
        now, waiting = self.clock.monotonic(), self.orphans.waiting()
        never = (now, EACH)
        self._tries = {key: self._tries.get(key, never) for key in waiting}
        due = [key for key, (at, _) in self._tries.items() if at <= now][:SOME]
        asked = len(due)
        for key in due:
            wait = self._tries[key][1]
            self._tries[key] = (now + wait, min(LONGEST, 2 * wait))
        for number, strays in enumerate(self.strays):
            if number == self.number or not due:
                continue
            rows = [(key, encode(waiting[key])) for key in due]
            try:
                known = await strays.bring(rows, self.clock.now())
            except Unavailable:
                continue
            for key, is_there in zip(due, known, strict=True):
                if is_there:
                    self.orphans.drop(waiting[key])
            due = [key for key, no in zip(due, known, strict=True) if not no]
        return asked

    async def _take(self) -> int:
        own = self.strays[self.number]
        gone, self._taken = self._taken, []
        await own.drop(gone)
        self._taking.difference_update(gone)
        found = await own.brought()
        for key, body in found:
            if key not in self._taking:
                self._taking.add(key)
                self.outbox.keep_receipt(_receipt(body), partial(self._durable, key))
        return len(found)

    def _durable(self, key: str) -> None:
        self._taken.append(key)
