"""
Contacts: found, added, changed, taken away, put into groups, carried off as a file.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import attrs

from smsgw.admin.books import book_words, books_of, may_change, read_contact, read_group
from smsgw.admin.fields import Field, read_value, shown_value
from smsgw.admin.frame import phone_shown
from smsgw.admin.page import File, Menu, Moved, Page, Reply, Route, Visit
from smsgw.admin.reasons import half
from smsgw.admin.sheets import XLSX, xlsx_file
from smsgw.admin.tables import csv_file
from smsgw.errors import Refused
from smsgw.numbering.phones import normalise_many
from smsgw.storage.contact_groups import empty_group, fill_group, groups_of
from smsgw.storage.contacts import (
    Contact,
    Wanted,
    contacts_of,
    count_contacts,
    drop_contacts,
    find_contacts,
    save_contact,
)
from smsgw.storage.journal import log_change
from smsgw.storage.line import millis_of
from smsgw.storage.lists import Hand

__all__ = ["ROUTES"]

_PAGE, _FILE_PAGE = 50, 5000
_FURTHER = Field("fields", ("其他字段", "Further fields"), "pairs")
_PATH = "/contacts"


def _wanted(visit: Visit) -> Wanted:
    """
    What the query asks for: whole numbers by their index, else words.
    """
    query, books = visit.query, books_of(visit)
    words = query.get("q", "").strip()[:100]
    book = query.get("book", "")
    group_book, mark, group = query.get("group", "").partition("/")
    if mark and group_book in books:
        book = group_book
    [number] = normalise_many([words])
    return Wanted(
        (book,) if book in books else books,
        "" if number else words,
        visit.desk.fields.index("phone", number) if number else "",
        group if mark else "",
        bool(query.get("doubles")),
    )


def _asked(visit: Visit, **changes: str) -> str:
    """
    The list with what narrows it, as an address.
    """
    kept = {
        name: value
        for name in ("q", "book", "group", "doubles")
        if (value := visit.query.get(name, ""))
    }
    asked = urlencode(kept | changes)
    return f"{_PATH}?{asked}" if asked else _PATH


async def show(visit: Visit) -> Reply:
    """
    The list, narrowed, by pages.
    """
    desk, wanted, books = visit.desk, _wanted(visit), books_of(visit)
    after = visit.query.get("after", "")[:300]
    rows, following = await desk.read(find_contacts, desk.fields, wanted, after, _PAGE)
    values = {
        "rows": rows,
        "next": _asked(visit, after=following) if following else "",
        "first": _asked(visit) if after else "",
        "back": _asked(visit),
        "total": await desk.read(count_contacts, wanted),
        "all": await desk.read(count_contacts, Wanted(books)),
        "doubles": await desk.read(count_contacts, Wanted(books, doubles=True)),
        "groups": await desk.read(groups_of, books),
        "narrowed": visit.query,
        "book_words": lambda book: book_words(visit, book),
        "may_change": lambda book: may_change(visit, book),
        "exports": {
            kind: f"/contacts/export?{urlencode({**_filters(visit), 'kind': kind})}"
            for kind in ("xlsx", "csv")
        },
        "books": books,
    }
    return Page("contacts/list.html", values)


def _filters(visit: Visit) -> dict[str, str]:
    return {
        name: value
        for name in ("q", "book", "group", "doubles")
        if (value := visit.query.get(name, ""))
    }


async def export(visit: Visit) -> Reply:
    """
    What the list shows, as a file; it is noted who took how much.
    """
    desk, wanted = visit.desk, _wanted(visit)
    found: list[Contact] = []
    after = ""
    while True:
        some, after = await desk.read(
            find_contacts, desk.fields, wanted, after, _FILE_PAGE
        )
        found += some
        if not after:
            break
    rows = _table(visit, found)
    at = millis_of(visit.now)
    told = {"exported": len(found)}
    await desk.write(log_change, "contacts", "export", None, told, visit.who, at)
    if visit.query.get("kind") == "csv":
        return File("contacts.csv", "text/csv; charset=utf-8", csv_file(rows))
    return File("contacts.xlsx", XLSX, await desk.aside(xlsx_file, rows))


def _table(visit: Visit, found: Sequence[Contact]) -> list[list[str]]:
    further = list(dict.fromkeys(name for one in found for name in one.fields))
    whole = visit.may("phones")
    return [
        ["姓名", "手机", "科室", "分组", *further],
        *(
            [
                one.name,
                phone_shown(one.phone, whole),
                one.department,
                ";".join(one.groups),
                *(one.fields.get(name, "") for name in further),
            ]
            for one in found
        ),
    ]


async def edit(visit: Visit) -> Reply:
    """
    The form of one contact, or of a new one.
    """
    name = visit.path.get("name", "")
    if not name:
        book = visit.query.get("book", "")
        book = book if may_change(visit, book) else visit.who
        return await _form(visit, Contact("", "", book=book))
    known = await _find(visit, name)
    if known is None:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    return await _form(visit, known)


async def _find(visit: Visit, name: str) -> Contact | None:
    desk = visit.desk
    found = await desk.read(contacts_of, desk.fields, books_of(visit), [name])
    return found[0] if found else None


async def _form(
    visit: Visit, one: Contact, wrong: Mapping[str, str] | None = None
) -> Page:
    groups = await visit.desk.read(groups_of, [one.book])
    shown: dict[str, Any] = {
        "name": one.name,
        "phone": phone_shown(one.phone, visit.may("phones")),
        "department": one.department,
        "fields": shown_value(_FURTHER, one.fields),
    }
    if wrong:
        shown |= {name: visit.form.get(name, "") for name in shown}
    values = {
        "one": one,
        "shown": shown,
        "wrong": wrong or {},
        "groups": groups,
        "own": may_change(visit, one.book),
        "books": [book for book in books_of(visit) if may_change(visit, book)],
        "book_words": lambda book: book_words(visit, book),
    }
    return Page("contacts/form.html", values, 422 if wrong else 200)


async def save(visit: Visit) -> Reply:
    """
    Take what was filled in.
    """
    name = visit.path.get("name", "")
    known = await _find(visit, name) if name else None
    if name and known is None:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    book = known.book if known else visit.form.get("book", visit.who)
    if not may_change(visit, book):
        return Page("error.html", {"status": 403, "why": ""}, 403)
    try:
        one = _read(visit, known, book)
    except Refused as refused:
        before = known or Contact("", "", book=book)
        field = "phone" if refused.field == "to" else refused.field
        return await _form(visit, before, {field: half(visit, refused.detail)})
    await visit.desk.write(save_contact, visit.desk.fields, one, visit.who, visit.now)
    return Moved(_PATH, visit.say(f"已保存：{one.name}", f"Saved: {one.name}"))


def _read(visit: Visit, known: Contact | None, book: str) -> Contact:
    form, phone = visit.form, visit.form.get("phone", "").strip()
    if known and phone == phone_shown(known.phone, visit.may("phones")):
        phone = known.phone
    further = read_value(_FURTHER, form.get("fields", ""), ())
    groups = list(visit.lists.get("groups", ()))
    if form.get("new_group", "").strip():
        groups.append(form["new_group"])
    one = read_contact(
        form.get("name", ""), phone, form.get("department", ""), further, groups, book
    )
    return attrs.evolve(one, id=known.id if known else "")


async def remove(visit: Visit) -> Reply:
    """
    One is gone.
    """
    known = await _find(visit, visit.path["name"])
    if known is None or not may_change(visit, known.book):
        return Page("error.html", {"status": 404, "why": ""}, 404)
    at = millis_of(visit.now)
    await visit.desk.write(drop_contacts, [known.book], [known.id], visit.who, at)
    return Moved(_PATH, visit.say("已删除。", "It is gone."))


async def many(visit: Visit) -> Reply:
    """
    Those that are ticked: into a group, out of one, or gone.
    """
    form, desk = visit.form, visit.desk
    back = form.get("back", _PATH)
    back = back if back.startswith(_PATH) else _PATH
    ticked = list(visit.lists.get("ids", ()))
    found = await desk.read(contacts_of, desk.fields, books_of(visit), ticked)
    found = [one for one in found if may_change(visit, one.book)]
    if not found:
        told = visit.say(
            "请先勾选可以修改的联系人。", "Tick contacts that you may change first."
        )
        return Moved(back, told, "warning")
    if form.get("do") == "delete":
        books = sorted({one.book for one in found})
        ids = [one.id for one in found]
        gone = await desk.write(
            drop_contacts, books, ids, visit.who, millis_of(visit.now)
        )
        return Moved(back, visit.say(f"已删除 {gone} 人。", f"{gone} are gone."))
    try:
        group = read_group(form.get("new_group") or form.get("to_group", ""))
    except Refused as refused:
        return Moved(back, half(visit, refused.detail), "warning")
    done = await _regroup(visit, found, group, form.get("do") == "leave")
    if form.get("do") == "leave":
        told = visit.say(f"{done} 人移出“{group}”。", f"{done} left “{group}”.")
    else:
        told = visit.say(f"{done} 人加入“{group}”。", f"{done} joined “{group}”.")
    return Moved(back, told)


async def _regroup(
    visit: Visit, found: Sequence[Contact], group: str, leave: bool
) -> int:
    """
    Into a group of each one's book, or out of it; how many moved.
    """
    hand, done = Hand(visit.who, millis_of(visit.now)), 0
    for book in sorted({one.book for one in found}):
        ids = [one.id for one in found if one.book == book]
        if leave:
            done += await visit.desk.write(empty_group, book, group, hand, ids)
        else:
            done += await visit.desk.write(fill_group, book, group, ids, hand)
    return done


ROUTES = (
    Route(
        _PATH,
        show,
        "contacts",
        menu=Menu("work", "address-book", "通讯录", "Contacts"),
    ),
    Route("/contacts/export", export, "contacts"),
    Route("/contacts/new", edit, "contacts"),
    Route("/contacts/new", save, "contacts", "POST"),
    Route("/contacts/many", many, "contacts", "POST"),
    Route("/contacts/<name>", edit, "contacts"),
    Route("/contacts/<name>", save, "contacts", "POST"),
    Route("/contacts/<name>/delete", remove, "contacts", "POST"),
)
