"""
Sendings under way: followed, paused, taken back, tried and gone on with.
"""

import attrs
import pytest

from smsgw.admin.views.batches import standing_of
from smsgw.policies import SendWindow
from smsgw.rules.book import Rulebook
from smsgw.storage.sendings import Sending
from smsgw.views import Progress
from tests.admin.views.test_send import sent
from tests.support.console import House
from tests.support.record import IDS, PHONE, chunk, record

ROWS = " ".join(f"138{one:08}" for one in range(30))


def send(house: House, **form: str) -> str:
    """
    Thirty messages, or a trial of them; the page of their progress.
    """
    given = {"account": "his", "text": "明日停诊", "written": ROWS, **form}
    answer = house.post(house.post("/send", **given).where)
    return answer.where.partition("?")[0]


def test_what_the_record_does_not_have_yet_is_accepted() -> None:
    """
    A bar is whole from the beginning; it is done when all have ended.
    """
    sending = Sending("a" * 32, "his", "liu", recipients=10, refused=1)
    standing = standing_of(sending, Progress("", "running", {"delivered": 4}))
    assert [("good", "delivered", 4), ("wait", "accepted", 5)] == standing.parts
    assert (9, 4, False) == (standing.total, standing.ended, standing.done)
    states = {"delivered": 8, "undelivered": 1}
    standing = standing_of(sending, Progress("", "running", states))
    assert standing.done
    assert 1 == standing.of("undelivered", "rejected")


def test_followed_and_steered(house: House) -> None:
    """
    A word about what the record does not have yet is asked for again.
    """
    house.login("liu")
    where = send(house)
    page = house.get(where).text
    assert "hx-trigger" in page
    assert "<strong>30</strong>" in page
    answer = house.post(f"{where}/steer", do="pause")
    assert "kind=warning" in answer.where
    recorded(house)
    for do, told in (
        ("pause", "已暂停"),
        ("resume", "暂停</button>"),
        ("cancel", "已撤回"),
    ):
        answer = house.post(f"{where}/steer", do=do)
        assert "kind=success" in answer.where, answer
        assert told in house.get(where).text
    assert "kind=warning" in house.post(f"{where}/steer", do="resume").where
    assert 404 == house.post(f"{where}/steer", do="x").status


def recorded(house: House) -> None:
    """
    The record has caught up.
    """
    for admission in house.shelf.kept:
        record(
            house.database,
            *(("chunk", stored.body) for stored in admission.chunks),
            directory=house.directory,
        )


def test_a_trial_gone_on_with(house: House) -> None:
    """
    The rest goes once its sender says so, and only once.
    """
    house.login("liu")
    where = send(house, trial="5")
    assert 5 == len(sent(house))
    page = house.get(where).text
    assert "<strong>25</strong>" in page
    assert "其余 25" in house.get("/batches").text
    house.wall.at += 3600
    house.login("liu")
    house.post(f"{where}/rest", do="send")
    assert 30 == len(sent(house))
    assert 2 == len(house.shelf.kept)
    assert 404 == house.post(f"{where}/rest", do="send").status
    assert "发送其余" not in house.get(where).text


def test_a_trial_left(house: House) -> None:
    """
    By its sender's word, by taking all back, or because a day went by.
    """
    house.login("liu")
    where = send(house, trial="5")
    house.post(f"{where}/rest", do="drop")
    assert "发送其余" not in house.get(where).text
    assert "/ 5 条" in house.get(where).text
    where = send(house, trial="6")
    recorded(house)
    house.post(f"{where}/steer", do="cancel")
    assert 404 == house.post(f"{where}/rest", do="send").status
    where = send(house, trial="7")
    house.wall.at += 86_401
    house.login("liu")
    assert "没有在 24 小时内确认" in house.get(where).text
    assert "kind=danger" in house.post(f"{where}/rest", do="send").where
    assert 7 == len(sent(house))


def test_within_ones_data(house: House) -> None:
    """
    Others' sendings are not there; a batch of any door is, for those who see it.
    """
    house.login("liu")
    where = send(house)
    record(house.database, chunk(IDS[:1], to=PHONE), directory=house.directory)
    assert "明日停诊" in house.get("/batches").text
    assert 200 == house.get(f"/batches/{IDS[0]}").status
    house.login("zhang")
    assert "明日停诊" not in house.get("/batches").text
    for path in (where, f"/batches/{IDS[0]}", "/batches/nothing"):
        assert 404 == house.get(path).status
        assert 404 == house.post(f"{path}/steer", do="cancel").status
        assert 404 == house.post(f"{path}/rest", do="send").status


@pytest.mark.parametrize("count", [1, 25])
def test_the_list_by_pages(house: House, count: int) -> None:
    """
    Newest first.
    """
    house.login("liu")
    for number in range(count):
        house.wall.at += 1
        send(house, text=f"第{number}次", written=PHONE)
    page = house.get("/batches").text
    assert f"第{count - 1}次" in page
    assert ("更早的" in page) == (count > 20)


def test_out_of_hours(house: House) -> None:
    """
    The page says when the rules let it go, instead of that it is under way.
    """
    hours = SendWindow("evening", category="marketing", hours="08:00-21:00")
    directory = attrs.evolve(house.directory, windows={"evening": hours})
    house.desk.gateway.directory = directory
    house.desk.gateway.book = Rulebook.of(directory)
    house.login("liu")
    where = send(house, category="marketing")
    recorded(house)
    page = house.get(where).text
    assert "等待发送时段" in page
    assert "08:00:00" in page
    where = send(house, category="notice", text="明日照常")
    assert "等待发送时段" not in house.get(where).text
