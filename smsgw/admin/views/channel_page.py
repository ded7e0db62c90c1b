"""
One channel: its connections as they are now, why it switched, how it has been.
"""

from collections.abc import Mapping

import attrs

from smsgw.admin.page import Page, Reply, Route, Visit
from smsgw.admin.status import ChannelState
from smsgw.admin.views.channel_course import course
from smsgw.admin.views.network import STATES
from smsgw.channels.seats import Line
from smsgw.channels.troubles import REASONS, login_words
from smsgw.storage.channel_orders import channel_orders_of, decisions_of

__all__ = ["ROUTES", "LineShown", "shown"]

LINES = 20
_WORDS: Mapping[str, tuple[str, str, str]] = {
    "connecting": ("wait", "正在连接", "connecting"),
    "login": ("wait", "已连上，等登录应答", "connected, waits for its login"),
    "bound": ("good", "已登录", "logged in"),
    "draining": ("wait", "收尾中，不再发新的", "leaving, sends nothing new"),
    "waiting": ("bad", "等待下一次重连", "waits for its next try"),
}


@attrs.frozen
class LineShown:
    """
    A connection in words: C{kind} is good, wait or bad; C{left} are the seconds until
    its next try; C{trouble} and C{advice} are '' if nothing ever went wrong.
    """

    line: Line
    kind: str
    state: str
    lasting: float
    left: int = 0
    trouble: str = ""
    detail: str = ""
    advice: str = ""


def shown(visit: Visit, line: Line, protocol: str) -> LineShown:
    """
    In the visitor's language.
    """
    kind, *words = _WORDS.get(line.state, ("wait", line.state, line.state))
    lasting = max(0.0, visit.now - line.since) if line.since else 0.0
    left = max(0, round(line.retry_at - visit.now))
    told = LineShown(line, kind, visit.say(words[0], words[1]), lasting, left)
    if not line.trouble:
        return told
    what, advice = REASONS.get(line.trouble, REASONS["lost"])
    detail = login_words(protocol, line.code) if line.code else ("", "")
    return attrs.evolve(
        told,
        trouble=visit.say(*what),
        detail=visit.say(*detail),
        advice=visit.say(*advice),
    )


async def show(visit: Visit) -> Reply:
    """
    The page of a channel that is in the directory; its living part alone where no
    more is asked.
    """
    whole = visit.query.get("part") != "lines"
    name = visit.path["channel"]
    channel = visit.desk.directory.channels.get(name)
    if channel is None:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    await visit.desk.look()
    states = [one for one in visit.desk.pulse.channels if one.id == name]
    lines = await visit.desk.read_lines(name)
    return Page(
        "network/channel.html",
        {
            "channel": channel,
            "state": states[0] if states else _unknown(visit, name),
            "lines": [shown(visit, line, channel.protocol) for line in lines],
            "order": (await visit.desk.read(channel_orders_of)).get(name),
            "log": await visit.desk.read(decisions_of, (name,), LINES) if whole else [],
            "states": {key: visit.say(*told) for key, told in STATES.items()},
            "traces": visit.may("raw") and visit.accounts is None,
            "course": await course(visit, name) if whole else None,
        },
    )


def _unknown(visit: Visit, name: str) -> ChannelState:
    one = visit.desk.directory.channels[name]
    return ChannelState(
        name, one.name, one.carrier, one.protocol, one.active, 0, one.connections, 0, 0
    )


ROUTES = (Route("/monitor/<channel>", show, "channels"),)
