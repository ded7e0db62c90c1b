"""
Recipients from tables, address books and pasted numbers: each number once.
"""

import pytest

from smsgw.admin.recipients import TWICE, filled, gather, places_of
from smsgw.admin.sheets import Sheet
from smsgw.errors import Refused
from smsgw.storage.contacts import Contact
from tests.support.record import PHONE

TABLE = Sheet(
    ["手机号", "床号"],
    [(2, {"手机号": PHONE, "床号": "1"}), (3, {"手机号": "12", "床号": "2"})],
)


def test_the_first_that_names_a_number_counts() -> None:
    """
    The table before the books before what is pasted; the others are told of.
    """
    people = [
        Contact("王芳", PHONE),
        Contact("李强", "13800138001", "骨科", {"床": "3"}),
    ]
    found = gather(TABLE, people, f"13800138002，+86 {PHONE}\n13800138001;x")
    assert [
        (PHONE, {"手机号": PHONE, "床号": "1"}),
        (
            "13800138001",
            {"姓名": "李强", "手机": "13800138001", "科室": "骨科", "床": "3"},
        ),
        ("13800138002", {"手机": "13800138002"}),
    ] == [(one.phone, one.values) for one in found.recipients]
    assert ["文件", "通讯录", "手工", "手工", "手工", "手工"] == [
        one.where.partition(" ")[0] for one in found.bad
    ]
    assert 3 == sum(one.why == TWICE for one in found.bad)


def test_a_table_needs_numbers() -> None:
    """
    It is refused as a whole.
    """
    with pytest.raises(Refused):
        gather(Sheet(["a"], []), (), "")


def test_names_in_braces() -> None:
    """
    Each once; what has no value stays as it is.
    """
    assert ["姓名", "床"] == places_of("{姓名}{床}{姓名}{ 不 }{")
    assert "王{床}" == filled("{姓名}{床}", {"姓名": "王"})
