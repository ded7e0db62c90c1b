"""
Links on a patient's phone: what they show, what they do, and what they never do.
"""

import pytest

from smsgw.message import decode_chunk, encode
from smsgw.rules.blocked import Block
from smsgw.security.fields import Fields
from smsgw.security.links import LASTING, make_link
from smsgw.storage.blocklist import blocks_of
from tests.support.console import House
from tests.support.record import (
    FIELDS,
    IDS,
    NOW,
    PHONE,
    chunk,
    ended,
    facts,
    now_or_never,
    record,
    sent,
)

TEXT = "您的检查报告已出。"


def written(
    house: House,
    name: str = IDS[0],
    category: str = "notice",
    account: str = "his",
    to: str = PHONE,
) -> str:
    """
    A message in the record, and its link.
    """
    kind, body = chunk([name], account=account, to=to)
    made = decode_chunk(body)
    made.category = category
    told = facts(*sent(name), *ended(name))
    record(house.database, (kind, encode(made)), told, directory=house.directory)
    return f"/m/{make_link(FIELDS, name, NOW)}"


def blocks(house: House, number: str = PHONE) -> list[Block]:
    """
    What stops messages to a number.
    """
    found = now_or_never(house.database.read(blocks_of, FIELDS, number))
    return [one.block for one in found]


def test_a_message_without_login(house: House) -> None:
    """
    Signature, text, time; in both languages; not the number, nobody else's.
    """
    link = written(house)
    written(house, IDS[1], to="13900139000")
    page = house.get(link)
    assert 200 == page.status
    for told in ("【市一医院】", TEXT, "2026-09-21", "退订"):
        assert told in page.text
    assert PHONE not in page.text
    assert "最近的短信" not in page.text
    assert "确认已知悉" not in page.text
    assert "Opt out" in house.get(f"{link}?lang=en").text


def test_headers(house: House) -> None:
    """
    As strict as the console's, and for no search engine.
    """
    page = house.get(written(house))
    assert "no-store" == page.headers["cache-control"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "noindex" in page.text
    assert " style=" not in page.text


def test_the_last_ones(house: House) -> None:
    """
    At most ten of the same account to the same number, and no codes.
    """
    link = written(house)
    written(house, IDS[20], "otp")
    written(house, IDS[21], account="ward")
    for name in IDS[1:15]:
        written(house, name)
    page = house.get(link).text
    assert 11 == page.count(TEXT)
    assert "验证码</span>" not in page


def test_opting_out_asks_once(house: House) -> None:
    """
    The first press asks, the second stops this account's messages alone.
    """
    link = written(house)
    asked = house.post(link, do="stop")
    assert "确定退订" in asked.text
    assert [] == blocks(house)
    done = house.post(link, do="stop", sure="yes")
    assert "已退订" in done.text
    assert [Block(PHONE, "account:his", source="page")] == blocks(house)
    assert "您已退订" in house.get(link).text


def test_looking_changes_nothing(house: House) -> None:
    """
    Programs that open links before people do neither stop nor acknowledge.
    """
    link = written(house, category="critical")
    house.get(f"{link}?do=stop&sure=yes")
    house.get(f"{link}?do=seen")
    house.post(link, do="else")
    assert [] == blocks(house)
    assert "确认已知悉" in house.get(link).text


def test_a_critical_value(house: House) -> None:
    """
    Acknowledged once; the first time stays.
    """
    link = written(house, category="critical")
    house.wall.at = NOW + 60
    assert "已确认知悉" in house.post(link, do="seen").text
    house.wall.at = NOW + 3600
    page = house.post(link, do="seen").text
    assert "已确认知悉 · 2026-09-21 22:14:20" in page


def test_only_critical_ones(house: House) -> None:
    """
    There is nothing to acknowledge in a reminder.
    """
    link = written(house)
    assert "已确认知悉" not in house.post(link, do="seen").text


@pytest.mark.parametrize("token", ["x", "A" * 44, "..", "é", "A" * 4000])
def test_nothing_to_guess(house: House, token: str) -> None:
    """
    Any other token, another key's and a link to nothing look the same.
    """
    written(house)
    other = make_link(Fields(key=bytes(range(1, 33))), IDS[0], NOW)
    gone = make_link(FIELDS, IDS[9], NOW)
    pages = [house.get(f"/m/{one}") for one in (token, other, gone)]
    assert [404] * 3 == [page.status for page in pages]
    assert 1 == len({page.text for page in pages})


def test_over(house: House) -> None:
    """
    After its time it says so, and does nothing.
    """
    link = written(house)
    house.wall.at = NOW + LASTING
    page = house.post(link, do="stop", sure="yes")
    assert 410 == page.status
    assert "链接已过期" in page.text
    assert TEXT not in page.text
    assert [] == blocks(house)


def test_often(house: House) -> None:
    """
    An address that asks again and again waits; later it may.
    """
    link = written(house)
    told = [house.get(link).status for _ in range(31)]
    assert [*[200] * 30, 429] == told
    house.wall.at += 2
    assert 200 == house.get(link).status
