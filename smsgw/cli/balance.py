"""
C{smsgw balance}: accepted = waiting + in flight + final, by the queue's counters, and
these against the record; C{--deep} counts the queue's messages one by one.
"""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import attrs

from smsgw.cli.stores import add_config, fields_of, in_reactor, open_record, with_queue
from smsgw.config import Settings, load
from smsgw.errors import Unavailable
from smsgw.gateway.plan import tally_of
from smsgw.message import decode_chunk
from smsgw.queues.census import Census
from smsgw.queues.redis_queue import RedisQueue
from smsgw.queues.sealed import protected
from smsgw.sharding import shard_of
from smsgw.storage.balance import RecordCounts, count_record
from smsgw.tasks import sleep

__all__ = ["Findings", "configure", "of_shard", "run", "together"]

T = TypeVar("T")

Counts = Mapping[str, Mapping[str, int]]

_COLUMNS = ("accepted", "waiting", "leased", "open", "ended")
_MOVING = ("waiting", "leased", "open")
LOOK = 0.2


@attrs.frozen
class Findings:
    """
    The counters, the record at the same place (None: C{trouble} says why not), and
    what a deep look found.
    """

    counts: Counts
    record: RecordCounts | None = None
    trouble: str = ""
    scanned: Counts | None = None

    def differences(self) -> list[str]:
        """
        What does not agree, in words.
        """
        told = []
        there = {*self.counts, *(self.scanned or {}), *self._recorded()}
        for tally in sorted(there - self._forgotten()):
            told += [f"{_name(tally)}: {words}" for words in self._of(tally)]
        return told + ([self.trouble] if self.trouble else [])

    def _recorded(self) -> Mapping[str, int]:
        return self.record.accepted if self.record else {}

    def _forgotten(self) -> set[str]:
        """
        Days before all that the queue counts, of which the record says that they are
        over: these counters were dropped.
        """
        if self.record is None or not self.counts:
            return set()
        first = min(tally.rpartition("|")[2] for tally in self.counts)
        return {
            tally
            for tally, accepted in self.record.accepted.items()
            if tally.rpartition("|")[2] < first
            and accepted == self.record.ended.get(tally)
        }

    def _of(self, tally: str) -> list[str]:
        counts = self.counts.get(tally, {})
        told = []
        if self.record is not None:
            told += _against(self.record, tally, counts)
        if self.scanned is not None:
            found = self.scanned.get(tally, {})
            told += [
                f"{what} {counts.get(what, 0)}, but {found.get(what, 0)} are there"
                for what in _MOVING
                if counts.get(what, 0) != found.get(what, 0)
            ]
        return told


def together(found: Sequence[Findings]) -> Findings:
    """
    What was found in all shards; no tally is in two.
    """
    if len(found) == 1:
        return found[0]
    records = [one.record for one in found if one.record is not None]
    deep = [one.scanned for one in found if one.scanned is not None]
    return Findings(
        _joined(one.counts for one in found),
        RecordCounts(
            0,
            _joined(one.accepted for one in records),
            _joined(one.ended for one in records),
            _joined(one.canceled for one in records),
        )
        if len(records) == len(found)
        else None,
        "; ".join(dict.fromkeys(one.trouble for one in found if one.trouble)),
        _joined(deep) if deep else None,
    )


def _joined(parts: Iterable[Mapping[str, T]]) -> dict[str, T]:
    return {name: value for part in parts for name, value in part.items()}


def of_shard(record: RecordCounts, number: int, count: int) -> RecordCounts:
    """
    The part of a record that is about a shard's accounts.
    """

    def mine(counts: Mapping[str, int]) -> dict[str, int]:
        return {
            tally: messages
            for tally, messages in counts.items()
            if shard_of(tally.rpartition("|")[0], count) == number
        }

    return RecordCounts(
        record.position,
        mine(record.accepted),
        mine(record.ended),
        mine(record.canceled),
    )


def _name(tally: str) -> str:
    account, _, day = tally.rpartition("|")
    return f"{account} {day}"


