"""
The address books' pages: found, changed, grouped, carried off; each within one's own.
"""

import re

from smsgw.admin.sheets import read_sheet
from tests.support.console import House
from tests.support.record import PHONE


def add(house: House, name: str, phone: str, **fields: str) -> str:
    """
    A new contact's id.
    """
    answer = house.post("/contacts/new", name=name, phone=phone, **fields)
    assert 303 == answer.status, answer.text
    page = house.get(f"/contacts?q={name}").text
    found = re.findall(r'href="/contacts/([0-9a-f]{32})"', page)
    return str(found[-1])


def test_from_empty_to_gone(house: House) -> None:
    """
    Added, found, changed, deleted; wrong input stays in the form.
    """
    house.login("liu")
    assert "通讯录还是空的" in house.get("/contacts").text
    answer = house.post("/contacts/new", name="王芳", phone="1380013800", book="shared")
    assert 422 == answer.status
    assert "号码位数不对" in answer.text
    assert 'value="1380013800"' in answer.text
    name = add(house, "王芳", PHONE, book="shared", fields="床号 = 12")
    page = house.get(f"/contacts/{name}").text
    assert PHONE in page
    assert "床号 = 12" in page
    answer = house.post(
        f"/contacts/{name}",
        name="王芳芳",
        phone=PHONE,
        department="骨科",
        new_group="随访",
    )
    assert 303 == answer.status
    page = house.get("/contacts?q=骨科").text
    assert "王芳芳" in page
    assert "随访" in page
    assert "王芳芳" in house.get(f"/contacts?q={PHONE}").text
    assert "没有符合条件" in house.get("/contacts?q=13900139000").text
    assert 303 == house.post(f"/contacts/{name}/delete").status
    assert 404 == house.get(f"/contacts/{name}").status


def test_books_are_apart(house: House) -> None:
    """
    Somebody's own book is nobody else's; the shared one is only looked at.
    """
    house.login("liu")
    shared = add(house, "公家", PHONE, book="shared")
    own = add(house, "私人", "13800138001", book="liu")
    house.login("zhang")
    page = house.get("/contacts").text
    assert "公家" in page
    assert "私人" not in page
    assert PHONE not in page
    assert "138****8000" in page
    assert 404 == house.get(f"/contacts/{own}").status
    page = house.get(f"/contacts/{shared}").text
    assert "这里只能查看" in page
    assert 403 == house.post(f"/contacts/{shared}", name="x", phone=PHONE).status
    assert 404 == house.post(f"/contacts/{shared}/delete").status
    answer = house.post("/contacts/new", name="x", phone=PHONE, book="liu")
    assert 403 == answer.status
    assert "warning" in house.post("/contacts/many", ids=[shared], do="delete").where


def test_a_hidden_number_stays(house: House) -> None:
    """
    Who may not see it does not spoil it by saving.
    """
    house.login("zhang")
    name = add(house, "我的", PHONE)
    assert 'value="138****8000"' in house.get(f"/contacts/{name}").text
    house.post(f"/contacts/{name}", name="改名", phone="138****8000")
    assert "改名" in house.get(f"/contacts?q={PHONE}").text


def test_many_at_once(house: House) -> None:
    """
    Into a group, out of it, gone.
    """
    house.login("liu")
    ids = [add(house, f"人{one}", f"1380013800{one}") for one in range(3)]
    back = "/contacts?q=人"
    answer = house.post(
        "/contacts/many", ids=ids, do="fill", to_group="随访", back=back
    )
    assert answer.where.startswith(back)
    assert 2 <= house.get("/contacts?group=liu/随访").text.count("人2")
    house.post("/contacts/many", ids=ids[:1], do="leave", to_group="随访")
    page = house.get("/contacts?group=liu/随访").text
    assert "人0" not in page
    assert "人1" in page
    answer = house.post("/contacts/many", ids=ids, do="fill", to_group="", back="//x")
    assert "warning" in answer.where
    assert answer.where.startswith("/contacts?")
    house.post("/contacts/many", ids=ids, do="delete")
    assert "通讯录还是空的" in house.get("/contacts").text


def test_pages_and_doubles(house: House) -> None:
    """
    Fifty a page; numbers that are there twice are pointed out.
    """
    house.login("liu")
    rows = "".join(f"人{one:03},138{one:08}\n" for one in range(120))
    answer = house.upload("/contacts/import", "a.csv", f"姓名,手机\n{rows}".encode())
    house.post(answer.where)
    page = house.get("/contacts").text
    assert 50 == len(re.findall(r'name="ids"', page))
    following = re.search(r'href="([^"]+after=[^"]+)"', page)
    assert following is not None
    page = house.get(following[1].replace("&amp;", "&")).text
    assert "人050" in page
    assert "回到第一页" in page
    add(house, "又一个", "13800000007")
    assert "号码重复" in house.get("/contacts").text
    page = house.get("/contacts?doubles=1").text
    assert 2 == len(re.findall(r'name="ids"', page))


def test_export(house: House) -> None:
    """
    What the list shows; numbers whole for those who may see them.
    """
    house.login("liu")
    add(house, "王芳", PHONE, book="shared", fields="床号 = 12", new_group="随访")
    add(house, "李四", "13900139000", book="liu")
    body = house.get("/contacts/export?kind=xlsx&book=shared").body
    assert [
        (
            2,
            {
                "姓名": "王芳",
                "手机": PHONE,
                "科室": "",
                "分组": "随访",
                "床号": "12",
            },
        )
    ] == read_sheet(body).rows
    house.login("zhang")
    body = house.get("/contacts/export?kind=csv").body
    assert ["138****8000"] == [row["手机"] for _, row in read_sheet(body).rows]


def test_english(house: House) -> None:
    """
    All words.
    """
    house.login("liu")
    house.get("/?lang=en")
    add(house, "Ann", PHONE)
    for path in ("/contacts", "/contacts/new", "/contacts/groups", "/contacts/import"):
        page = house.get(path).text
        words = re.findall(r"<(?:h1|h2|label|button|legend)[^>]*>([^<]+)", page)
        assert not re.search(r"[\u4e00-\u9fff]", "".join(words)), words
