"""
The change log as people read it.
"""

from smsgw.admin.views.changes import Difference, differences
from smsgw.storage.journal import Entry
from tests.support.console import House
from tests.support.record import NOW


def test_differences() -> None:
    """
    Field by field; what stays is not told.
    """
    entry = Entry(
        1, NOW, "liu", "t", "x", {"a": 1, "b": "y"}, {"a": 2, "b": "y", "c": []}
    )
    assert [Difference("a", "1", "2"), Difference("c", "", "")] == differences(entry)
    new = Entry(1, NOW, "liu", "t", "x", None, {"a": "z"})
    assert [Difference("a", "", "z")] == differences(new)


def test_the_page(house: House) -> None:
    """
    Narrowed by the objects' page name, by object, by person.
    """
    house.login()
    page = house.get("/changes").text
    assert "移动一" in page
    assert "***" in page
    assert "路由规则 all" in house.get("/changes?table=rules").text
    assert "移动一" not in house.get("/changes?table=rules").text
    assert "没有符合" in house.get("/changes?who=nobody").text
