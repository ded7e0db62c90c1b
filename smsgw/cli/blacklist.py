"""
C{smsgw blacklist}: numbers that get no messages, blocked, lifted, looked up, imported.
"""

import argparse
import csv
import getpass
import io
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from smsgw.cli.stores import add_config, fields_of, in_reactor, open_record
from smsgw.config import ConfigError, load
from smsgw.errors import Refused
from smsgw.numbering import mask, normalise, normalise_many, reason_of
from smsgw.numbering.phones import REASONS
from smsgw.rules.blocked import ALL, Block
from smsgw.storage.blocklist import Entry, block_numbers, blocks_of

__all__ = ["configure", "read_numbers", "run"]

_CHINA = timezone(timedelta(hours=8))
_COLUMNS = ("手机号", "手机", "电话", "号码", "phone", "mobile", "number")
_SCOPES = ("account", "department", "category")


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)
    parser.add_argument("what", choices=("add", "lift", "look", "import"))
    parser.add_argument("numbers", nargs="+", help="numbers, or a CSV file to import")
    parser.add_argument(
        "--scope", default=ALL, help="all, account:ID, department:ID or category:NAME"
    )
    parser.add_argument("--until", default="", help="last day, yyyy-mm-dd")
    parser.add_argument("--reason", default="", help="why, for the change log")


def run(arguments: argparse.Namespace) -> int:
    """
    A running gateway acts on the change within a second, on what waits as well.
    """
    settings = load(arguments.config)
    fields = fields_of(settings)
    if arguments.what == "look":
        wanted = [normalise(one) for one in arguments.numbers]
    else:
        blocks = _blocks(arguments)
    now, who = time.time(), getpass.getuser()

    async def work(_: object) -> Any:
        database = await open_record(settings)
        try:
            if arguments.what == "look":
                return [
                    await database.read(blocks_of, fields, number) for number in wanted
                ]
            return await database.write(
                block_numbers, fields, blocks, arguments.reason, who, now
            )
        finally:
            database.close()

    told = in_reactor(work)
    if arguments.what != "look":
        print(
            f"{told} changed 变更 {told} 个号码" if told else "nothing to change 无变化"
        )
        return 0
    for number, entries in zip(wanted, told, strict=True):
        for line in _lines(number, entries, now):
            print(line)
    return 0


def _blocks(arguments: argparse.Namespace) -> list[Block]:
    kind, _, name = arguments.scope.partition(":")
    if arguments.scope != ALL and not (kind in _SCOPES and name):
        raise Refused(2002, "all, account:ID, department:ID, category:NAME", "--scope")
    source = "import" if arguments.what == "import" else "operator"
    if arguments.what == "import":
        numbers = [
            one for path in arguments.numbers for one in read_numbers(Path(path))
        ]
    else:
        numbers = [normalise(one) for one in arguments.numbers]
    until, active = _end_of(arguments.until), arguments.what != "lift"
    return [Block(one, arguments.scope, until, source, active) for one in numbers]


def _end_of(day: str) -> float:
    if not day:
        return 0.0
    try:
        start = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=_CHINA)
    except ValueError:
        raise Refused(2011, f"{day}: yyyy-mm-dd", "--until") from None
    return (start + timedelta(days=1)).astimezone(UTC).timestamp()


def read_numbers(path: Path) -> list[str]:
    """
    The numbers of a CSV file, UTF-8 or GB18030: the column named as one, else the
    first. L{ConfigError} lists every line that has none; then nothing is taken.
    """
    octets = path.read_bytes()
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = octets.decode("gb18030", "replace")
    reader = csv.reader(io.StringIO(text, newline=""))
    cells = list(_cells(reader))
    numbers = normalise_many([cell for _, cell in cells])
    mistakes = [
        f"line {line}: {mask(cell)}: {REASONS[reason_of(cell)]}"
        for (line, cell), number in zip(cells, numbers, strict=True)
        if not number
    ]
    if mistakes:
        raise ConfigError(path, mistakes)
    return [number for number in numbers if number]


def _cells(reader: Any) -> Iterator[tuple[int, str]]:
    """
    (line, what should be a number), without heading and empty lines.
    """
    column = 0
    for position, row in enumerate(reader):
        heads = [cell.strip().casefold() for cell in row]
        if not any(heads):
            continue
        named = [index for index, head in enumerate(heads) if head in _COLUMNS]
        if position == 0 and named:
            column = named[0]
            continue
        yield reader.line_num, row[column].strip() if column < len(row) else ""


def _lines(number: str, entries: list[Entry], now: float) -> Iterator[str]:
    if not entries:
        yield f"{mask(number)}  not blocked 未拉黑"
    for entry in entries:
        block = entry.block
        over = not block.active or 0 < block.until <= now
        state = "lifted 已解除" if over else "blocked 已拉黑"
        until = _day(block.until - 1) if block.until else "for ever 永久"
        yield (
            f"{mask(number)}  {state}  {block.scope}  {until}  {block.source}"
            f"  {entry.who} {_day(entry.at)}  {entry.reason}"
        ).rstrip()


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, _CHINA).strftime("%Y-%m-%d")
