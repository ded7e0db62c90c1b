"""
Keeping the stores' size: partitions are made ahead of time, and what is past the days
that the settings keep goes, unless it has not ended; so do the queue's old counters.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

import attrs
from twisted.logger import Logger

from smsgw.config import Retention
from smsgw.errors import Unavailable
from smsgw.ids import first_id_at
from smsgw.ports import Clock
from smsgw.storage import partitions, retention
from smsgw.storage.database import Database
from smsgw.storage.journal import log_change

__all__ = ["Tidying"]

EVERY, AGAIN, PAUSE = 3600.0, 60.0, 0.05
DAY, COUNTERS_DAYS = 86_400.0, 92
WHO = "retention"


class Counters(Protocol):
    """
    What this needs of L{smsgw.ports.Queue}: drop the counters of accounts' days before
    (yyyymmdd) that are over; how many.
    """

    async def forget(self, before: str) -> int: ...


@attrs.define(eq=False)
class Tidying:
    """
    Looks every hour; in small lots with a pause between them, so that others write.
    Each shard has counters in its queue; the record is the C{first} one's.
    """

    database: Database
    keep: Retention
    clock: Clock
    queue: Counters
    first: bool = True
    _gone: dict[str, int] = attrs.field(factory=dict, init=False)

    log = Logger()

    async def run(self) -> None:
        """
        Until it is cancelled.
        """
        while True:
            pause = EVERY
            try:
                await self.look()
            except Unavailable as trouble:
                self.log.warn("tidying waits: {why}", why=trouble.detail)
                pause = AGAIN
            await self.clock.sleep(pause)

    async def look(self) -> dict[str, int]:
        """
        Do what there is to do; how much of each thing went.
        """
        now, self._gone = self.clock.now(), {}
        day = datetime.fromtimestamp(now - COUNTERS_DAYS * DAY, UTC)
        if forgotten := await self.queue.forget(f"{day:%Y%m%d}"):
            self.log.info("counters of {days} days dropped", days=forgotten)
        if self.first:
            await self._record(now)
        return self._gone

    async def _record(self, now: float) -> None:
        keep = self.keep
        made = await self.database.write(partitions.make_parts, now, keep.partition)
        if made:
            self.log.info("partitions made: {made}", made=", ".join(made))
        try:
            if keep.messages_days:
                await self._messages(now - keep.messages_days * DAY)
            if keep.totals_days:
                before = _millis(now - keep.totals_days * DAY)
                await self._lots("tallies", retention.purge_tallies, before)
        finally:
            await self._tell(now)

    async def _messages(self, until: float) -> None:
        before_ms = _millis(until)
        before = first_id_at(before_ms)
        await self._partitions(before)
        await self._pages("messages", retention.purge_messages, before)
        await self._pages("batches", retention.purge_batches, before)
        account = ""
        while account := await self.database.read(retention.next_account, account):
            await self._lots("events", retention.purge_events, account, before_ms)
        await self._lots("replies", retention.purge_replies, before_ms)
        await self._lots("orphans", retention.purge_orphans, before_ms)

    async def _partitions(self, before: str) -> None:
        for part in await self.database.read(partitions.parts_of):
            if part.upper > before:
                return
            if await self.database.read(partitions.has_open, part):
                words = "messages of {part} have not ended: it is emptied of others"
                self.log.warn(words, part=part.suffix)
                continue
            await self.database.write(partitions.drop_part, part)
            self.log.info("dropped partition {part}", part=part.suffix)
            self._count("partitions", 1)

    async def _pages(
        self, name: str, purge: Callable[..., tuple[int, str]], before: str
    ) -> None:
        """
        From the oldest to the newest, past what stays.
        """
        after = ""
        while True:
            gone, after = await self.database.write(purge, after, before)
            self._count(name, gone)
            if not after:
                return
            await self.clock.sleep(PAUSE)

    async def _lots(self, name: str, purge: Callable[..., int], *words: object) -> None:
        while gone := await self.database.write(purge, *words):
            self._count(name, gone)
            await self.clock.sleep(PAUSE)

    def _count(self, name: str, gone: int) -> None:
        if gone:
            self._gone[name] = self._gone.get(name, 0) + gone

    async def _tell(self, now: float) -> None:
        """
        The change log says what went.
        """
        if self._gone:
            self.log.info("past their days: {gone}", gone=self._gone)
            await self.database.write(
                log_change, "messages", WHO, None, self._gone, WHO, round(now * 1000)
            )


def _millis(at: float) -> int:
    return round(at * 1000)
