"""
Groups of contacts: made, filled from a list of numbers, emptied, taken away.
"""

from smsgw.admin.books import book_words, books_of, may_change, read_group
from smsgw.admin.page import Moved, Page, Reply, Route, Visit
from smsgw.admin.reasons import half
from smsgw.errors import Refused
from smsgw.numbering.phones import normalise_many
from smsgw.storage.contact_groups import (
    drop_group,
    empty_group,
    fill_group,
    groups_of,
    make_group,
)
from smsgw.storage.contacts import known_numbers
from smsgw.storage.line import millis_of
from smsgw.storage.lists import Hand

__all__ = ["ROUTES"]

_PATH = "/contacts/groups"
_MOST = 5000


async def show(visit: Visit) -> Reply:
    """
    All of them, with how many are in each.
    """
    books = books_of(visit)
    values = {
        "groups": await visit.desk.read(groups_of, books),
        "books": [book for book in books if may_change(visit, book)],
        "book_words": lambda book: book_words(visit, book),
        "may_change": lambda book: may_change(visit, book),
    }
    return Page("contacts/groups.html", values)


async def make(visit: Visit) -> Reply:
    """
    A new one, empty or filled with numbers that its book has.
    """
    book = visit.form.get("book", "")
    if not may_change(visit, book):
        return Page("error.html", {"status": 403, "why": ""}, 403)
    try:
        name = read_group(visit.form.get("name", ""))
    except Refused as refused:
        return Moved(_PATH, half(visit, refused.detail), "danger")
    desk, hand = visit.desk, Hand(visit.who, millis_of(visit.now))
    await desk.write(make_group, book, name, hand)
    given = visit.form.get("phones", "").replace(",", "\n").replace("，", "\n")
    written = [line.strip() for line in given.splitlines() if line.strip()][:_MOST]
    phones = [phone for phone in normalise_many(written) if phone]
    known = await desk.read(known_numbers, desk.fields, book, phones)
    added = await desk.write(fill_group, book, name, list(known.values()), hand)
    missing = len(written) - len(known)
    told = visit.say(f"“{name}”已加入 {added} 人。", f"{added} joined “{name}”.")
    if missing:
        told += visit.say(
            f" 有 {missing} 个号码不在这本通讯录里。",
            f" {missing} numbers are not in that book.",
        )
    return Moved(_PATH, told, "warning" if missing else "success")


async def change(visit: Visit) -> Reply:
    """
    Everybody leaves one, or it is gone.
    """
    form = visit.form
    book, name, do = (form.get(key, "") for key in ("book", "name", "do"))
    if not may_change(visit, book):
        return Page("error.html", {"status": 403, "why": ""}, 403)
    hand = Hand(visit.who, millis_of(visit.now))
    if do == "empty":
        gone = await visit.desk.write(empty_group, book, name, hand)
        told = visit.say(f"{gone} 人移出“{name}”。", f"{gone} left “{name}”.")
        return Moved(_PATH, told)
    await visit.desk.write(drop_group, book, name, hand)
    told = visit.say(
        f"分组“{name}”已删除，联系人还在。", f"“{name}” is gone, its people stay."
    )
    return Moved(_PATH, told)


ROUTES = (
    Route(_PATH, show, "contacts"),
    Route(_PATH, make, "contacts", "POST"),
    Route("/contacts/groups/change", change, "contacts", "POST"),
)
