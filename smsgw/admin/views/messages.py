"""
Messages: found by any field, followed step by step, stopped, sent again.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from smsgw.admin.frame import HERE
from smsgw.admin.page import File, Menu, Moved, Page, Reply, Route, Visit
from smsgw.admin.steps import kind_of, timed, words_of
from smsgw.admin.tables import csv_file
from smsgw.channels.replay import submits_of
from smsgw.errors import Refused
from smsgw.message import FINAL, Item, Submission
from smsgw.numbering import normalise
from smsgw.rules.blame import WORDS as BLAME
from smsgw.rules.bookings import Booking, bookings_of
from smsgw.rules.classify import CATEGORIES
from smsgw.security.links import make_link
from smsgw.storage.acknowledgements import acknowledged
from smsgw.storage.finding import FAILED, Wanted, failures
from smsgw.storage.telling import tellings_of
from smsgw.views import MessageView, Step

__all__ = ["ROUTES", "code_words", "wanted_of"]

PAGE, MOST = 50, 20_000
STATES = (
    "accepted", "scheduled", "held", "queued", "submitting", "submitted",
    "delivered", "undelivered", "rejected", "expired", "unknown", "canceled",
)  # fmt: skip
_MESSAGE = re.compile(r"[0-9A-Z]{13}")
_NUMBER = re.compile(r"\+?[0-9]{5,15}")


def wanted_of(visit: Visit) -> Wanted:
    """
    The filter in the query; without days it is the last seven.
    """
    query = visit.query
    until = _day(query.get("until", ""))
    since = _day(query.get("since", ""))
    number, ref = query.get("to", "").strip(), query.get("ref", "").strip()
    if not since and not number and not ref and not query.get("batch"):
        since = visit.now - 7 * 86_400
    state = query.get("state", "")
    return Wanted(
        visit.desk.fields.index("phone", normalise(number)) if number else "",
        query.get("batch", "").strip(),
        query.get("account", ""),
        query.get("category", ""),
        FAILED if state == "failed" else (state,) if state else (),
        query.get("channel", ""),
        query.get("code", "").strip(),
        ref,
        since,
        until + 86_400 if until else 0.0,
    )


def _day(text: str) -> float:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=HERE).timestamp()
    except ValueError:
        return 0.0


async def show(visit: Visit) -> Reply:
    """
    The list with its filters.
    """
    wanted, before = wanted_of(visit), visit.query.get("before", "")
    found, more = await visit.desk.reader.find(wanted, visit.accounts, before, PAGE)
    return Page(
        "messages/list.html",
        {
            "found": found,
            "more": more,
            "states": STATES,
            "categories": tuple(CATEGORIES),
            "accounts": _accounts(visit),
            "words_of": lambda one: code_words(visit, one),
            "kind_of": kind_of,
            "query": visit.query,
            "today": _today(visit.now),
        },
    )


def _accounts(visit: Visit) -> list[Any]:
    known = visit.desk.directory.accounts.values()
    seen = visit.accounts
    return [one for one in known if seen is None or one.id in seen]


def _today(now: float) -> str:
    return datetime.fromtimestamp(now, HERE).strftime("%Y-%m-%d")


def code_words(visit: Visit, one: MessageView) -> tuple[str, str]:
    """
    What its code means, and whose it is; empty for none.
    """
    if not one.code or one.code == "DELIVRD":
        return "", ""
    entry = visit.desk.gateway.book.codes.entry(one.channel, one.code, receipt=True)
    blame = visit.say(*BLAME[entry.responsible]) if entry.responsible else ""
    return visit.say(entry.zh, entry.en), blame


async def export(visit: Visit) -> Reply:
    """
    What the filter finds, as a file for a table program.
    """
    rows: list[Sequence[object]] = [
        ["id", "time", "to", "account", "category", "state", "channel", "code",
         "segments", "text"]
    ]  # fmt: skip
    before, whole = "", visit.may("phones")
    while len(rows) < MOST:
        found, before = await visit.desk.reader.find(
            wanted_of(visit), visit.accounts, before, 1000
        )
        for one in found:
            at = datetime.fromtimestamp(one.accepted_at, HERE).isoformat(" ", "seconds")
            to = one.to if whole else f"{one.to[:3]}****{one.to[-4:]}"
            rows.append(
                [one.id, at, to, one.account, one.category, one.state, one.channel,
                 one.code, one.segments, one.text if whole else ""]
            )  # fmt: skip
        if not before:
            break
    return File(f"messages-{_today(visit.now)}.csv", "text/csv", csv_file(rows))


async def one(visit: Visit) -> Reply:
    """
    A message with its whole history.
    """
    found = await _find(visit, visit.path["message"])
    if found is None:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    steps = await visit.desk.reader.timeline(found.account, found.id)
    directory = visit.desk.directory
    channel = directory.channels.get(found.channel)
    hooks = [one for one in directory.webhooks.values() if one.account == found.account]
    names = tuple(one.id for one in hooks if one.active)
    return Page(
        "messages/one.html",
        {
            "frames": submits_of(channel, found)
            if channel and _sees_raw(visit)
            else [],
            "tellings": await visit.desk.read(tellings_of, found.id, names),
            "bookings": _bookings(visit, found, steps),
            "booking_words": _BOOKINGS,
            "one": found,
            "steps": timed(steps),
            "words": code_words(visit, found),
            "kind": kind_of(found.state),
            "account": directory.accounts.get(found.account),
            "channel": channel,
            "step_words": lambda step: visit.say(*words_of(step)),
            "ended": found.state in FINAL,
            "link": make_link(visit.desk.fields, found.id, visit.now),
            "seen": await visit.desk.read(acknowledged, found.id),
        },
    )


def _sees_raw(visit: Visit) -> bool:
    """
    Raw PDUs show number and text, too.
    """
    return visit.may("raw") and visit.may("phones")


_BOOKINGS = {
    "reserved": ("预留", "reserved"),
    "charged": ("扣费", "charged"),
    "released": ("退回", "given back"),
}


def _bookings(visit: Visit, found: MessageView, steps: Sequence[Step]) -> list[Booking]:
    """
    What it does to its account's money, at the prices of now. It was charged when it
    first ended; what a late receipt says changes nothing of that.
    """
    book = visit.desk.gateway.book
    account = book.directory.accounts.get(found.account)
    if account is None or account.billing == "none":
        return []
    carrier, kind = book.lists.numbers.carrier_of(found.to), found.category
    most = book.prices.most(account.id, carrier, kind)
    price = book.prices.price(account.id, found.channel, carrier, kind)
    final = next((step for step in steps if step.kind == "final"), None)
    return bookings_of(
        final.state if final else found.state,
        found.accepted_at,
        final.at if final else 0.0,
        most * found.segments,
        price * found.segments,
    )


async def _find(visit: Visit, message_id: str) -> MessageView | None:
    owner = await visit.desk.reader.owner(message_id)
    seen = visit.accounts
    if not owner or (seen is not None and owner not in seen):
        return None
    return await visit.desk.reader.message(owner, message_id)


async def cancel(visit: Visit) -> Reply:
    """
    Stop it, if it has not gone.
    """
    found = await _find(visit, visit.path["message"])
    account = visit.desk.directory.accounts.get(found.account) if found else None
    if found is None or account is None:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    told = await visit.desk.gateway.cancel(account, [found.id], visit.now)
    words = {
        "stopped": ("已撤回，不会发出。", "Stopped; it is not sent."),
        "pending": ("正在撤回，结果会写入时间线。", "Being stopped; see the timeline."),
        "too_late": ("已经发出，无法撤回。", "Too late: it has gone."),
    }[told[0][1]]
    kind = "warning" if told[0][1] == "too_late" else "success"
    return Moved(f"/messages/{found.id}", visit.say(*words), kind)


async def resend(visit: Visit) -> Reply:
    """
    The same text to the same number, as a new message.
    """
    found = await _find(visit, visit.path["message"])
    account = visit.desk.directory.accounts.get(found.account) if found else None
    if found is None or account is None:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    if not found.to or not found.text:
        raise Refused(2001, "原号码或内容没有保存 / number or text was not kept")
    submission = Submission(
        [Item(found.to)],
        found.text,
        found.category,
        found.signature or None,
        idempotency_key=f"console|resend|{found.id}|{visit.form.get('once', '')[:40]}",
        body_hash=b"resend",
        maker=visit.who,
        biz={"resend_of": found.id},
    )
    answer = await visit.desk.gateway.accept(account, submission, visit.now)
    item = answer.items[0]
    if not item.id:
        raise Refused(item.code, item.detail, item.field)
    told = visit.say(
        f"已作为新短信 {item.id} 重新提交。",
        f"Submitted again as a new message {item.id}.",
    )
    return Moved(f"/messages/{found.id}", told)  # the new one is in the record soon


async def failed(visit: Visit) -> Reply:
    """
    What failed, by code in words, and whose it is.
    """
    wanted = wanted_of(visit)
    rows = await visit.desk.read(failures, wanted, visit.accounts)
    codes = visit.desk.gateway.book.codes
    told = [(row, codes.entry(row.channel, row.code, receipt=True)) for row in rows]
    blame: dict[str, int] = {}
    for row, entry in told:
        name = visit.say(*BLAME[entry.responsible or "unknown"])
        blame[name] = blame.get(name, 0) + row.messages
    chart = {
        "tooltip": {"trigger": "item", "renderMode": "richText"},
        "series": [
            {
                "type": "pie",
                "radius": ["45%", "72%"],
                "data": [{"name": name, "value": n} for name, n in blame.items()],
            }
        ],
    }
    values = {
        "rows": told,
        "blame": blame,
        "chart": chart,
        "blame_words": BLAME,
        "query": visit.query,
        "accounts": _accounts(visit),
        "total": sum(blame.values()),
    }
    return Page("messages/failed.html", values)


async def find(visit: Visit) -> Reply:
    """
    The search of the head line: a message id, a number, or somebody's name.
    """
    asked = visit.query.get("q", "").strip()
    is_id = _MESSAGE.fullmatch(asked.upper())
    if is_id and await _find(visit, asked.upper()) is not None:
        return Moved(f"/messages/{asked.upper()}")
    if _NUMBER.fullmatch(asked.replace(" ", "")):
        return Moved(f"/messages?to={asked.replace(' ', '')}")
    directory, low = visit.desk.directory, asked.lower()
    groups: list[tuple[str, Iterable[Any], str]] = [
        ("people", directory.people.values(), "organisation"),
        ("accounts", directory.accounts.values(), "organisation"),
        ("channels", directory.channels.values(), "channels"),
        ("templates", directory.templates.values(), "templates"),
    ]
    hits = [
        (place, one.id, one.name)
        for place, objects, needed in groups
        if visit.may(needed) and asked
        for one in objects
        if low in one.id.lower() or low in one.name.lower()
    ]
    return Page("messages/find.html", {"asked": asked, "hits": hits[:100]})


ROUTES = (
    Route(
        "/messages", show, "messages",
        menu=Menu("work", "messages", "短信查询", "Messages"),
    ),
    Route(
        "/failed", failed, "messages",
        menu=Menu("work", "alert-triangle", "失败分析", "Failures"),
    ),
    Route("/messages.csv", export, "messages"),
    Route("/messages/<message>", one, "messages"),
    Route("/messages/<message>/cancel", cancel, "send", "POST"),
    Route("/messages/<message>/resend", resend, "send", "POST"),
    Route("/find", find, "messages"),
)  # fmt: skip
