"""
Sendings under way: how far they are, paused, going on, taken back, tried and gone on
with.
"""

from collections.abc import Mapping

import attrs

from smsgw.admin.page import Menu, Moved, Page, Reply, Route, Visit
from smsgw.admin.reasons import refusal
from smsgw.admin.sending import drop_rest, send_rest
from smsgw.errors import Refused
from smsgw.ids import milliseconds_of
from smsgw.message import FINAL
from smsgw.rules.hours import opens_at
from smsgw.storage.batch_control import StoreBatches
from smsgw.storage.sendings import (
    Sending,
    batch_owner,
    categories_of,
    find_sendings,
    sending_of,
    sending_progress,
)
from smsgw.views import Progress

__all__ = ["ROUTES", "Standing", "standing_of"]

_PATH = "/batches"
_PAGE = 20
_STATES = {"pause": "paused", "resume": "running", "cancel": "canceled"}
#: How a bar shows states, in this order.
_SHADES: Mapping[str, tuple[str, ...]] = {
    "good": ("delivered",),
    "info": ("submitted", "submitting"),
    "wait": ("accepted", "queued", "scheduled", "held"),
    "bad": ("undelivered", "rejected", "expired", "unknown"),
    "off": ("canceled",),
}


@attrs.frozen
class Standing:
    """
    How far a sending is; C{parts} of its bar are (shade, state, messages), what the
    record does not have yet is C{accepted}.
    """

    sending: Sending
    state: str
    parts: list[tuple[str, str, int]]
    total: int
    ended: int
    segments: int

    @property
    def done(self) -> bool:
        """
        Nothing will change any more.
        """
        return self.ended >= self.total and not self.sending.rest

    def of(self, *states: str) -> int:
        """
        How many are in these states.
        """
        return sum(number for _, state, number in self.parts if state in states)


def standing_of(sending: Sending, progress: Progress) -> Standing:
    """
    What the record knows, and what it is about to learn.
    """
    states = dict(progress.states)
    known = sum(states.values())
    total = max(sending.accepted, known)
    if known < total:
        states["accepted"] = states.get("accepted", 0) + total - known
    parts = [
        (shade, state, states[state])
        for shade, named in _SHADES.items()
        for state in named
        if states.get(state)
    ]
    ended = sum(number for state, number in states.items() if state in FINAL)
    segments = max(progress.segments, sending.segments)
    return Standing(sending, progress.state, parts, total, ended, segments)


async def _standing(visit: Visit, sending: Sending) -> Standing:
    progress = await visit.desk.read(sending_progress, sending.account, sending.batches)
    return standing_of(sending, progress)


async def show(visit: Visit) -> Reply:
    """
    The newest, by pages.
    """
    desk, after = visit.desk, visit.query.get("after", "")[:80]
    found, following = await desk.read(
        find_sendings, desk.fields, visit.accounts, visit.who, after, _PAGE
    )
    people = desk.directory.people
    values = {
        "rows": [await _standing(visit, one) for one in found],
        "next": f"{_PATH}?after={following}" if following else "",
        "first": bool(after),
        "names": {name: one.name for name, one in people.items()},
        "accounts": {name: one.name for name, one in desk.directory.accounts.items()},
    }
    return Page("batches/list.html", values)


async def _find(visit: Visit) -> Sending | None:
    """
    A sending, or a single batch that came by any door; of the visitor's data only.
    """
    name, desk = visit.path["name"], visit.desk
    found = await desk.read(sending_of, desk.fields, name)
    if found is None:
        account, at = await desk.read(batch_owner, name[:13])
        if not account or len(name) != 13:
            return None
        found = Sending(name, account, "", batches=(name,), at=at, send_at=at)
    mine = visit.accounts is None or found.account in visit.accounts
    return found if mine or found.maker == visit.who else None


async def one(visit: Visit) -> Reply:
    """
    One of them; the page comes anew by itself until all have ended.
    """
    sending = await _find(visit)
    if sending is None:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    standing, desk = await _standing(visit, sending), visit.desk
    person = desk.directory.people.get(sending.maker)
    account = desk.directory.accounts.get(sending.account)
    rest = sending.rest if visit.now < sending.rest_until else 0
    values = {
        "one": standing,
        "sending": sending,
        "maker": person.name if person else sending.maker,
        "account": account.name if account else sending.account,
        "rest": rest,
        "lapsed": sending.rest - rest,
        "mine": sending.maker == visit.who,
        "opens_at": await _opens_at(visit, standing),
        "live": not standing.done and visit.now < sending.ends_at + 7 * 86_400,
        "started": milliseconds_of(sending.batches[0]) / 1000
        if sending.batches
        else sending.at,
    }
    return Page("batches/one.html", values)


async def _opens_at(visit: Visit, standing: Standing) -> float:
    """
    When the rules let more of it go; 0 for now, or when nothing waits.
    """
    if standing.done or not standing.of("accepted", "queued"):
        return 0.0
    sending, book = standing.sending, visit.desk.gateway.book
    found = [
        opens_at(book.windows_for(sending.account, one), visit.now)
        for one in await visit.desk.read(categories_of, sending.batches)
    ]
    at = min(found, default=0.0)
    return at if at > max(visit.now, sending.send_at) else 0.0


async def steer(visit: Visit) -> Reply:
    """
    From now on what no channel has taken waits, goes on, or ends as canceled.
    """
    sending = await _find(visit)
    if sending is None:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    where, do = f"{_PATH}/{sending.id}", visit.form.get("do", "")
    state = _STATES.get(do)
    if state is None:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    control, troubles = StoreBatches(visit.desk.database), list[Refused]()
    for batch in sending.batches:
        try:
            await control.steer(sending.account, batch, state, visit.who, visit.now)
        except Refused as refused:
            troubles.append(refused)
    if do == "cancel" and sending.rest:
        await drop_rest(visit, sending)
    if troubles:
        return Moved(where, _why_not(visit, troubles[0]), "warning")
    told = {
        "pause": ("已暂停，一秒内生效。", "Paused; it acts within a second."),
        "resume": ("继续发送。", "It goes on."),
        "cancel": (
            "已撤回：还没有提交给运营商的不再发送。",
            "Taken back: what no carrier has got is not sent any more.",
        ),
    }
    return Moved(where, visit.say(*told[do]))


def _why_not(visit: Visit, refused: Refused) -> str:
    if refused.code == 7404:
        return visit.say(
            "刚刚受理，还在登记，请过两秒再点一次。",
            "It has only just been accepted; please try again in two seconds.",
        )
    return refusal(visit, refused)


async def rest(visit: Visit) -> Reply:
    """
    After a trial: the others too, or not.
    """
    sending = await _find(visit)
    if sending is None or sending.maker != visit.who or not sending.rest:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    where = f"{_PATH}/{sending.id}"
    if visit.form.get("do") == "drop":
        await drop_rest(visit, sending)
        return Moved(where, visit.say("其余的不发送。", "The rest is not sent."))
    try:
        told, kind = await send_rest(visit, sending)
    except Refused as refused:
        return Moved(where, refusal(visit, refused), "danger")
    return Moved(where, told, kind)


ROUTES = (
    Route(_PATH, show, "send", menu=Menu("work", "stack-2", "发送记录", "Sendings")),
    Route("/batches/<name>", one, "send"),
    Route("/batches/<name>/steer", steer, "send", "POST"),
    Route("/batches/<name>/rest", rest, "send", "POST"),
)
