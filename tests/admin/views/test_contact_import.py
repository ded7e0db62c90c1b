"""
Contacts from a file: looked at, bad rows taken home, then imported.
"""

from smsgw.admin.sheets import read_sheet, xlsx_file
from tests.support.console import House

ROWS = (
    ("姓名", "手机", "科室", "分组", "床号"),
    ("张三", "13800138000", "心内科", "随访;术后", "12"),
    ("李四", "1380013800", "骨科", "", "3"),
    ("王五", "13800138001", "", "随访", ""),
)


def test_import(house: House) -> None:
    """
    Nothing is written before it is confirmed; a second time it changes what is known.
    """
    house.login("liu")
    answer = house.upload("/contacts/import", "a.xlsx", xlsx_file(ROWS), book="shared")
    where = answer.where
    page = house.get(where).text
    assert "号码位数不对" in page
    assert "李四" in page
    assert "通讯录还是空的" in house.get("/contacts").text
    bad = read_sheet(house.get(f"{where}/bad").body)
    assert ["行", "原因", *ROWS[0]] == bad.columns
    assert [("3", "1380013800")] == [(row["行"], row["手机"]) for _, row in bad.rows]
    house.login("zhang")
    assert 422 == house.get(where).status
    house.login("liu")
    answer = house.post(where, known="renew")
    assert answer.where.startswith("/contacts?told=")
    page = house.get("/contacts").text
    assert "张三" in page
    assert "术后" in page
    assert 422 == house.post(where).status
    again = xlsx_file((ROWS[0], ("张三丰", *ROWS[1][1:])))
    for known, name in (("keep", "张三"), ("renew", "张三丰")):
        answer = house.upload("/contacts/import", "a.xlsx", again, book="shared")
        house.post(answer.where, known=known)
        assert f">{name}</a>" in house.get("/contacts?q=13800138000").text


def test_no_table(house: House) -> None:
    """
    Words that say what to do.
    """
    house.login("liu")
    answer = house.upload("/contacts/import", "a.csv", b"a,b\n1,2\n", book="liu")
    assert 422 == answer.status
    assert "没有“手机”列" in answer.text
    assert "请选择文件" in house.post("/contacts/import", book="liu").text
    answer = house.upload("/contacts/import", "a.csv", b"a", book="zhang")
    assert 403 == answer.status
    sample = read_sheet(house.get("/contacts/import/sample").body)
    assert "手机" in sample.columns
