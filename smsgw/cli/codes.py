"""
C{smsgw codes}: what carriers' codes mean, whose fault they are, what to do; which
ones nobody knows, and what they mean on a channel.
"""

import argparse
import getpass
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta, timezone

from smsgw.cli.stores import add_config, in_reactor, open_record
from smsgw.config import load
from smsgw.directory import Channel
from smsgw.errors import Refused
from smsgw.protocols.codes import CLASSES
from smsgw.rules.blame import WORDS
from smsgw.rules.encyclopaedia import (
    PROTOCOLS,
    Encyclopaedia,
    Entry,
    Override,
    chapters,
)
from smsgw.storage.codes import (
    Seen,
    overrides_of,
    remove_override,
    set_override,
    unknown_codes,
)
from smsgw.storage.database import Database
from smsgw.storage.directory_store import load_directory

__all__ = ["configure", "run"]

Lines = list[str]
_CHINA = timezone(timedelta(hours=8))
_UNTOLD = "no such code 没有此状态码"
_NONE = "every code is known 没有未知状态码"
_KINDS = ((False, "提交应答 answer to a submit"), (True, "状态报告 receipt"))


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)
    parser.add_argument("code", nargs="?", default="", help="such as 9 or MK:0012")
    parser.add_argument("--protocol", choices=PROTOCOLS, help="only this one's 协议")
    parser.add_argument("--channel", default="", help="as it is on a channel 通道")
    parser.add_argument(
        "--unknown", action="store_true", help="what came and nobody knows 未知状态码"
    )
    parser.add_argument(
        "--class",
        dest="class_",
        choices=list(CLASSES),
        metavar="CLASS",
        help=f"from now on the code means this on the channel: {', '.join(CLASSES)}",
    )
    parser.add_argument("--zh", default="", help="its words in Chinese")
    parser.add_argument("--en", default="", help="its words in English")
    parser.add_argument(
        "--forget", action="store_true", help="the tables' meaning again 恢复默认"
    )


def run(arguments: argparse.Namespace) -> int:
    """
    The record is only opened for what is in it; status 1 for an unknown code.
    """
    if arguments.channel or arguments.unknown:
        lines = _of_record(arguments)
    elif arguments.class_ or arguments.forget:
        raise Refused(2003, "only on a channel 须指定通道", "channel")
    else:
        lines = _of_tables(arguments.code.strip(), arguments.protocol)
    print("\n".join(lines) or _UNTOLD)
    return 0 if lines else 1


def _of_tables(code: str, protocol: str | None) -> Lines:
    protocols = (protocol,) if protocol else PROTOCOLS
    if not code:
        return [line for one in protocols for line in _chapters(one)]
    channels = {
        one: Channel(one, one, "", one, "", login="", secret="") for one in protocols
    }
    book = Encyclopaedia.of(channels)
    return [line for one in protocols for line in _cards(book, one, one, code)]


def _of_record(arguments: argparse.Namespace) -> Lines:
    settings = load(arguments.config)
    work = _work(arguments)

    async def whole(_: object) -> Lines:
        database = await open_record(settings)
        try:
            return await work(database)
        finally:
            database.close()

    return in_reactor(whole)


def _work(arguments: argparse.Namespace) -> Callable[[Database], Awaitable[Lines]]:
    channel, code = arguments.channel, arguments.code.strip()
    who, now = getpass.getuser(), time.time()

    async def unknown(database: Database) -> Lines:
        return [*map(_seen, await database.read(unknown_codes, channel))] or [_NONE]

    async def look(database: Database) -> Lines:
        found = (await database.read(load_directory)).channels.get(channel)
        if found is None:
            raise Refused(7404, channel[:64], "channel")
        if arguments.class_:
            override = Override(
                channel, code, arguments.class_, arguments.zh, arguments.en
            )
            await database.write(set_override, override, who, now)
        elif arguments.forget:
            await database.write(remove_override, channel, code, who, now)
        overrides, _ = await database.read(overrides_of)
        book = Encyclopaedia.of({channel: found}, overrides)
        return list(_on_channel(book, found, code))

    return unknown if arguments.unknown else look


def _on_channel(book: Encyclopaedia, channel: Channel, code: str) -> Iterator[str]:
    title = f"{channel.id} ({channel.protocol})"
    if code:
        yield from _cards(book, channel.id, title, code)
        return
    for name, own in sorted(book.overrides):
        if name == channel.id:
            yield _row(own, book.entry(name, own, receipt=True))
    if channel.protocol in PROTOCOLS:
        yield from _chapters(channel.protocol)


def _chapters(protocol: str) -> Iterator[str]:
    for name, rows in chapters(protocol).items():
        yield f"# {protocol} {name}"
        for key, entry in rows.items():
            yield _row(key, entry)


def _row(key: str, entry: Entry) -> str:
    who = WORDS[entry.responsible][0] if entry.responsible else "-"
    return f"{key:<12} {entry.zh} {entry.en}  [{entry.class_.name}]  {who}"


def _cards(book: Encyclopaedia, channel: str, title: str, code: str) -> Iterator[str]:
    """
    All there is to say, where it is known; an answer's code may be a receipt's.
    """
    for receipt, kind in _KINDS:
        entry = book.entry(channel, code, receipt)
        if entry.known:
            yield f"{title}  {kind}  {entry.code}"
            yield from _card(entry)


def _card(entry: Entry) -> Iterator[str]:
    class_, zh_en = entry.class_, " ".join(entry.advice)
    who = " ".join(WORDS[entry.responsible]) if entry.responsible else "-"
    own = "  (通道自定义 set for this channel)" if entry.overridden else ""
    yield f"  含义 meaning      {entry.zh} {entry.en}{own}"
    yield f"  类别 class        {class_.zh} {class_.en} [{class_.name}]"
    yield f"  责任 responsible  {who}"
    yield f"  成功率 counts     {'计入 yes' if entry.counts else '不计入 no'}"
    yield f"  重发 retry        {zh_en}"


def _seen(seen: Seen) -> str:
    first, last = (
        datetime.fromtimestamp(at, _CHINA).strftime("%Y-%m-%d %H:%M:%S")
        for at in (seen.first, seen.last)
    )
    return (
        f"{seen.channel}  {seen.code}  {seen.kind}  {seen.count} 次 times  "
        f"{first} - {last}"
    )
