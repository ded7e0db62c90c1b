"""
Whose books are whose, and what a contact must be.
"""

import pytest

from smsgw.admin.books import (
    book_words,
    books_of,
    may_change,
    read_contact,
    read_group,
)
from smsgw.admin.page import Visit
from smsgw.admin.rights import Visitor
from smsgw.errors import Refused
from smsgw.storage.contacts import SHARED
from tests.support.console import HOSPITAL, House
from tests.support.record import PHONE


def visit_of(house: House, person: str) -> Visit:
    """
    A request of theirs.
    """
    found = HOSPITAL.people[person]
    visitor = Visitor(found, HOSPITAL.roles[found.role])
    return Visit(house.desk, visitor, "zh", house.wall.now())


def test_the_shared_book_is_for_those_who_see_all(house: House) -> None:
    """
    One's own is one's own.
    """
    liu, zhang = visit_of(house, "liu"), visit_of(house, "zhang")
    assert (SHARED, "zhang") == books_of(zhang)
    assert [True, True, False] == [
        may_change(liu, book) for book in (SHARED, "liu", "zhang")
    ]
    assert [False, True] == [may_change(zhang, book) for book in (SHARED, "zhang")]
    assert "公共通讯录" == book_words(zhang, SHARED)
    assert "我的通讯录" == book_words(zhang, "zhang")


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", ("", PHONE, "", {}, ())),
        ("name", ("名" * 101, PHONE, "", {}, ())),
        ("to", ("张三", "1380013800", "", {}, ())),
        ("department", ("张三", PHONE, "科" * 61, {}, ())),
        ("fields", ("张三", PHONE, "", {"床号": "1" * 201}, ())),
        ("group", ("张三", PHONE, "", {}, ("-",))),
        ("groups", ("张三", PHONE, "", {}, tuple(map(str, range(21))))),
    ],
)
def test_what_is_no_contact(
    field: str, given: tuple[str, str, str, dict[str, str], tuple[str, ...]]
) -> None:
    """
    Refused, naming the field.
    """
    with pytest.raises(Refused) as refused:
        read_contact(*given, SHARED)
    assert field == refused.value.field


def test_what_is_one() -> None:
    """
    Its number in one form, its groups once.
    """
    one = read_contact(
        " 张三 ", "+86 138-0013-8000", "骨科", {}, ["a  b", "a b"], SHARED
    )
    assert ("张三", PHONE, ("a b",)) == (one.name, one.phone, one.groups)
    assert "a b" == read_group(" a  b ")