def _against(record: RecordCounts, tally: str, counts: Mapping[str, int]) -> list[str]:
    """
    A canceled message has ended in the record at once, in the queue when its turn
    comes.
    """
    told = []
    accepted = record.accepted.get(tally, 0)
    if accepted != counts.get("accepted", 0):
        told.append(f"accepted {counts.get('accepted', 0)}, in the record {accepted}")
    ended = record.ended.get(tally, 0)
    early = ended - counts.get("ended", 0)
    if not 0 <= early <= record.canceled.get(tally, 0):
        told.append(f"ended {counts.get('ended', 0)}, in the record {ended}")
    return told


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)
    parser.add_argument("--deep", action="store_true", help="count every message")
    parser.add_argument(
        "--wait", type=float, default=10.0, help="seconds until all stands still"
    )


def run(arguments: argparse.Namespace) -> int:
    """
    Status 1 when anything does not agree.
    """
    settings = load(arguments.config)

    def begin(reactor: Any) -> Any:
        async def work(queue: RedisQueue) -> Findings:
            look = Look(settings, queue, reactor)
            return await look.until_it_agrees(arguments.wait, arguments.deep)

        async def all_shards() -> Findings:
            config = arguments.config
            return together(
                [
                    await with_queue(reactor, config, work, shard)
                    for shard in range(settings.shards)
                ]
            )

        return all_shards()

    return _tell(in_reactor(begin))


def _tell(found: Findings) -> int:
    print(f"{'account':<20} {'day':<8} " + " ".join(f"{c:>10}" for c in _COLUMNS))
    wrong = 0
    for tally, by_what in sorted(found.counts.items()):
        account, _, day = tally.rpartition("|")
        numbers = [by_what.get(column, 0) for column in _COLUMNS]
        exact = numbers[0] == sum(numbers[1:])
        wrong += not exact
        print(
            f"{account:<20} {day:<8} " + " ".join(f"{n:>10}" for n in numbers),
            "" if exact else "DOES NOT BALANCE 不平",
        )
    differences = found.differences()
    for words in differences:
        print(f"DIFFERS 不符: {words}")
    words = "1 line does" if wrong == 1 else f"{wrong} lines do"
    if wrong:
        print(f"{words} not balance 不平")
    if not wrong and not differences:
        print("balanced 平衡")
    return 1 if wrong or differences else 0


@attrs.define(eq=False)
class Look:
    """
    One command's look at the stores of a gateway, running or stopped.
    """

    settings: Settings
    queue: RedisQueue
    reactor: Any

    async def until_it_agrees(self, patience: float, deep: bool) -> Findings:
        """
        What moves while we look seems to differ: look again, so long.
        """
        try:
            database = await open_record(self.settings)
        except Unavailable as trouble:
            words = f"the record was not asked: {trouble.detail}"
            return Findings(await self.queue.counts(), trouble=words)
        sealed = protected(self.queue, fields_of(self.settings))

        def tally(body: bytes) -> str:
            chunk = decode_chunk(sealed.opened(body))
            return tally_of(chunk.account, chunk.accepted_at)

        census = Census(self.queue.connection, tally, self.queue.shard)
        try:
            until = self.reactor.seconds() + patience
            while True:
                found = await self._once(database, census, deep)
                if not found.differences() or self.reactor.seconds() >= until:
                    return found
                await sleep(self.reactor, LOOK)
        finally:
            database.close()

    async def _once(self, database: Any, census: Census, deep: bool) -> Findings:
        """
        The counters do not move in one step with what is read beside them: with the
        same counters and the same end of the facts afterwards, nothing moved.
        """
        end, counts = await self._end(), await self.queue.counts()
        dead = await census.tombstones()
        number = int(self.queue.shard[1:])
        whole = await database.read(count_record, number, dead)
        record = of_shard(whole, number, self.settings.shards)
        scanned = await census.take() if deep else None
        moved = counts != await self.queue.counts() or end != await self._end()
        behind, trouble = end - record.position, ""
        if moved:
            trouble = "the gateway is at work; look again when it is quiet"
        elif behind:
            trouble = (
                f"the record is {behind} facts behind (the queue was renewed if < 0)"
            )
        return Findings(counts, None if behind else record, trouble, scanned)

    async def _end(self) -> int:
        base, _ = await self.queue.facts(0, 1)
        now = self.reactor.seconds()
        return base + (await self.queue.depths(now)).facts
