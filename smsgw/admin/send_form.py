"""
The form for sending: what can be chosen in it, and what was.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from smsgw.admin.books import books_of
from smsgw.admin.composing import Draft, Wish
from smsgw.admin.frame import HERE
from smsgw.admin.page import Visit
from smsgw.admin.sheets import Sheet, read_sheet
from smsgw.admin.words import WORDS
from smsgw.directory import Account
from smsgw.errors import Refused
from smsgw.rules.classify import CATEGORIES
from smsgw.rules.templates import CompiledTemplate
from smsgw.storage.contact_groups import groups_of, members_of
from smsgw.storage.contacts import Contact, contacts_of

__all__ = [
    "SPREADS",
    "accounts_for",
    "contacts_in",
    "form_values",
    "read_wish",
    "sheet_in",
    "template_of",
    "written_wish",
]

BAD = 2001
_VARIABLE = "vars."
_DAY = 86_400.0
#: Minutes over which a sending may be spread.
SPREADS = (0, 10, 30, 60, 120, 240, 480)


def accounts_for(visit: Visit) -> list[Account]:
    """
    Accounts that the visitor may send for, their own first.
    """
    own, accounts = visit.visitor.person.account, visit.accounts
    found = [
        account
        for account in visit.desk.directory.accounts.values()
        if account.active and (accounts is None or account.id in accounts)
    ]
    return sorted(found, key=lambda account: (account.id != own, account.name))


def template_of(visit: Visit, wish: Wish) -> CompiledTemplate | None:
    """
    The chosen one, C{None} for none; L{Refused} if the account may not use it.
    """
    if not wish.template:
        return None
    account = visit.desk.directory.accounts[wish.account]
    return visit.desk.gateway.book.template_for(wish.template, account)


def _templates(visit: Visit, wish: Wish) -> list[Any]:
    """
    Those that the account may use now.
    """
    book, found = visit.desk.gateway.book, []
    account = visit.desk.directory.accounts.get(wish.account)
    if account is None:
        return []
    for name in book.templates:
        try:
            found.append(book.template_for(name, account).template)
        except Refused:
            continue
    return sorted(found, key=lambda one: one.name)


def written_wish(visit: Visit) -> Wish:
    """
    What was filled in, as far as it can be read: to show it again.
    """
    form = visit.form
    return Wish(
        form.get("account", ""),
        form.get("text", "").replace("\r\n", "\n").strip(),
        form.get("template", ""),
        {
            name[len(_VARIABLE) :]: value.strip()
            for name, value in form.items()
            if name.startswith(_VARIABLE)
        },
        form.get("category", ""),
        written=form.get("written", "").replace("\r\n", "\n"),
        groups=list(visit.lists.get("groups", ())),
        contacts=list(visit.lists.get("ids", ())),
    )


def read_wish(visit: Visit, wish: Wish) -> None:
    """
    The rest of what was filled in; L{Refused} names the field that is wrong, and
    what is right is in the wish all the same.
    """
    form, accounts = visit.form, [one.id for one in accounts_for(visit)]
    wish.account = form.get("account", accounts[0] if accounts else "")
    troubles: list[Refused] = []
    if wish.account not in accounts:
        told = "请选择账号 / choose an account"
        troubles.append(Refused(BAD, told, "account"))
    if wish.category and wish.category not in CATEGORIES:
        told = "请选择类别 / choose a category"
        troubles.append(Refused(BAD, told, "category"))
    try:
        wish.spread = float(_whole(form, "spread", max(SPREADS)) * 60)
        wish.trial = _whole(form, "trial", 1_000_000)
        wish.send_at = _send_at(visit, form)
    except Refused as refused:
        troubles.append(refused)
    if troubles:
        raise troubles[0]


def _whole(form: Mapping[str, str], name: str, most: int) -> int:
    text = form.get(name, "").strip() or "0"
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= most):
        raise Refused(BAD, f"应为 0–{most} 的整数 / a number from 0 to {most}", name)
    return int(text)


def _send_at(visit: Visit, form: Mapping[str, str]) -> float:
    text = form.get("send_at", "").strip()
    if not text:
        return 0.0
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=HERE).timestamp()
    except ValueError:
        told = "应为日期和时间 / must be a date and a time"
        raise Refused(BAD, told, "send_at") from None
    if not visit.now - 300 <= at <= visit.now + 366 * _DAY:
        told = "定时应在现在之后、一年之内 / from now to a year ahead"
        raise Refused(BAD, told, "send_at")
    return at if at > visit.now else 0.0


def sheet_in(visit: Visit, known: Draft | None) -> tuple[str, Sheet | None]:
    """
    The file that was brought with its name; or the one of before, unless it is not
    wanted any more.
    """
    file = visit.files.get("file")
    if file is not None and file.body:
        return file.name, read_sheet(file.body)
    if known is None or not known.columns or visit.form.get("no_file"):
        return "", None
    return known.file, Sheet(known.columns, known.table)


async def contacts_in(visit: Visit, wish: Wish) -> list[Contact]:
    """
    Those that were chosen, and those in the chosen groups, of the visitor's books.
    """
    if not visit.may("contacts"):
        return []
    books, desk = books_of(visit), visit.desk
    pairs = [tuple(group.partition("/")[::2]) for group in wish.groups]
    ids = await desk.read(members_of, [pair for pair in pairs if pair[0] in books])
    wanted = list(dict.fromkeys([*wish.contacts, *ids]))
    return await desk.read(contacts_of, desk.fields, books, wanted)


async def form_values(visit: Visit, wish: Wish) -> dict[str, Any]:
    """
    What the form shows, with what is chosen in it.
    """
    desk, template, compiled = visit.desk, None, None
    templates = _templates(visit, wish)
    if wish.template in {one.id for one in templates}:
        compiled = template_of(visit, wish)
        template = compiled.template if compiled else None
    groups = []
    if visit.may("contacts"):
        groups = await desk.read(groups_of, books_of(visit))
    chosen = await contacts_in(visit, Wish(contacts=wish.contacts))
    at = ""
    if wish.send_at:
        at = datetime.fromtimestamp(wish.send_at, HERE).strftime("%Y-%m-%dT%H:%M")
    return {
        "wish": wish,
        "accounts": accounts_for(visit),
        "templates": templates,
        "template": template,
        "names": list(dict.fromkeys(compiled.names)) if compiled else [],
        "groups": groups,
        "chosen": chosen,
        "spreads": SPREADS,
        "send_at": at,
        "categories": [(name, visit.say(*WORDS[name])) for name in CATEGORIES],
    }
