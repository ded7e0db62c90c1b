"""
The network: channels live and switched by hand, and what carriers' codes mean.
"""

from urllib.parse import quote

from smsgw.admin.page import Menu, Moved, Page, Reply, Route, Visit
from smsgw.errors import Refused
from smsgw.protocols.codes import CLASSES
from smsgw.rules.blame import WORDS as BLAME
from smsgw.rules.encyclopaedia import PROTOCOLS, Override, chapters
from smsgw.storage.channel_orders import (
    channel_orders_of,
    decisions_of,
    order_channel,
)
from smsgw.storage.codes import remove_override, set_override, unknown_codes

__all__ = ["ROUTES", "STATES"]

BAD, LINES = 2001, 60
_ORDERS = {"pause": "paused", "drain": "draining", "trip": "tripped", "resume": ""}
STATES = {
    "well": ("正常", "well"),
    "tripped": ("已切除", "tripped"),
    "canary": ("试探中", "canary"),
    "paused": ("已暂停", "paused"),
    "draining": ("排空中", "draining"),
}


async def monitor(visit: Visit) -> Reply:
    """
    Channels as they are now, orders that hold, and why they switched.
    """
    await visit.desk.look()
    return Page(
        "network/monitor.html",
        {
            "channels": visit.desk.pulse.channels,
            "orders": await visit.desk.read(channel_orders_of),
            "log": await visit.desk.read(decisions_of, (), LINES),
            "states": {name: visit.say(*told) for name, told in STATES.items()},
        },
    )


async def order(visit: Visit) -> Reply:
    """
    Pause, drain, trip or resume, with a reason.
    """
    name, what = visit.path["channel"], visit.form.get("what", "")
    reason = visit.form.get("reason", "").strip()
    if name not in visit.desk.directory.channels or what not in _ORDERS:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    if what != "resume" and not reason:
        raise Refused(BAD, "请写明原因，它会进入日志 / say why, for the log", "reason")
    state = _ORDERS[what]
    await visit.desk.write(order_channel, name, state, reason, visit.who, visit.now)
    told = visit.say("已下达，两秒内生效。", "Ordered; it acts within two seconds.")
    back = f"/monitor/{quote(name)}" if visit.form.get("from") == "page" else "/monitor"
    return Moved(back, told)


async def codes(visit: Visit) -> Reply:
    """
    The encyclopaedia of a protocol, the overrides, and codes that nobody knows.
    """
    asked = visit.query.get("protocol", "cmpp")
    protocol = asked if asked in PROTOCOLS else "cmpp"
    wanted = visit.query.get("q", "").strip().lower()
    told = {
        chapter: [
            (key, entry)
            for key, entry in rows.items()
            if wanted in f"{key} {entry.zh} {entry.en}".lower()
        ]
        for chapter, rows in chapters(protocol).items()
    }
    overrides = visit.desk.gateway.book.codes.overrides
    return Page(
        "network/codes.html",
        {
            "protocol": protocol,
            "protocols": PROTOCOLS,
            "chapters": {name: rows for name, rows in told.items() if rows},
            "q": visit.query.get("q", ""),
            "blame": BLAME,
            "unknown": await visit.desk.read(unknown_codes),
            "overrides": sorted(overrides.values(), key=lambda one: one.channel),
            "classes": tuple(CLASSES),
            "channels": visit.desk.directory.channels,
            "asked": visit.query,
        },
    )


async def override(visit: Visit) -> Reply:
    """
    What a code means on one channel, or the tables' meaning again.
    """
    form = visit.form
    channel, code = form.get("channel", ""), form.get("code", "").strip()
    if channel not in visit.desk.directory.channels:
        raise Refused(BAD, "请选择通道 / choose a channel", "channel")
    if form.get("what") == "remove":
        await visit.desk.write(remove_override, channel, code, visit.who, visit.now)
    else:
        words = form.get("zh", "").strip(), form.get("en", "").strip()
        one = Override(channel, code, form.get("class", ""), *words)
        await visit.desk.write(set_override, one, visit.who, visit.now)
    told = visit.say("已保存，一秒内生效。", "Saved; it acts within a second.")
    return Moved("/codes", told)


ROUTES = (
    Route(
        "/monitor", monitor, "channels",
        menu=Menu("network", "activity", "通道监控", "Channel monitor"),
    ),
    Route("/monitor/<channel>", order, "channels", "POST"),
    Route(
        "/codes", codes, "channels",
        menu=Menu("network", "book-2", "状态码百科", "Carrier codes"),
    ),
    Route("/codes", override, "channels", "POST"),
)  # fmt: skip
