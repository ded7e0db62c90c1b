"""
C{smsgw demo-data}: fills the record with a made-up past, so that every page of the
console has something to show.
"""

import argparse
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import attrs

from smsgw.chronicle.health import Health
from smsgw.chronicle.month import SHARDS, Month, Stretch
from smsgw.cli.stores import add_config, fields_of, in_reactor, open_record
from smsgw.config import Settings, load
from smsgw.directory import Directory
from smsgw.errors import Refused
from smsgw.security.fields import Fields
from smsgw.simulator.chance import Chance
from smsgw.storage.channel_history import note_history
from smsgw.storage.database import Database
from smsgw.storage.directory_store import load_directory
from smsgw.storage.finding import Wanted, find_messages
from smsgw.storage.recording import Known, Recording, position_of

__all__ = ["configure", "run"]

_CHINA = timezone(timedelta(hours=8))
_REAL = "there are messages already; --force adds to them 已有短信，--force 仍然加入"
_FULL = f"{len(SHARDS)} pasts are enough 演示数据已足够多"
_NO_OBJECTS = (
    "no accounts or channels: smsgw apply etc/demo.toml 没有账号或通道，先用 apply 建立"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--per-day", type=int, default=3_000, help="on a working day")
    parser.add_argument("--seed", type=int, default=1, help="the same makes the same")
    parser.add_argument("--end", type=_time, help="2026-11-23T12:00 in China; now")
    parser.add_argument("--force", action="store_true", help="beside real messages")


def _time(text: str) -> float:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=at.tzinfo or _CHINA).timestamp()


def run(arguments: argparse.Namespace) -> int:
    """
    Nothing is sent: only the record is written, as the recorder writes it.
    """
    settings = load(arguments.config)
    end = arguments.end or float(int(time.time()))
    started = time.monotonic()

    async def work(_: object) -> int:
        database = await open_record(settings)
        try:
            past = await _Past.begin(settings, database, arguments.force)
            month = Month(
                past.directory,
                Chance(arguments.seed),
                end,
                arguments.days,
                arguments.per_day,
                past.shard,
            )
            count = sum([await past.keep(one) for one in month.stretches()])
            await database.write(note_history, past.health.lines())
            return count
        finally:
            database.close()

    count = in_reactor(work)
    took = time.monotonic() - started
    print(f"{count} messages of {arguments.days} days in {took:.1f} s 条演示短信已写入")
    return 0


@attrs.define(eq=False)
class _Past:
    """
    The record as the past is written into it: nothing is owed to anybody for it, no
    event and no answer.
    """

    fields: Fields
    database: Database
    directory: Directory
    shard: int
    health: Health
    place: int = 0
    known: Known = attrs.field(factory=Known)

    @classmethod
    async def begin(
        cls, settings: Settings, database: Database, force: bool
    ) -> "_Past":
        """
        L{Refused} where real messages are, or nobody who could have sent any.
        """
        directory = await database.read(load_directory)
        if not (directory.accounts and directory.channels):
            raise Refused(7404, _NO_OBJECTS, "accounts")
        there = await database.read(find_messages, Wanted(), None, "", 1)
        if there and not force:
            raise Refused(7002, _REAL, "force")
        for shard in SHARDS:
            if not await database.read(position_of, shard):
                quiet, health = _quiet(directory), Health(directory)
                return cls(fields_of(settings), database, quiet, shard, health)
        raise Refused(7002, _FULL, "force")

    async def keep(self, stretch: Stretch) -> int:
        """
        Record a stretch; how many messages it brought.
        """
        items = stretch.items
        self.health.heard(items)
        if items:
            recording = Recording(
                self.fields,
                self.directory,
                self.shard,
                round(stretch.at * 1000),
                self.known,
            )
            after = self.place + len(items)
            await self.database.write(recording.record, self.place, after, items)
            self.place = after
        return stretch.accepted


def _quiet(directory: Directory) -> Directory:
    accounts = {
        name: attrs.evolve(one, events=False)
        for name, one in directory.accounts.items()
    }
    keywords: dict[str, Any] = {
        name: attrs.evolve(one, answer="") for name, one in directory.keywords.items()
    }
    return attrs.evolve(directory, accounts=accounts, keywords=keywords)
