"""
Contacts and sending, as people do them.
"""

from pathlib import Path

import pytest

from smsgw.admin.sheets import read_sheet, xlsx_file
from tests.browser.conftest import NAMES, Visitor

MANY = 20_000
DONE = "main :text('已完成')"


def table(size: str, rows: int, tens: str) -> bytes:
    """
    So many people, two of them with wrong numbers; each size has its own.
    """
    first = {"desktop": "6", "phone": "7"}[size]
    people = [
        (f"{NAMES[n % 10]}女士", f"13{tens}{first}{n:07d}", "随访", "周一上午")
        for n in range(rows)
    ]
    people[3] = ("坏一", "1380013", "", "")
    people[4] = ("坏二", "0571-88888888", "", "")
    return xlsx_file([("姓名", "手机", "分组", "时间"), *people])


@pytest.mark.real
def test_contacts_from_a_file_to_a_message(admin: Visitor, tmp_path: Path) -> None:
    """
    Imported, looked through, sent to as a group, and all of it arrives.
    """
    page, file = admin.page, tmp_path / "contacts.xlsx"
    file.write_bytes(table(admin.size, 1000, "8"))
    admin.go("/contacts/import")
    assert [] == admin.faults()
    page.set_input_files("#file", file)
    page.select_option("#book", "shared")
    page.click("main button:has-text('先看一看')")
    page.wait_for_url("**/contacts/import/*")
    assert "固定电话不能接收短信" in page.inner_text("main")
    admin.shoot("contacts-import")
    assert [] == admin.faults()
    page.click("main button:has-text('导入 998 人')")
    page.wait_for_url("**/contacts?told=*")
    admin.shoot("contacts")
    assert [] == admin.faults()
    page.click("main a:has-text('下一页')")
    page.click("tbody a >> nth=0")
    assert [] == admin.faults()
    admin.go("/contacts/groups")
    assert [] == admin.faults()
    page.click("main a:has-text('发短信') >> nth=0")
    page.fill("#text", "{姓名}您好，请按时复诊。")
    page.select_option("#category", "notice")  # at any hour
    page.fill("#trial", "10")
    admin.shoot("send")
    assert [] == admin.faults()
    page.click("main button:has-text('预览')")
    page.wait_for_url("**/send/*")
    assert "女士您好，请按时复诊。" in page.inner_text(".handset")
    page.click("main button:has-text('试发')")
    page.wait_for_url("**/batches/*")
    assert [] == admin.faults()
    page.click("main button:has-text('发送其余')")
    page.wait_for_selector(DONE, timeout=60_000)
    admin.shoot("batch")
    assert [] == admin.faults()
    admin.go("/batches")
    admin.shoot("batches")
    assert [] == admin.faults()


@pytest.mark.real
def test_twenty_thousand_rows(admin: Visitor, tmp_path: Path) -> None:
    """
    Looked at, bad rows taken home, scheduled over hours, and taken back.
    """
    page, file = admin.page, tmp_path / "many.xlsx"
    file.write_bytes(table(admin.size, MANY, "9"))
    admin.go("/send")
    page.fill("#text", "{姓名}您好，您的体检约在{时间}。")
    page.set_input_files("#file", file)
    page.select_option("#spread", "120")
    page.fill("#send_at", "2037-01-01T08:00")
    page.click("main button:has-text('预览')")
    assert "一年之内" in page.inner_text("main")
    page.fill("#send_at", "")
    page.set_input_files("#file", file)
    page.click("main button:has-text('预览')", timeout=60_000)
    page.wait_for_url("**/send/*", timeout=60_000)
    assert "19,998" in page.inner_text("main")
    page.click("summary:has-text('逐行查看')")
    admin.shoot("send-preview")
    assert [] == admin.faults()
    with page.expect_download() as waiting:
        page.click("main a:has-text('下载')")
    bad = read_sheet(Path(waiting.value.path()).read_bytes())
    assert ["坏一", "坏二"] == [row["姓名"] for _, row in bad.rows]
    page.click("main button:has-text('确认发送')", timeout=60_000)
    page.wait_for_url("**/batches/*", timeout=60_000)
    page.wait_for_timeout(3000)
    page.click("main button:has-text('撤回未提交的')")
    page.wait_for_selector("main :text('已撤回：')")
    admin.shoot("batch-taken-back")
    assert [] == admin.faults()
