"""
The recorder: moves the queue's facts into the record, each exactly once.

The watermark is written in the same transaction as the rows; only then is the
queue trimmed. A crash in between repeats the trim, never the rows.
"""

from collections.abc import Callable, Sequence

import attrs
from msgspec import MsgspecError
from twisted.logger import Logger

from smsgw.directory import Directory
from smsgw.errors import Unavailable
from smsgw.ports import Clock, Queue
from smsgw.security.fields import Fields
from smsgw.storage.database import Database, Unfit
from smsgw.storage.recording import (
    Known,
    Overtaken,
    Recording,
    position_of,
    restart,
)

__all__ = ["Recorder"]

COUNT = 500
OCTETS = 4_000_000
PAUSE = 0.2
FEW, GATHER = 20, 0.5
MUCH, LONG = 500_000, 1.5  # octets: some 1,000 messages a second
BACK_OFF = 2.0
Items = Sequence[tuple[str, bytes]]
_UNFIT = (Unfit, ValueError, OverflowError)
_TROUBLE = (
    Unavailable,
    ArithmeticError,
    AttributeError,
    LookupError,
    MsgspecError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


@attrs.define(eq=False)
class Recorder:
    """
    Records one shard's facts until stopped.

    C{recorded_at}: everything that happened up to then (epoch seconds) is in
    the record. C{trouble} is '' or why it stands still. C{strays} counts facts
    about unknown messages and items that were set aside.
    """

    queue: Queue
    database: Database
    fields: Fields
    clock: Clock
    directory: Callable[[], Directory]
    shard: int = 0
    position: int = 0
    recorded_at: float = 0.0
    stopped: bool = False
    trouble: str = ""
    strays: int = 0
    _known: Known = attrs.field(factory=Known, init=False)
    _more: bool = attrs.field(default=False, init=False)
    _octets: int = attrs.field(default=0, init=False)

    log = Logger()

    async def run(self) -> None:
        """
        Record until stopped, and once more what is there then.

        Where much is going on it waits a little: what happens to a message meanwhile
        is one row, not three, and each page of the record is written once, not thrice.
        """
        started, found = False, 0
        while True:
            last = self.stopped
            try:
                if not started:
                    await self.start()
                    started = True
                found = await self.step()
                idle = found == 0
            except _TROUBLE as trouble:
                self._tell(getattr(trouble, "detail", type(trouble).__name__))
                started, idle, pause = False, True, BACK_OFF
            else:
                self._tell("")
                pause = self._pause(found)
            if last and idle:
                return
            if (idle or not self._more) and not self.stopped:
                await self.clock.sleep(pause)

    def _pause(self, found: int) -> float:
        if self._octets >= MUCH:
            return LONG
        return PAUSE if found < FEW else GATHER

    def stop(self) -> None:
        """
        End once everything that is there is recorded, or cannot be.
        """
        self.stopped = True

    async def start(self) -> None:
        """
        Find out how far an earlier recorder came; begin anew with a queue that
        never came so far, since it is another one or an older copy.
        """
        self.position = await self.database.read(position_of, self.shard)
        now = self.clock.now()
        base, _ = await self.queue.facts(0, 1)
        end = base + (await self.queue.depths(now)).facts
        if self.position > end:
            self.log.warn("the queue was renewed: it ends at {end}", end=end)
            await self.database.write(restart, self.shard, base, round(now * 1000))
            self.position = base
        await self.queue.trim(self.position)

    async def step(self) -> int:
        """
        Record one stretch; how many items it had.
        """
        now = self.clock.now()
        first, found = await self.queue.facts(self.position, COUNT)
        items = _some(found)
        if items:
            if first > self.position:
                self.log.warn("facts before {first} are gone", first=first)
            await self._record(first, items, now)
        self._octets = sum(len(body) for _, body in items)
        self._more = len(found) == COUNT or len(items) < len(found)
        if not self._more:
            self.recorded_at = now
        return len(items)

    async def _record(
        self, first: int, items: Items, now: float, careful: bool = False
    ) -> None:
        after = first + len(items)
        known, self._known = self._known, Known()
        recording = Recording(
            self.fields, self.directory(), self.shard, round(now * 1000), known, careful
        )
        try:
            strays = await self.database.write(
                recording.record, self.position, after, items
            )
        except Overtaken:
            self.position = await self.database.read(position_of, self.shard)
            return
        except _UNFIT:
            await self._narrow(first, items, now, careful)
            return
        self.position, self._known = after, known
        for place in recording.spoiled:
            self.strays += 1
            self.log.error("item {place} cannot be read", place=first + place)
        if strays:
            self.strays += strays
            self.log.warn("{strays} facts about unknown messages", strays=strays)
        await self.queue.trim(after)

    async def _narrow(
        self, first: int, items: Items, now: float, careful: bool
    ) -> None:
        """
        What cannot be written as it is: leave out what is recorded already, then
        write item by item, then go on without the one that does not fit.
        """
        if not careful:
            await self._record(first, items, now, careful=True)
        elif len(items) > 1:
            for place, item in enumerate(items, first):
                if place > first and place != self.position:
                    return
                await self._record(place, [item], now, careful=True)
        elif not items[0][1]:
            raise Unavailable("the record's watermark does not move")
        else:
            self.strays += 1
            self.log.error("item {place} does not fit the record", place=first)
            await self._record(first, [("facts", b"")], now)

    def _tell(self, trouble: str) -> None:
        """
        Log the beginning and the end of trouble, not every try.
        """
        if trouble and not self.trouble:
            self.log.error("recording stands still: {trouble}", trouble=trouble)
        elif self.trouble and not trouble:
            self.log.info("recording goes on")
        self.trouble = trouble


def _some(found: Items) -> Items:
    """
    As many items as make a short transaction; at least one.
    """
    octets = 0
    for index, (_kind, body) in enumerate(found):
        octets += len(body)
        if octets > OCTETS and index:
            return found[:index]
    return found
