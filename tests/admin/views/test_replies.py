"""
Replies: seen, matched or not, answered.
"""

from tests.support.console import House
from tests.support.record import IDS, NOW, chunk, facts, record, reply, sent


def fill(house: House) -> None:
    """
    A message with its reply, and one that answers nothing.
    """
    record(
        house.database,
        chunk(),
        facts(*sent()),
        facts(reply(), reply(number="13900139000", name="d2", text="谁？")),
        directory=house.directory,
    )
    house.wall.at = NOW + 120
    house.login()


def test_the_list(house: House) -> None:
    """
    All of them, or those that answer nothing known.
    """
    fill(house)
    page = house.get("/replies").text
    assert "已收到" in page
    assert "谁？" in page
    page = house.get("/replies?which=unmatched").text
    assert "谁？" in page
    assert "已收到" not in page
    assert "还没有回复" in house.get("/replies?to=13700137000").text


def test_a_conversation_goes_on(house: House) -> None:
    """
    Both sides, and our next word, sent once.
    """
    fill(house)
    page = house.get(f"/conversations/{IDS[0]}").text
    assert "已收到" in page
    path = f"/conversations/{IDS[0]}"
    assert path in house.post(path, text="明天见。", once="7").where
    house.post(path, text="明天见。", once="7")
    assert 1 == len(house.shelf.kept)
    assert 422 == house.post(path, text="", once="8").status
    house.login("zhang")
    assert 404 == house.get(path).status
    assert 404 == house.post(path, text="x").status
