"""
Messages: found, followed, stopped, sent again; each within one's scope.
"""

import re

import attrs
import pytest

from smsgw.directory import Price
from tests.support.console import House
from tests.support.record import IDS, NOW, PHONE, chunk, ended, facts, record, sent


@pytest.fixture
def filled(house: House) -> House:
    """
    Three messages of C{his} (delivered, failed, open), one of C{ward}.
    """
    record(
        house.database,
        chunk(IDS[:3]),
        chunk([IDS[10]], account="ward"),
        facts(*sent(), *ended()),
        facts(*sent(IDS[1]), *ended(IDS[1], "undelivered", "MK:0001")),
        directory=house.directory,
    )
    house.wall.at = NOW + 60
    house.login()
    return house


def test_the_list_and_its_filters(filled: House) -> None:
    """
    Newest first; each filter narrows it.
    """
    page = filled.get("/messages").text
    assert [True] * 4 == [one in page for one in (*IDS[:3], IDS[10])]
    assert IDS[1] in filled.get("/messages?state=failed").text
    assert IDS[0] not in filled.get("/messages?state=failed").text
    assert IDS[0] not in filled.get("/messages?account=ward").text
    assert IDS[0] in filled.get(f"/messages?to={PHONE}").text
    assert IDS[0] not in filled.get("/messages?to=13900000000").text
    assert (
        "没有符合条件" in filled.get("/messages?since=2020-01-01&until=2020-01-02").text
    )
    assert 422 == filled.get("/messages?to=nonsense").status


def test_one(filled: House) -> None:
    """
    Its steps with their times, its code in words, whose it is.
    """
    page = filled.get(f"/messages/{IDS[1]}").text
    assert "未送达" in page
    assert "收到状态报告" in page
    assert "责任方" in page
    assert PHONE in filled.get(f"/messages/{IDS[0]}").text
    assert 404 == filled.get("/messages/0000000000000").status


def test_its_dots_tell_what_became_of_it(filled: House) -> None:
    """
    A receipt looks like what it says.
    """
    page = filled.get(f"/messages/{IDS[0]}").text
    assert re.search(r'<li class="good"><div><strong>收到状态报告', page)
    page = filled.get(f"/messages/{IDS[1]}").text
    assert re.search(r'<li class="bad"><div><strong>收到状态报告', page)


def test_its_money(filled: House) -> None:
    """
    Set aside, charged, the rest given back; nothing where nothing is billed.
    """
    assert "费用" not in filled.get(f"/messages/{IDS[0]}").text
    account = attrs.evolve(filled.directory.accounts["his"], billing="postpaid")
    filled.desk.gateway.directory = attrs.evolve(
        filled.directory,
        accounts={**filled.directory.accounts, "his": account},
        prices={"any": Price("any", 900), "one": Price("one", 450, channel="cmcc")},
    )
    late = facts(*ended(IDS[1]))
    rows = r'data-name="记账">(\w+)</td><td class="number" data-name="元">([\d.]+)'
    found = [re.findall(rows, filled.get(f"/messages/{name}").text) for name in IDS[:3]]
    assert [
        [("预留", "0.09"), ("扣费", "0.0450"), ("退回", "0.0450")],
        [("预留", "0.09"), ("退回", "0.09")],
        [("预留", "0.09")],
    ] == found
    record(filled.database, late, directory=filled.directory)
    page = filled.get(f"/messages/{IDS[1]}").text
    assert "已送达" in page
    assert [("预留", "0.09"), ("退回", "0.09")] == re.findall(rows, page)


def test_its_frames(filled: House) -> None:
    """
    The PDUs that the carrier was given, for who may see raw ones.
    """
    page = filled.get(f"/messages/{IDS[0]}").text
    assert "协议报文" in page
    assert "CMPP_SUBMIT" in page
    assert "900001" in page


def test_who_was_told(filled: House) -> None:
    """
    Events that wait for the business system, and those it has.
    """
    page = filled.get(f"/messages/{IDS[0]}").text
    assert "告知业务系统" in page
    assert "message.delivered" in page
    assert "未取走" in page


def test_scope_and_masks(filled: House) -> None:
    """
    A department sees its own, and without the permission no whole number.
    """
    filled.login("zhang")
    page = filled.get("/messages").text
    assert IDS[10] in page
    assert IDS[0] not in page
    assert PHONE not in page
    assert "138****8000" in page
    assert 404 == filled.get(f"/messages/{IDS[0]}").status
    assert 404 == filled.post(f"/messages/{IDS[0]}/cancel").status
    table = filled.get("/messages.csv").text
    assert PHONE not in table
    assert IDS[0] not in table


def test_failures_in_words(filled: House) -> None:
    """
    Counted by code, with a way to the messages.
    """
    page = filled.get("/failed").text
    assert "MK:0001" in page
    assert "data-chart" in page
    assert "没有失败的短信" in filled.get("/failed?account=ward").text


def test_stopping(filled: House) -> None:
    """
    What the queue says is told.
    """
    answer = filled.post(f"/messages/{IDS[2]}/cancel")
    assert "told=" in answer.where
    assert [IDS[2]] == filled.stopper.asked
    filled.stopper.answer = "too_late"
    assert "kind=warning" in filled.post(f"/messages/{IDS[2]}/cancel").where


def test_sending_again(filled: House) -> None:
    """
    A new message, once for each time that the form was shown.
    """
    first = filled.post(f"/messages/{IDS[1]}/resend", once="1")
    assert first.where.startswith(f"/messages/{IDS[1]}?told=")
    again = filled.post(f"/messages/{IDS[1]}/resend", once="1")
    assert first.where == again.where
    assert 1 == len(filled.shelf.kept)


def test_finding(filled: House) -> None:
    """
    An id, a number, a name.
    """
    assert f"/messages/{IDS[0]}" == filled.get(f"/find?q={IDS[0].lower()}").where
    assert f"/messages?to={PHONE}" == filled.get(f"/find?q={PHONE}").where
    assert "张护士" in filled.get("/find?q=张").text
    assert "没有找到" in filled.get("/find?q=zzz").text
    assert "没有找到" in filled.get("/find?q=").text


def test_the_table(filled: House) -> None:
    """
    With the mark that Excel needs.
    """
    answer = filled.get("/messages.csv")
    assert answer.body.startswith(b"\xef\xbb\xbf")
    assert PHONE in answer.text
    assert "attachment" in answer.headers["content-disposition"]


def test_the_phone_page(filled: House) -> None:
    """
    Who may see the number gets the patient's link; others do not.
    """
    page = filled.get(f"/messages/{IDS[0]}").text
    found = re.search(r'href="(/m/[^"]+)"', page)
    assert found is not None
    assert 200 == filled.get(found[1]).status
    filled.login("zhang")
    assert "/m/" not in filled.get(f"/messages/{IDS[10]}").text
