"""
Contacts from a file: looked at first, then taken.
"""

from smsgw.admin.books import book_words, books_of, may_change
from smsgw.admin.contact_import import Load, read_load
from smsgw.admin.drafts import drop_draft, find_draft, keep_draft
from smsgw.admin.page import File, Moved, Page, Reply, Route, Upload, Visit
from smsgw.admin.reasons import half
from smsgw.admin.sheets import XLSX, read_sheet, xlsx_file
from smsgw.admin.tables import csv_file
from smsgw.errors import Refused
from smsgw.storage.contacts import known_numbers, load_contacts
from smsgw.storage.line import millis_of
from smsgw.storage.lists import Hand, Loaded, in_parts

__all__ = ["ROUTES"]

_PATH = "/contacts/import"
_SHOWN = 20
_PART = 2000
_SAMPLE = (
    ("姓名", "手机", "科室", "分组", "床号"),
    ("张三", "13800138000", "心内科", "高血压随访;术后", "12"),
    ("李四", "13900139000", "骨科", "", "3"),
)


async def show(visit: Visit) -> Reply:
    """
    What a file looks like, and where it is given.
    """
    return _page(visit)


def _page(visit: Visit, why: str = "") -> Page:
    values = {
        "why": why,
        "books": [book for book in books_of(visit) if may_change(visit, book)],
        "book_words": lambda book: book_words(visit, book),
        "sample": _SAMPLE,
    }
    return Page("contacts/import.html", values, 422 if why else 200)


async def sample(visit: Visit) -> Reply:
    """
    A file to begin with.
    """
    return File("contacts-sample.xlsx", XLSX, xlsx_file(_SAMPLE))


async def take(visit: Visit) -> Reply:
    """
    Read the file and keep what it says until it is taken.
    """
    book, file = visit.form.get("book", visit.who), visit.files.get("file")
    if not may_change(visit, book):
        return Page("error.html", {"status": 403, "why": ""}, 403)
    if file is None or not file.body:
        return _page(visit, visit.say("请选择文件。", "Please choose a file."))
    try:
        load = await visit.desk.aside(_read, file, book)
    except Refused as refused:
        return _page(visit, half(visit, refused.detail))
    return Moved(f"{_PATH}/{await keep_draft(visit, load)}")


def _read(file: Upload, book: str) -> Load:
    return read_load(read_sheet(file.body), book, file.name)


async def look(visit: Visit) -> Reply:
    """
    What would come of it.
    """
    load, desk = await find_draft(visit, visit.path["key"], Load), visit.desk
    known = await desk.read(
        known_numbers, desk.fields, load.book, [one.phone for one in load.rows]
    )
    values = {
        "load": load,
        "key": visit.path["key"],
        "known": len(known),
        "fresh": len(load.rows) - len(known),
        "rows": load.rows[:_SHOWN],
        "bad": [(one, half(visit, one.why)) for one in load.bad[:_SHOWN]],
        "book": book_words(visit, load.book),
    }
    return Page("contacts/import_preview.html", values)


async def bad(visit: Visit) -> Reply:
    """
    The rows that are not taken, with why, to be put right and brought again.
    """
    load = await find_draft(visit, visit.path["key"], Load)
    rows = [
        [visit.say("行", "line"), visit.say("原因", "reason"), *load.columns],
        *([str(one.line), half(visit, one.why), *one.values] for one in load.bad),
    ]
    return File("bad-rows.csv", "text/csv; charset=utf-8", csv_file(rows))


async def load(visit: Visit) -> Reply:
    """
    Take the sound rows, in parts so that the record's other writing goes on.
    """
    key, desk = visit.path["key"], visit.desk
    held = await find_draft(visit, key, Load)
    if not may_change(visit, held.book):
        return Page("error.html", {"status": 403, "why": ""}, 403)
    renew = visit.form.get("known") == "renew"
    hand, done = Hand(visit.who, millis_of(visit.now)), Loaded()
    for some in in_parts(held.contacts(), _PART):
        part = await desk.write(
            load_contacts, desk.fields, held.book, some, renew, hand
        )
        done = Loaded(done.added + part.added, done.changed + part.changed)
    await drop_draft(visit, key)
    told = visit.say(
        f"新增 {done.added} 人，更新 {done.changed} 人。",
        f"{done.added} are new, {done.changed} were changed.",
    )
    return Moved("/contacts", told)


ROUTES = (
    Route(_PATH, show, "contacts"),
    Route(_PATH, take, "contacts", "POST"),
    Route("/contacts/import/sample", sample, "contacts"),
    Route("/contacts/import/<key>", look, "contacts"),
    Route("/contacts/import/<key>", load, "contacts", "POST"),
    Route("/contacts/import/<key>/bad", bad, "contacts"),
)
