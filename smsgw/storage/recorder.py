"""
The recorder: moves the queue's facts into the record, each exactly once.

The watermark is written in the same transaction as the rows; only then is the
queue trimmed. A crash in between repeats the trim, never the rows.
"""

from collections.abc import Callable, Sequence

import attrs
from twisted.logger import Logger

from smsgw.directory import Directory
from smsgw.errors import Unavailable
from smsgw.ports import Clock, Queue
from smsgw.security.fields import Fields
from smsgw.storage.database import Database
from smsgw.storage.recording import Known, Overtaken, Recording, position_of

__all__ = ["Recorder"]

COUNT = 500
OCTETS = 1_000_000
PAUSE = 0.2
BACK_OFF = 2.0


@attrs.define(eq=False)
class Recorder:
    """
    Records one shard's facts until stopped.

    C{recorded_at}: everything that happened up to then (epoch seconds) is in
    the record. C{trouble} is '' or why it stands still.
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

    log = Logger()

    async def run(self) -> None:
        """
        Record until stopped, and once more what is there then.
        """
        started = False
        while True:
            last = self.stopped
            try:
                if not started:
                    await self.start()
                    started = True
                idle = await self.step() == 0
            except Unavailable as trouble:
                self._tell(trouble.detail)
                idle, pause = True, BACK_OFF
            else:
                self._tell("")
                pause = PAUSE
            if last and idle:
                return
            if idle and not self.stopped:
                await self.clock.sleep(pause)

    def stop(self) -> None:
        """
        End once everything that is there is recorded, or cannot be.
        """
        self.stopped = True

    async def start(self) -> None:
        """
        Find out how far an earlier recorder came.
        """
        self.position = await self.database.read(position_of, self.shard)
        await self.queue.trim(self.position)

    async def step(self) -> int:
        """
        Record one stretch; how many items it had.
        """
        now = self.clock.now()
        first, found = await self.queue.facts(self.position, COUNT)
        items = _some(found)
        if items:
            await self._record(first, items, now)
        if len(found) < COUNT and len(items) == len(found):
            self.recorded_at = now
        return len(items)

    async def _record(
        self, first: int, items: Sequence[tuple[str, bytes]], now: float
    ) -> None:
        after = first + len(items)
        if first > self.position:
            self.log.warn("facts before {first} are gone", first=first)
        known, self._known = self._known, Known()
        recording = Recording(
            self.fields, self.directory(), self.shard, round(now * 1000), known
        )
        try:
            strays = await self.database.write(
                recording.record, self.position, after, items
            )
        except Overtaken:
            self.position = await self.database.read(position_of, self.shard)
            return
        self.position, self._known = after, known
        if strays:
            self.strays += strays
            self.log.warn("{strays} facts about unknown messages", strays=strays)
        await self.queue.trim(after)

    def _tell(self, trouble: str) -> None:
        """
        Log the beginning and the end of trouble, not every try.
        """
        if trouble and not self.trouble:
            self.log.error("recording stands still: {trouble}", trouble=trouble)
        elif self.trouble and not trouble:
            self.log.info("recording goes on")
        self.trouble = trouble


def _some(found: Sequence[tuple[str, bytes]]) -> Sequence[tuple[str, bytes]]:
    """
    As many items as make a short transaction; at least one.
    """
    octets = 0
    for index, (_kind, body) in enumerate(found):
        octets += len(body)
        if octets > OCTETS and index:
            return found[:index]
    return found
