"""
C{smsgw numbers}: where numbers belong and whose they are, lists and single ones.
"""

import argparse
import getpass
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TypeVar

import attrs

from smsgw.cli.stores import add_config, fields_of, in_reactor, open_record
from smsgw.config import ConfigError, load
from smsgw.numbering import mask, normalise
from smsgw.numbering.carriers import CARRIERS
from smsgw.numbering.plan import NumberPlan
from smsgw.numbering.ported import SET, Ported, PortedNumber, read_ported
from smsgw.numbering.regions import read_regions
from smsgw.security.fields import Fields
from smsgw.storage.database import Database
from smsgw.storage.lists import Loaded, Told
from smsgw.storage.numbers import Entry, change_ported, load_ported, ported_of
from smsgw.storage.regions import load_regions, regions_of

__all__ = ["configure", "run"]

T = TypeVar("T")
Work = Callable[[Database], Awaitable[list[str]]]
_CHINA = timezone(timedelta(hours=8))
_HOME = "prefix"
_NONE = "nothing to change 无变化"
_MISTAKES = 20


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    verbs = parser.add_subparsers(dest="what", required=True)
    for name, words in (
        ("load-regions", "a CSV list: prefix, province, city, carrier 导入号段归属地"),
        ("load-ported", "a CSV list: number, carrier 导入携号转网号码"),
    ):
        verb = verbs.add_parser(name, help=words, description=words)
        add_config(verb)
        verb.add_argument("file", type=Path)
        verb.add_argument(
            "--prune", action="store_true", help="take away what the file lacks"
        )
    words = "what is known about a number 查询号码"
    verb = verbs.add_parser("look", help=words, description=words)
    add_config(verb)
    verb.add_argument("number")
    words = "say whose a number is 指定号码的运营商"
    verb = verbs.add_parser("set", help=words, description=words)
    add_config(verb)
    verb.add_argument("number")
    verb.add_argument(
        "--carrier",
        required=True,
        choices=[*CARRIERS[:-1], _HOME],
        help=f"{_HOME}: whatever its prefix says 按号段",
    )


def run(arguments: argparse.Namespace) -> int:
    """
    A file with any mistake changes nothing; then status 2.
    """
    settings = load(arguments.config)
    desk = _Desk(fields_of(settings), getpass.getuser(), time.time())
    work = desk.work(arguments)

    async def whole(_: object) -> list[str]:
        database = await open_record(settings)
        try:
            return await work(database)
        finally:
            database.close()

    print(*in_reactor(whole), sep="\n")
    return 0


@attrs.frozen
class _Desk:
    """
    Turns arguments into work on the record; files are read before it is opened.
    """

    fields: Fields
    who: str
    now: float

    def work(self, arguments: argparse.Namespace) -> Work:
        """
        What is to be done; its result are the lines to print.
        """
        match arguments.what:
            case "load-regions":
                return self._load_regions(arguments.file, arguments.prune)
            case "load-ported":
                return self._load_ported(arguments.file, arguments.prune)
            case "look":
                return self._look(normalise(arguments.number))
            case _:
                return self._set(normalise(arguments.number), arguments.carrier)

    def _load_regions(self, file: Path, prune: bool) -> Work:
        rows = _read(file, read_regions)

        async def work(database: Database) -> list[str]:
            told = _progress()
            loaded = await database.write(
                load_regions, rows, self.who, self.now, prune, told
            )
            return [_counts(loaded)]

        return work

    def _load_ported(self, file: Path, prune: bool) -> Work:
        numbers = _read(file, read_ported)

        async def work(database: Database) -> list[str]:
            told = _progress()
            loaded = await database.write(
                load_ported, self.fields, numbers, self.who, self.now, prune, told
            )
            return [_counts(loaded)]

        return work

    def _look(self, number: str) -> Work:
        async def work(database: Database) -> list[str]:
            regions, _ = await database.read(regions_of, number)
            entry = await database.read(ported_of, self.fields, number)
            own = Ported.of([entry.ported] if entry else [])
            return list(_lines(number, NumberPlan(regions, own), entry))

        return work

    def _set(self, number: str, carrier: str) -> Work:
        async def work(database: Database) -> list[str]:
            own = PortedNumber(number, carrier, SET)
            if carrier == _HOME:
                entry = await database.read(ported_of, self.fields, number)
                if entry is None:
                    return [_NONE]
                own = attrs.evolve(entry.ported, source=SET, active=False)
            changed = await database.write(
                change_ported, self.fields, [own], self.who, self.now
            )
            return [f"{mask(number)}: {carrier}" if changed else _NONE]

        return work


def _read(file: Path, reader: Callable[[bytes], tuple[list[T], list[str]]]) -> list[T]:
    rows, mistakes = reader(file.read_bytes())
    more = len(mistakes) - _MISTAKES
    if more > 0:
        mistakes = [*mistakes[:_MISTAKES], f"and {more} more 另有 {more} 处"]
    if mistakes:
        raise ConfigError(file, mistakes)
    return rows


def _progress() -> Told:
    """
    Counts on a terminal, in one line of it.
    """
    done = 0

    def told(count: int) -> None:
        nonlocal done
        done += count
        if sys.stderr.isatty():
            print(f"\r{done} rows 行 ", end="", file=sys.stderr, flush=True)

    return told


def _counts(loaded: Loaded) -> str:
    if not loaded:
        return _NONE
    return (
        f"{loaded.added} added 新增, {loaded.changed} changed 变更, "
        f"{loaded.gone} gone 移除"
    )


def _lines(number: str, plan: NumberPlan, entry: Entry | None) -> Iterator[str]:
    yield f"number 号码   {mask(number)}"
    yield f"carrier 运营商 {plan.carrier_of(number)}"
    yield f"region 归属地  {plan.region_of(number)}"
    yield f"kind 类型     {plan.kind_of(number)}"
    if entry is not None:
        one = entry.ported
        state = "" if one.active else " not in use 已停用"
        yield (
            f"ported 携转    {one.carrier} {one.source} {entry.who} "
            f"{_time(entry.at)}{state}"
        )


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, _CHINA).strftime("%Y-%m-%d %H:%M")
