"""
Sending from the console: written, looked at, confirmed, and once only.
"""

import re
from itertools import pairwise

import attrs
import pytest

from smsgw.admin.sheets import read_sheet, xlsx_file
from smsgw.directory import Price
from smsgw.message import decode_chunk
from smsgw.rules.blocked import Block
from smsgw.rules.book import Lists, Rulebook
from tests.support.console import HOSPITAL, House
from tests.support.record import PHONE

BOOK = (
    ("姓名", "手机", "时间"),
    ("张三", "13800138000", "周一上午"),
    ("李四", "1380013800", "周二"),
    ("王五", "13800138002", ""),
    ("赵六", "13800138003", "周三"),
    ("又张三", "13800138000", "周四"),
)


def sent(house: House) -> dict[str, str]:
    """
    What the gateway took: texts by number.
    """
    found = {}
    for admission in house.shelf.kept:
        for stored in admission.chunks:
            chunk = decode_chunk(stored.body)
            texts = chunk.texts or [chunk.text] * len(chunk.to)
            found |= dict(zip(chunk.to, texts, strict=True))
    return found


def changed(house: House, **changes: object) -> None:
    """
    The account C{his} is another.
    """
    account = attrs.evolve(HOSPITAL.accounts["his"], **changes)
    accounts = {**HOSPITAL.accounts, "his": account}
    house.desk.gateway.directory = attrs.evolve(HOSPITAL, accounts=accounts)


def test_one_text_to_a_few(house: House) -> None:
    """
    Nothing goes before it is confirmed; a second click sends nothing more.
    """
    house.login("liu")
    assert "发送短信" in house.get("/send").text
    written = f"{PHONE}, 1380013800 {PHONE}\n13900139000"
    answer = house.post("/send", account="his", text="明日停诊", written=written)
    where = answer.where
    page = house.get(where).text
    assert "functools" not in page
    assert "【示范医院】明日停诊" in page
    assert "号码位数不对" in page
    assert "号码重复" in page
    assert {} == sent(house)
    first, second = house.post(where), house.post(where)
    assert where.replace("send", "batches") == second.where
    assert first.where.startswith(second.where)
    assert {PHONE: "明日停诊", "13900139000": "明日停诊"} == sent(house)
    assert 1 == len(house.shelf.kept)
    assert second.where == house.get(where).where
    page = house.get(second.where).text
    assert "明日停诊" in page
    assert "明日停诊" in house.get("/batches").text


def test_a_double_click_at_once(house: House) -> None:
    """
    Before the sending is noted the gateway itself knows the key.
    """
    house.login("liu")
    where = house.post("/send", account="his", text="您好", written=PHONE).where
    house.post(where)
    with house.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM sendings")
    assert 303 == house.post(where).status
    assert 1 == len(house.shelf.kept)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_file_with_columns(house: House, kind: str) -> None:
    """
    Columns fill braces; rows that lack something are shown and can be taken home.
    """
    house.login("liu")
    body = xlsx_file(BOOK)
    if kind == "csv":
        body = "\n".join(",".join(row) for row in BOOK).encode("gb18030")
    answer = house.upload(
        "/send", f"a.{kind}", body, account="his", text="{姓名}您好，请{时间}来院。"
    )
    page = house.get(answer.where).text
    assert "张三您好，请周一上午来院。" in page
    assert "缺少时间" in page
    bad = read_sheet(house.get(f"{answer.where}/bad").body)
    assert [("3", "李四"), ("6", "又张三"), ("4", "王五")] == [
        (row["行"], row["姓名"]) for _, row in bad.rows
    ]
    house.post(answer.where)
    assert {
        "13800138000": "张三您好，请周一上午来院。",
        "13800138003": "赵六您好，请周三来院。",
    } == sent(house)


