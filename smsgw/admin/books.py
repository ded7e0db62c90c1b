"""
Address books as the console knows them: whose are whose, and who may change what.
"""

from collections.abc import Sequence

from smsgw.admin.page import Visit
from smsgw.errors import Refused
from smsgw.numbering import normalise
from smsgw.storage.contact_groups import GROUP
from smsgw.storage.contacts import SHARED, Contact

__all__ = ["book_words", "books_of", "may_change", "read_contact", "read_group"]

BAD = 2001
_LONGEST_NAME, _LONGEST_GROUP, _LONGEST_VALUE = 100, 40, 200
_MOST_GROUPS = 20


def books_of(visit: Visit) -> tuple[str, ...]:
    """
    What the visitor sees: the shared book and their own.
    """
    return (SHARED, visit.who)


def may_change(visit: Visit, book: str) -> bool:
    """
    One's own; the shared one is for those who see all data.
    """
    return book == visit.who or (book == SHARED and visit.accounts is None)


def book_words(visit: Visit, book: str) -> str:
    """
    The book's name.
    """
    if book == SHARED:
        return visit.say("公共通讯录", "Shared book")
    return visit.say("我的通讯录", "My book")


def read_group(text: str) -> str:
    """
    A group's name; L{Refused} for what is none.
    """
    name = " ".join(text.split())
    if not name or name == GROUP or len(name) > _LONGEST_GROUP:
        told = f"分组名应为 1–{_LONGEST_GROUP} 字 / 1–{_LONGEST_GROUP} characters"
        raise Refused(BAD, told, "group")
    return name


def read_contact(
    name: str,
    phone: str,
    department: str,
    fields: dict[str, str],
    groups: Sequence[str],
    book: str,
) -> Contact:
    """
    A sound contact, or L{Refused} with what is wrong in words.
    """
    name, department = name.strip(), department.strip()
    if not name or len(name) > _LONGEST_NAME:
        told = (
            f"姓名应为 1–{_LONGEST_NAME} 字 / a name has 1–{_LONGEST_NAME} characters"
        )
        raise Refused(BAD, told, "name")
    number = normalise(phone)
    if len(department) > 60:
        told = "科室最多 60 字 / at most 60 characters for a department"
        raise Refused(BAD, told, "department")
    for key, value in fields.items():
        if len(key) > 32 or len(value) > _LONGEST_VALUE:
            told = f"“{key[:32]}”太长 / is too long"
            raise Refused(BAD, told, "fields")
    named = tuple(dict.fromkeys(read_group(group) for group in groups))
    if len(named) > _MOST_GROUPS:
        told = f"最多 {_MOST_GROUPS} 个分组 / at most so many groups"
        raise Refused(BAD, told, "groups")
    return Contact(name, number, department, fields, named, book)
