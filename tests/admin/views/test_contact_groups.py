"""
The groups' page: made, filled, emptied, taken away.
"""

from tests.support.console import House
from tests.support.record import PHONE


def test_a_group_from_beginning_to_end(house: House) -> None:
    """
    Its people stay in the book.
    """
    house.login("liu")
    assert "还没有分组" in house.get("/contacts/groups").text
    house.post("/contacts/new", name="王芳", phone=PHONE, book="shared")
    form = {"book": "shared", "name": "随访"}
    answer = house.post("/contacts/groups", phones=f"{PHONE}，13900139000", **form)
    assert "kind=warning" in answer.where
    page = house.get("/contacts/groups").text
    assert "随访" in page
    assert '<td data-name="人数" class="number">1</td>' in page
    house.post("/contacts/groups/change", do="empty", **form)
    page = house.get("/contacts/groups").text
    assert '<td data-name="人数" class="number">0</td>' in page
    house.post("/contacts/groups/change", do="delete", **form)
    assert "还没有分组" in house.get("/contacts/groups").text
    assert "王芳" in house.get("/contacts").text


def test_not_theirs(house: House) -> None:
    """
    The shared book's groups are not for everybody, nor is another's book.
    """
    house.login("zhang")
    for book in ("shared", "liu"):
        form = {"book": book, "name": "随访"}
        assert 403 == house.post("/contacts/groups", **form).status
        assert 403 == house.post("/contacts/groups/change", do="empty", **form).status
    answer = house.post("/contacts/groups", book="zhang", name="-")
    assert "kind=danger" in answer.where