def test_a_template(house: House) -> None:
    """
    Its variables are asked for; what is left empty comes from columns.
    """
    house.login("liu")
    page = house.post("/send", account="his", template="visit", do="choose").text
    assert 'name="vars.姓名"' in page
    assert "到门诊就诊" in page
    answer = house.upload(
        "/send",
        "a.xlsx",
        xlsx_file(BOOK),
        account="his",
        template="visit",
        **{"vars.时间": "本周", "vars.姓名": ""},
    )
    house.post(answer.where)
    assert "王五您好，请于本周到门诊就诊。" == sent(house)["13800138002"]
    answer = house.post(
        "/send",
        account="his",
        template="visit",
        written=PHONE,
        **{"vars.时间": "本周", "vars.姓名": ""},
    )
    assert 422 == answer.status
    assert "没有“姓名”这一列" in answer.text


def test_contacts_and_groups(house: House) -> None:
    """
    Each person once; columns of the book are columns too.
    """
    house.login("liu")
    for name, phone in (("王芳", "13800138001"), ("李强", "13900139000")):
        house.post("/contacts/new", name=name, phone=phone, book="shared", groups="组")
    house.login("zhang")
    assert "组" in house.get("/send?group=shared/组").text
    ids = re.findall(r'href="/contacts/([0-9a-f]{32})"', house.get("/contacts").text)
    page = house.post("/send", account="ward", ids=ids[:1], do="choose").text
    assert "选中的联系人" in page
    assert "13800138001" not in page
    answer = house.post(
        "/send",
        account="ward",
        text="{姓名}您好",
        groups=["shared/组", "liu/组"],
        ids=ids,
    )
    page = house.get(answer.where).text
    assert "138****8001" in page
    assert "13800138001" not in page
    house.post(answer.where)
    assert {"13800138001": "王芳您好", "13900139000": "李强您好"} == sent(house)


def test_only_for_their_accounts(house: House) -> None:
    """
    A form with another's account is refused, as is another's draft.
    """
    house.login("zhang")
    page = house.get("/send").text
    assert "门诊预约" not in page
    answer = house.post("/send", account="his", text="您好", written=PHONE)
    assert 422 == answer.status
    where = house.post("/send", account="ward", text="您好", written=PHONE).where
    house.login("liu")
    assert 422 == house.get(where).status
    assert 422 == house.post(where).status
    assert {} == sent(house)


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"written": PHONE}, "请写短信内容"),
        ({"text": "您好"}, "请给出接收人"),
        ({"text": "{床}您好", "written": PHONE}, "没有“床”这一列"),
        ({"text": "您好", "written": PHONE, "send_at": "x"}, "日期和时间"),
        ({"text": "您好", "written": PHONE, "send_at": "2001-01-01T00:00"}, "之后"),
        ({"text": "您好", "written": PHONE, "trial": "-1"}, "整数"),
        ({"text": "您好", "written": PHONE, "category": "x"}, "类别"),
        ({"template": "none", "written": PHONE}, "模板"),
    ],
)
def test_what_is_wrong_stays_in_the_form(
    house: House, form: dict[str, str], told: str
) -> None:
    """
    In words, with what was filled in.
    """
    house.login("liu")
    answer = house.post("/send", account="his", **form)
    assert 422 == answer.status
    assert told in answer.text
    assert form.get("text", "") in answer.text
    assert f">{form.get('written', '')}</textarea>" in answer.text


def test_one_wrong_field_keeps_the_others(house: House) -> None:
    """
    Template, variables, period and trial too.
    """
    house.login("liu")
    page = house.post(
        "/send",
        account="his",
        template="visit",
        spread="120",
        trial="7",
        send_at="x",
        **{"vars.时间": "周一"},
    ).text
    assert 'value="周一"' in page
    assert '<option value="120" selected>' in page
    assert 'name="trial" inputmode="numeric" value="7"' in page


def test_a_file_that_is_none(house: House) -> None:
    """
    The words say what a table needs.
    """
    house.login("liu")
    answer = house.upload("/send", "a.csv", b"a\n1\n", account="his", text="x")
    assert "文件没有“手机”列" in answer.text


