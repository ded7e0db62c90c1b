"""
The main tasks of the pages, as people do them.
"""

import re
import time

import pytest

from tests.browser.conftest import Visitor


@pytest.mark.real
def test_following_a_message(admin: Visitor) -> None:
    """
    Found by its number in the head line, followed, sent again.
    """
    page = admin.page
    admin.go("/")
    if admin.size == "desktop":
        page.keyboard.press("/")
    page.fill("#find", "13800000003")
    page.press("#find", "Enter")
    page.click("tbody a >> nth=0")
    text = page.inner_text("main")
    assert "已受理" in text
    assert "收到状态报告" in text
    admin.shoot("message")
    assert [] == admin.faults()
    page.click("main button:has-text('再发一次')")
    page.wait_for_url("**/messages/*told=*")
    assert "已作为新短信" in page.inner_text("main")


@pytest.mark.real
def test_a_template_from_its_form_to_its_use(admin: Visitor) -> None:
    """
    A mistake is told, put right, saved; the log has it; then it goes.
    """
    page, name = admin.page, f"reminder-{admin.size}"
    admin.go("/templates/new")
    page.fill("#f-id", name)
    page.fill("#f-name", "空腹提醒")
    page.fill("#f-text", "{姓名}您好，明早请空腹。")
    page.fill("#f-variables", "姓名,nonsense")
    page.click("main button:has-text('保存')")
    assert "没有保存" in page.inner_text("main")
    page.fill("#f-variables", "姓名,name")
    page.click("main button:has-text('保存')")
    page.wait_for_url("**/templates?told=*")
    page.wait_for_timeout(1500)
    admin.go(f"/templates/{name}")
    page.click("main a:has-text('变更记录')")
    page.click("summary:has-text('新建')")
    assert "空腹" in page.inner_text("main")
    admin.go(f"/templates/{name}")
    page.click("main button:has-text('删除')")
    page.wait_for_url("**/templates?told=*")


@pytest.mark.real
def test_a_number_is_blocked(admin: Visitor) -> None:
    """
    From the page to the refusal of the next message, within seconds.
    """
    page, number = admin.page, {"desktop": "13911110001", "phone": "13911110002"}
    admin.go("/blacklist")
    page.fill("#numbers", number[admin.size])
    page.fill("#reason", "投诉")
    page.click("button[value=block]")
    page.wait_for_url("**/blacklist?told=*")
    told, until = "", time.monotonic() + 10
    while "4101" not in told and time.monotonic() < until:
        page.wait_for_timeout(500)
        answer = admin.site.ask(
            "POST", "/v1/messages", {"to": [number[admin.size]], "text": "您好"}
        )
        sent = answer["items"][0]["id"]
        page.wait_for_timeout(1500)
        admin.go(f"/messages/{sent}")
        told = page.inner_text("main")
    assert "4101" in told


@pytest.mark.real
def test_a_channel_is_paused_and_resumed(admin: Visitor) -> None:
    """
    With a reason, which the log keeps.
    """
    page = admin.page
    admin.go("/monitor")
    card = page.locator("section.card").first
    card.locator("input[name=reason]").fill("线路检修")
    card.locator("button[value=pause]").click()
    page.wait_for_url("**/monitor?told=*")
    page.wait_for_timeout(2500)
    admin.go("/monitor")
    assert "线路检修" in page.inner_text("main")
    page.locator("button[value=resume]").first.click()
    page.wait_for_url("**/monitor?told=*")


@pytest.mark.real
def test_a_channel_is_traced(admin: Visitor) -> None:
    """
    From its page: frames come by themselves, a frame is opened, the trace ended.
    """
    page = admin.page
    admin.go("/monitor")
    page.click("main h2 a >> nth=0")
    assert "已登录" in page.inner_text("#lines")
    page.click("main a:has-text('报文跟踪')")
    page.click("button[value=start]")
    page.wait_for_selector("#next:has-text('正在跟踪')")
    page.wait_for_timeout(1200)
    admin.site.ask("POST", "/v1/messages", {"to": ["13900002222"], "text": "您好"})
    frame = page.locator("#frames > details", has_text="提交短信").last
    frame.locator("summary").first.click()
    assert "CMPP_SUBMIT" in frame.inner_text()
    assert "13900002222" not in page.inner_text("main")
    admin.shoot("traced")
    assert [] == admin.faults()
    page.click("button[value=stop]")
    page.wait_for_url("**/trace?told=*")
    assert "已结束" in page.inner_text("main")


@pytest.mark.real
def test_the_overview_lives(admin: Visitor) -> None:
    """
    Figures change by themselves while messages go.
    """
    page = admin.page
    admin.go("/")
    items = [{"to": f"139{n:08d}", "text": f"第{n}号，请就诊。"} for n in range(300)]
    admin.site.ask("POST", "/v1/messages/batch", {"items": items})
    pattern = re.compile(r"受理\s+([0-9.]+) /s")
    until, rates = time.monotonic() + 15, {"0.0"}
    while rates <= {"0.0"} and time.monotonic() < until:
        page.wait_for_timeout(300)
        found = pattern.search(page.inner_text("[data-live]"))
        rates.add(found[1] if found else "0.0")
    assert rates > {"0.0"}


@pytest.mark.real
def test_a_colleague_comes_in(admin: Visitor) -> None:
    """
    A one-time password for a nurse, who sees her department and nothing else.
    """
    page = admin.page
    admin.go("/logins")
    row = page.locator("tr", has_text="zhang")
    row.locator("text=一次性密码").click()
    password = page.inner_text("code.user-select-all")
    admin.shoot("one-time-password")
    admin.page.context.clear_cookies()
    page.goto(f"{admin.site.url}/login")
    page.fill("#person", "zhang")
    page.fill("#password", password)
    page.click("button[type=submit]")
    assert "/password" in page.url
    page.fill("#old", password)
    page.fill("#new", "Calm-harbour-7")
    page.fill("#again", "Calm-harbour-7")
    page.click("form[action='/password'] button")
    page.fill("#person", "zhang")
    page.fill("#password", "Calm-harbour-7")
    page.click("button[type=submit]")
    assert "短信查询" in page.inner_text("nav.menu") or admin.size == "phone"
    page.goto(f"{admin.site.url}/channels")
    assert "没有权限" in page.inner_text("main")
    page.goto(f"{admin.site.url}/messages")
    assert "女士您好" not in page.inner_text("main")
