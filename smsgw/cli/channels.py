"""
C{smsgw channels}: how channels are, why they switched, and switching them by hand.
"""

import argparse
import getpass
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from smsgw.cli.stores import add_config, in_reactor, open_record
from smsgw.config import load
from smsgw.directory import Channel
from smsgw.errors import Refused
from smsgw.storage.channel_orders import (
    Decided,
    Order,
    channel_orders_of,
    decisions_of,
    order_channel,
)
from smsgw.storage.database import Database
from smsgw.storage.directory_store import load_directory

__all__ = ["configure", "run"]

_CHINA = timezone(timedelta(hours=8))
_ORDERS = {"pause": "paused", "drain": "draining", "trip": "tripped", "resume": ""}
_WORDS = {
    "well": "正常",
    "tripped": "已切除",
    "canary": "试探",
    "paused": "已暂停",
    "draining": "排空",
}
_NEWEST = 1000


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)
    parser.add_argument("what", choices=("list", "log", *_ORDERS))
    parser.add_argument("names", nargs="*", help="channels; none lists all")
    parser.add_argument("--reason", default="", help="why, for the log")
    parser.add_argument("--most", type=int, default=50, help="lines of the log")


def run(arguments: argparse.Namespace) -> int:
    """
    A running gateway acts on an order within two seconds.
    """
    what, names, reason = arguments.what, arguments.names, arguments.reason
    if what in _ORDERS and not names:
        print("which channel? 请指定通道", file=sys.stderr)
        return 2
    if what in _ORDERS and what != "resume" and not reason:
        print("--reason: why? 请说明原因", file=sys.stderr)
        return 2
    settings = load(arguments.config)

    async def work(_: object) -> list[str]:
        database = await open_record(settings)
        try:
            channels = (await database.read(load_directory)).channels
            for name in names:
                if name not in channels:
                    raise Refused(7404, name[:64], "channel")
            if what == "list":
                return await _listed(database, channels, names or sorted(channels))
            if what == "log":
                found = await database.read(decisions_of, names, arguments.most)
                return [_logged(one) for one in found]
            return [await _ordered(database, name, what, reason) for name in names]
        finally:
            database.close()

    lines: Any = in_reactor(work)
    print("\n".join(lines) or "nothing 没有记录")
    return 0


async def _ordered(database: Database, name: str, what: str, reason: str) -> str:
    state, who = _ORDERS[what], getpass.getuser()
    changed = await database.write(order_channel, name, state, reason, who, time.time())
    words = _words(state or "well") if changed else "无变化 as it was"
    return f"{name}  {words}"


async def _listed(
    database: Database, channels: Mapping[str, Channel], names: Sequence[str]
) -> list[str]:
    """
    Each channel's order, and what each node thought of it last.
    """
    orders = await database.read(channel_orders_of)
    newest: dict[tuple[str, str], Decided] = {}
    for one in await database.read(decisions_of, [], _NEWEST):
        newest.setdefault((one.channel, one.node), one)
    return [
        _line(
            channels[name],
            orders.get(name),
            [one for (channel, _), one in newest.items() if channel == name],
        )
        for name in names
    ]


def _line(channel: Channel, order: Order | None, decided: list[Decided]) -> str:
    parts = [channel.id, channel.protocol]
    if not channel.active:
        parts.append("off 停用")
    if order is not None and order.state in ("paused", "draining"):
        parts.append(f"{_words(order.state)} by {order.who}: {order.reason}")
    for one in decided:
        parts.append(f"{one.node}: {_words(one.after)} {_time(one.at)} {one.why}")
    if not decided:
        parts.append(_words("well"))
    return "  ".join(parts)


def _logged(one: Decided) -> str:
    return (
        f"{_time(one.at)}  {one.channel}  {one.node}  "
        f"{_words(one.before)} -> {_words(one.after)}  {one.who}  {one.why}"
    )


def _words(state: str) -> str:
    return f"{state} {_WORDS.get(state, '')}".rstrip()


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, _CHINA).strftime("%Y-%m-%d %H:%M:%S")