def test_changing_a_draft_keeps_its_file(house: House) -> None:
    """
    The file need not be brought again, unless it is not wanted.
    """
    house.login("liu")
    answer = house.upload(
        "/send", "名单.xlsx", xlsx_file(BOOK), account="his", text="{姓名}好"
    )
    key = answer.where.rpartition("/")[2]
    page = house.get(f"/send?draft={key}").text
    assert "名单.xlsx" in page
    assert "{姓名}好" in page
    again = house.post("/send", draft=key, account="his", text="{姓名}早")
    assert "张三早" in house.get(again.where).text
    without = {"draft": key, "account": "his", "no_file": "1", "written": PHONE}
    answer = house.post("/send", text="早", **without)
    assert 1 == len(
        re.findall(
            r'<td class="nowrap" data-name="手机">', house.get(answer.where).text
        )
    )


def test_blocked_numbers_are_left_out(house: House) -> None:
    """
    Who opted out is told of before anything is sent.
    """
    house.login("liu")
    lists = Lists()
    lists = attrs.evolve(lists, blocked=lists.blocked.with_changes([Block(PHONE)]))
    house.desk.gateway.book = Rulebook.of(HOSPITAL, lists)
    written = f"{PHONE} 13900139000"
    where = house.post("/send", account="his", text="您好", written=written).where
    assert "已退订或在黑名单" in house.get(where).text
    house.post(where)
    assert ["13900139000"] == list(sent(house))


def test_nobody_left(house: House) -> None:
    """
    The preview has no button then.
    """
    house.login("liu")
    where = house.post("/send", account="his", text="您好", written="123").where
    page = house.get(where).text
    assert "没有可以发送的号码" in page
    assert "data-once" not in page
    assert house.post(where).where.startswith("/send?draft=")


def test_many_wait_for_consent(house: House) -> None:
    """
    Even where they go in parts; the answer says so.
    """
    house.login("liu")
    changed(house, review_above=1000)
    rows = "\n".join(f"人{one},138{one:08}" for one in range(2100))
    answer = house.upload(
        "/send", "a.csv", f"姓名,手机\n{rows}".encode(), account="his", text="{姓名}好"
    )
    assert "另一个人审核同意" in house.get(answer.where).text
    answer = house.post(answer.where)
    assert "kind=info" in answer.where
    held = {
        (stored.lane, decode_chunk(stored.body).maker)
        for admission in house.shelf.kept
        for stored in admission.chunks
    }
    assert {("held", "liu")} == held
    assert 3 == len(house.shelf.kept)
    assert 2100 == len(sent(house))


def test_price_and_time(house: House) -> None:
    """
    What it costs at most; later, and spread in parts.
    """
    house.login("liu")
    house.desk.gateway.directory = attrs.evolve(
        HOSPITAL, prices={"all": Price("all", 450)}
    )
    rows = "\n".join(f"138{one:08}" for one in range(600))
    answer = house.post(
        "/send",
        account="his",
        text="您好",
        written=rows,
        spread="10",
        send_at="2026-09-22T08:00",
    )
    page = house.get(answer.where).text
    assert "27.00" in page
    assert "2026-09-22 08:00:00" in page
    house.post(answer.where)
    due = sorted(
        {
            stored.not_before
            for admission in house.shelf.kept
            for stored in admission.chunks
        }
    )
    assert [60.0] * 9 == [late - early for early, late in pairwise(due)]


def test_refused_at_last(house: House) -> None:
    """
    What was well at the preview may be refused at the end: told on the same page.
    """
    house.login("liu")
    where = house.post("/send", account="his", text="您好", written=PHONE).where
    changed(house, active=False)
    answer = house.post(where)
    assert 422 == answer.status
    assert "没有发出" in answer.text


def test_english(house: House) -> None:
    """
    The form and the preview have all their words in English too.
    """
    house.login("liu")
    house.get("/?lang=en")
    page = house.get("/send").text
    where = house.post("/send", account="his", text="Hello", written=f"{PHONE} 1").where
    page += house.get(where).text + house.get(f"{house.post(where).where}").text
    words = re.findall(r"<(?:h1|h2|dt|legend|button)[^>]*>([^<]+)", page)
    assert not re.search(r"[\u4e00-\u9fff]", "".join(words)), words
    assert "wrong number of digits" in page
