"""
Every page of the menu, at both sizes: nothing outside is asked, nothing is too wide,
axe-core has no serious finding, and a picture is kept.
"""

import pytest

from smsgw.admin.routes import ROUTES
from tests.browser.conftest import Visitor

PAGES = [one.path for one in ROUTES if one.menu is not None]
MORE = [
    "/account",
    "/templates/new",
    "/rules/new",
    "/accounts/his",
    "/find?q=his",
    "/monitor/cmcc",
    "/monitor/cmcc/trace",
]


@pytest.mark.real
def test_the_login(anybody: Visitor) -> None:
    """
    Words for a wrong password, in both languages.
    """
    page = anybody.page
    anybody.go("/messages")
    assert "/login?next=" in page.url
    anybody.shoot("login")
    assert [] == anybody.faults()
    page.fill("#person", "nobody")
    page.fill("#password", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert "账号或密码不对" in page.inner_text("main")
    anybody.go("/login?lang=en")
    assert "Log in" in page.inner_text("main")


@pytest.mark.real
def test_every_page(admin: Visitor) -> None:
    """
    In light, and the overview in dark.
    """
    found = {}
    for path in [*PAGES, *MORE]:
        admin.go(path)
        admin.shoot(path.strip("/").replace("/", "-").partition("?")[0] or "overview")
        if faults := admin.faults():
            found[path] = faults
    assert {} == found
    admin.go("/")
    admin.page.click("[data-theme-switch]")
    admin.shoot("overview-dark")
    assert [] == admin.faults()


@pytest.mark.real
def test_without_scripts(admin: Visitor) -> None:
    """
    The content is there without JavaScript.
    """
    held = admin.page.context.cookies()
    browser = admin.page.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(held)  # type: ignore[arg-type]  # what it gave
    page = plain.new_page()
    page.goto(f"{admin.site.url}/messages?to=13800000007")
    assert "女士您好" in page.inner_text("main")
    page.goto(f"{admin.site.url}/")
    assert "今日受理" in page.inner_text("main")
    page.goto(f"{admin.site.url}/monitor/cmcc")
    assert "已登录" in page.inner_text("#lines")
    plain.close()
