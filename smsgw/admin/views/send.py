"""
Sending: written, looked at as a whole, then submitted once.
"""

from collections.abc import Sequence
from functools import partial

from smsgw.admin.composing import Draft, Wish, lay_out
from smsgw.admin.drafts import find_draft, keep_draft
from smsgw.admin.page import File, Menu, Moved, Page, Reply, Route, Visit
from smsgw.admin.reasons import half, refusal
from smsgw.admin.recipients import TWICE, gather
from smsgw.admin.send_form import (
    contacts_in,
    form_values,
    read_wish,
    sheet_in,
    template_of,
    written_wish,
)
from smsgw.admin.sending import begin_sending
from smsgw.admin.submitting import account_of, look_ahead
from smsgw.admin.tables import csv_file
from smsgw.errors import Refused
from smsgw.storage.sendings import sending_of

__all__ = ["ROUTES"]

BAD, MISSING = 2001, 2003
_PATH = "/send"
_SHOWN = 20


async def show(visit: Visit) -> Reply:
    """
    The form: empty, with a group chosen, or with a draft to be changed.
    """
    key = visit.query.get("draft", "")
    if key:
        draft = await find_draft(visit, key, Draft)
        return await _form(visit, draft.wish, draft, key)
    group = visit.query.get("group", "")
    wish = Wish(
        visit.visitor.person.account,
        template=visit.query.get("template", ""),
        written=visit.query.get("to", "")[:20],
        groups=[group] if group else [],
    )
    return await _form(visit, wish)


async def _form(
    visit: Visit,
    wish: Wish,
    known: Draft | None = None,
    key: str = "",
    wrong: tuple[str, str] | None = None,
) -> Page:
    values = await form_values(visit, wish)
    if wish.account not in {one.id for one in values["accounts"]}:
        wish.account = values["accounts"][0].id if values["accounts"] else ""
        values = await form_values(visit, wish)
    values |= {"known": known, "key": key, "wrong": wrong}
    return Page("send/form.html", values, 422 if wrong else 200)


async def write(visit: Visit) -> Reply:
    """
    What was filled in becomes a draft that the gateway has looked at; or the form
    again, with what is wrong or what was chosen in it.
    """
    key = visit.form.get("draft", "")
    known = await find_draft(visit, key, Draft) if key else None
    wish = written_wish(visit)
    try:
        read_wish(visit, wish)
        if visit.form.get("do") == "choose":
            return await _form(visit, wish, known, key)
        draft = await _draft(visit, wish, known)
        await look_ahead(visit, draft)
    except Refused as refused:
        own = refused.code in (BAD, MISSING) and " / " in refused.detail
        told = half(visit, refused.detail) if own else refusal(visit, refused)
        return await _form(visit, wish, known, key, (refused.field, told))
    return Moved(f"{_PATH}/{await keep_draft(visit, draft)}")


async def _draft(visit: Visit, wish: Wish, known: Draft | None) -> Draft:
    template = template_of(visit, wish)
    file, sheet = await visit.desk.aside(sheet_in, visit, known)
    contacts = await contacts_in(visit, wish)
    gathered = await visit.desk.aside(gather, sheet, contacts, wish.written)
    if not gathered.recipients and not gathered.bad:
        told = "请给出接收人 / say who is to get it"
        raise Refused(MISSING, told, "recipients")
    draft = await visit.desk.aside(lay_out, wish, template, gathered)
    if sheet is not None:
        draft.file, draft.columns = file, list(sheet.columns)
        draft.table = list(sheet.rows)
    return draft


async def look(visit: Visit) -> Reply:
    """
    What would come of it; once it is sent, what does.
    """
    key, desk = visit.path["key"], visit.desk
    if await desk.read(sending_of, desk.fields, key):
        return Moved(f"/batches/{key}")
    return await _preview(visit, key, await find_draft(visit, key, Draft))


async def _preview(visit: Visit, key: str, draft: Draft, why: str = "") -> Page:
    account, count = account_of(visit, draft), len(draft.lines)
    told = partial(half, visit)
    reasons = [(told(name), number) for name, number in draft.reasons().items()]
    values = {
        "key": key,
        "draft": draft,
        "account": account,
        "count": count,
        "reasons": reasons,
        "doubles": draft.reasons().get(TWICE, 0),
        "bad": [(one, told(one.why)) for one in draft.bad[:_SHOWN]],
        "half": told,
        "review": 0 < account.review_above < count,
        "trial": min(draft.wish.trial, count) if draft.wish.trial < count else 0,
        "why": why,
    }
    return Page("send/preview.html", values, 422 if why else 200)


async def bad(visit: Visit) -> Reply:
    """
    Those who get nothing, with why: to be put right and brought again.
    """
    draft = await find_draft(visit, visit.path["key"], Draft)
    body = await visit.desk.aside(_bad_file, visit, draft)
    return File("bad-rows.csv", "text/csv; charset=utf-8", body)


def _bad_file(visit: Visit, draft: Draft) -> bytes:
    names: Sequence[str] = list(
        dict.fromkeys(
            [*draft.columns, *(key for one in draft.bad for key in one.values)]
        )
    )
    head = [visit.say("来源", "from"), visit.say("行", "line")]
    rows = [
        [*head, visit.say("原因", "reason"), *names],
        *(
            [
                half(visit, one.where),
                str(one.line or ""),
                half(visit, one.why),
                *(one.values.get(name, "") for name in names),
            ]
            for one in draft.bad
        ),
    ]
    return csv_file(rows)


async def send(visit: Visit) -> Reply:
    """
    Submit it, or the first of it; a second click leads to the same sending.
    """
    key, desk = visit.path["key"], visit.desk
    if await desk.read(sending_of, desk.fields, key):
        return Moved(f"/batches/{key}")
    draft = await find_draft(visit, key, Draft)
    if not draft.lines:
        return Moved(f"{_PATH}?draft={key}")
    try:
        told, kind = await begin_sending(visit, key, draft)
    except Refused as refused:
        return await _preview(visit, key, draft, refusal(visit, refused))
    return Moved(f"/batches/{key}", told, kind)


ROUTES = (
    Route(_PATH, show, "send", menu=Menu("work", "send", "发送短信", "Send")),
    Route(_PATH, write, "send", "POST"),
    Route("/send/<key>", look, "send"),
    Route("/send/<key>", send, "send", "POST"),
    Route("/send/<key>/bad", bad, "send"),
)
