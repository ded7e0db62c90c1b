"""
A table as contacts: which rows are sound, and what is wrong with the others.
"""

from collections.abc import Sequence

import msgspec

from smsgw.admin.books import read_contact
from smsgw.admin.sheets import Sheet, named
from smsgw.errors import Refused
from smsgw.storage.contacts import Contact

__all__ = ["NAMES", "PHONES", "BadRow", "Load", "read_load"]

NAMES = ("姓名", "名字", "name")
PHONES = ("手机", "手机号", "手机号码", "电话", "号码", "phone", "mobile", "to")
_DEPARTMENTS = ("科室", "部门", "department")
_GROUPS = ("分组", "群组", "group", "groups")
MISSING = 2003


class BadRow(msgspec.Struct, frozen=True):
    """
    A row that is not taken: where it is, what it says, why ("中文 / English").
    """

    line: int
    values: tuple[str, ...]
    why: str


class Row(msgspec.Struct, frozen=True):
    """
    A sound row.
    """

    line: int
    name: str
    phone: str
    department: str
    fields: dict[str, str]
    groups: tuple[str, ...]


class Load(msgspec.Struct):
    """
    What a file would bring into a book.
    """

    book: str
    file: str
    columns: list[str]
    rows: list[Row]
    bad: list[BadRow]

    def contacts(self) -> list[Contact]:
        """
        The sound rows.
        """
        return [
            Contact(
                one.name, one.phone, one.department, one.fields, one.groups, self.book
            )
            for one in self.rows
        ]


def read_load(sheet: Sheet, book: str, file: str) -> Load:
    """
    Every row judged; L{Refused} when the table has no column of numbers.
    """
    phone = named(sheet.columns, PHONES)
    if not phone:
        told = "没有“手机”列 / there is no column “手机” (phone)"
        raise Refused(MISSING, told, "file")
    name = named(sheet.columns, NAMES)
    department = named(sheet.columns, _DEPARTMENTS)
    groups = named(sheet.columns, _GROUPS)
    known = {phone, name, department, groups}
    further = [column for column in sheet.columns if column not in known]
    load = Load(book, file, list(sheet.columns), [], [])
    seen: dict[str, int] = {}
    for line, row in sheet.rows:
        try:
            one = read_contact(
                row.get(name, "") or row.get(phone, ""),
                row.get(phone, ""),
                row.get(department, ""),
                {key: row[key] for key in further if row.get(key)},
                _split(row.get(groups, "")),
                book,
            )
            first = seen.setdefault(one.phone, line)
            if first != line:
                told = f"与第 {first} 行号码相同 / the same number as in line {first}"
                raise Refused(MISSING, told)
        except Refused as refused:
            values = tuple(row.get(column, "") for column in sheet.columns)
            load.bad.append(BadRow(line, values, refused.detail))
            continue
        load.rows.append(
            Row(line, one.name, one.phone, one.department, {**one.fields}, one.groups)
        )
    return load


def _split(text: str) -> Sequence[str]:
    for mark in "；、，,|":
        text = text.replace(mark, ";")
    return [part for part in text.split(";") if part.strip()]
