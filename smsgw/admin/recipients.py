"""
Who is to get a message, from wherever they are named: each number once, and what is
known of each by the names of columns.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import attrs
import msgspec

from smsgw.admin.contact_import import PHONES
from smsgw.admin.sheets import Sheet, named
from smsgw.errors import Refused
from smsgw.numbering.phones import REASONS, normalise_many, reason_of
from smsgw.storage.contacts import Contact

__all__ = ["Bad", "Gathered", "Recipient", "filled", "gather", "places_of"]

MISSING = 2003
FILE, BOOK, WRITTEN = "文件 / file", "通讯录 / contacts", "手工 / written"
TWICE = "号码重复，只发一条 / repeated: one message only"
_places = re.compile(r"\{(\w{1,32})\}")
_apart = re.compile(r"[\s,，;；、]+")


class Recipient(msgspec.Struct, array_like=True, gc=False):
    """
    A sound number, what is known by columns, and where it stands.
    """

    phone: str
    values: dict[str, str]
    where: str
    line: int


class Bad(msgspec.Struct, array_like=True, gc=False):
    """
    Somebody who gets nothing, and why ("中文 / English").
    """

    where: str
    line: int
    values: dict[str, str]
    why: str


@attrs.frozen
class Gathered:
    """
    Those who are to get it, and those who are not.
    """

    recipients: list[Recipient] = attrs.field(factory=list)
    bad: list[Bad] = attrs.field(factory=list)


def gather(sheet: Sheet | None, contacts: Iterable[Contact], written: str) -> Gathered:
    """
    From a table, from address books, and from numbers as they are pasted. Whoever is
    named more than once counts as named first.
    """
    named_by: list[tuple[str, int, str, dict[str, str]]] = []
    if sheet is not None:
        phone = named(sheet.columns, PHONES)
        if not phone:
            told = "文件没有“手机”列 / the file has no column “手机” (phone)"
            raise Refused(MISSING, told, "file")
        named_by += [(FILE, line, row.get(phone, ""), row) for line, row in sheet.rows]
    named_by += [
        (
            BOOK,
            place,
            one.phone,
            {
                "姓名": one.name,
                "手机": one.phone,
                "科室": one.department,
                **one.fields,
            },
        )
        for place, one in enumerate(contacts, 1)
    ]
    pasted = [part for part in _apart.split(written) if part]
    named_by += [
        (WRITTEN, place, part, {"手机": part}) for place, part in enumerate(pasted, 1)
    ]
    return _judged(named_by)


def _judged(named_by: Sequence[tuple[str, int, str, dict[str, str]]]) -> Gathered:
    found, seen = Gathered(), set[str]()
    phones = normalise_many([phone for _, _, phone, _ in named_by])
    for (where, line, given, values), phone in zip(named_by, phones, strict=True):
        if not phone:
            why = REASONS.get(reason_of(given), REASONS["characters"])
            found.bad.append(Bad(where, line, values, why))
        elif phone in seen:
            found.bad.append(Bad(where, line, values, TWICE))
        else:
            seen.add(phone)
            found.recipients.append(Recipient(phone, values, where, line))
    return found


def places_of(text: str) -> list[str]:
    """
    The names in braces, each once.
    """
    return list(dict.fromkeys(_places.findall(text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """
    The text with the values in place of names in braces.
    """
    return _places.sub(lambda match: values.get(match[1], match[0]), text)
