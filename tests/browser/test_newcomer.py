"""
A newcomer's way with nothing but the help pages: from the first login to the result of
a scheduled batch, over a simulated carrier.
"""

import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from smsgw.admin.sheets import xlsx_file
from smsgw.cli.stage import Stage
from smsgw.config import read_secret
from tests.browser.conftest import (
    NAMES,
    PASSWORD,
    ROOT,
    SIZES,
    Site,
    Visitor,
    until,
    visitor,
)

CHINA = timezone(timedelta(hours=8))
SAVE = "main form.card button:has-text('保存')"
TRY = "main button:has-text('测试连接')"
PEOPLE = 12


@pytest.fixture
def newcomer(browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    """
    Before a gateway that knows nothing yet: no channel, account or rule.
    """
    stage = Stage(tmp_path / "stage", ROOT / "etc", usual=False)
    stage.build()
    try:
        stage.start_carrier()
        stage.start_gateway()
        path = stage.folder / "data" / "first-login.txt"
        until(lambda: stage.check() or (path.exists() and path.read_text("utf-8")))
        person, password = path.read_text("utf-8").split()
        site = Site(stage, (person, password))
        until(lambda: answers(site))
        yield from visitor(browser, site, "desktop")
    finally:
        stage.stop()


def answers(site: Site) -> bool:
    """
    Whether the console is there.
    """
    try:
        with urllib.request.urlopen(f"{site.url}/login", timeout=5) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def step(somebody: Visitor, name: str) -> None:
    """
    Read how on the page of first steps, and go where it says.
    """
    somebody.go("/help/first-steps")
    somebody.page.click(f"#{name} a")
    somebody.page.wait_for_load_state()


def make(somebody: Visitor, **fields: str) -> None:
    """
    Open the form of a new one, fill it in, and save.
    """
    page = somebody.page
    page.click("main a:has-text('新建')")
    fill(somebody, fields)
    save(somebody, fields["id"])


def save(somebody: Visitor, name: str) -> None:
    """
    It stands in the list within a second or two.
    """
    page = somebody.page
    page.click(SAVE)
    page.wait_for_url("**told=*")
    until(lambda: page.reload() and page.locator(f"main td:has-text('{name}')").count())


def fill(somebody: Visitor, fields: dict[str, str]) -> None:
    """
    Fields by their names, whatever they are.
    """
    for name, value in fields.items():
        place = somebody.page.locator(f"main form.card [name='{name}']").first
        if place.evaluate("it => it.tagName") == "SELECT":
            place.select_option(value)
        else:
            place.fill(value)


def look(somebody: Visitor, name: str) -> None:
    """
    A picture at both sizes; nothing wrong at either.
    """
    for size, (width, height) in reversed(SIZES.items()):
        somebody.page.set_viewport_size({"width": width, "height": height})
        somebody.size = size
        somebody.shoot(f"newcomer-{name}")
        assert [] == somebody.faults()


def first_login(somebody: Visitor) -> None:
    """
    With the one-time password, which has to be changed.
    """
    page, (person, password) = somebody.page, somebody.site.first
    somebody.go("/")
    page.fill("#person", person)
    page.fill("#password", password)
    page.click("button[type=submit]")
    page.fill("#old", password)
    page.fill("#new", PASSWORD)
    page.fill("#again", PASSWORD)
    page.click("form[action='/password'] button")
    page.fill("#person", person)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("nav a[href='/help']")


def channel(somebody: Visitor) -> None:
    """
    With what the carrier wrote down; tried before it is saved.
    """
    page, stage = somebody.page, somebody.site.stage
    step(somebody, "channel")
    page.click("main a:has-text('新建')")
    fields = {
        "id": "cmcc",
        "name": "移动",
        "carrier": "mobile",
        "protocol": "cmpp",
        "version": "3.0",
        "endpoint": f"tcp:127.0.0.1:{stage.ports['cmpp']}",
        "login": "900001",
        "access_number": "10690000",
    }
    fill(somebody, {**fields, "secret": "wrong"})
    page.click(TRY)
    page.wait_for_selector("main :text('登录被拒绝')")
    look(somebody, "refused")
    page.go_back()
    fill(somebody, {**fields, "secret": read_secret(stage.folder / "cmcc.secret")})
    page.click(TRY)
    page.wait_for_selector("main :text('登录成功')")
    look(somebody, "let-in")
    page.go_back()
    fill(somebody, {**fields, "secret": read_secret(stage.folder / "cmcc.secret")})
    save(somebody, "cmcc")
    somebody.go("/monitor")
    page.wait_for_selector("main :text('移动')")


def organisation(somebody: Visitor) -> None:
    """
    Where messages go, whom they are from, what they say.
    """
    somebody.go("/groups")
    make(somebody, id="all", primaries="cmcc 1")
    step(somebody, "route")
    make(somebody, id="all", order="100", group="all")
    step(somebody, "account")
    make(somebody, id="clinic", name="门诊部", signature="示范医院", category="notice")
    step(somebody, "template")
    make(
        somebody,
        id="visit",
        name="复诊提醒",
        text="{姓名}您好，请按时复诊。",
        variables="姓名,name,20",
        category="appointment",
    )


def contacts(somebody: Visitor, folder: Path) -> None:
    """
    From an Excel file.
    """
    page, file = somebody.page, folder / "contacts.xlsx"
    rows = [
        (f"{NAMES[n % 10]}女士", f"13800138{n:03d}", "随访", "") for n in range(PEOPLE)
    ]
    file.write_bytes(xlsx_file([("姓名", "手机", "分组", "备注"), *rows]))
    step(somebody, "contacts")
    page.click("main a:has-text('导入')")
    page.set_input_files("#file", file)
    page.click("main button:has-text('先看一看')")
    page.wait_for_url("**/contacts/import/*")
    page.click(f"main button:has-text('导入 {PEOPLE} 人')")
    page.wait_for_url("**/contacts?told=*")


def batch(somebody: Visitor) -> None:
    """
    To the group, at the next minute; then its result.
    """
    page = somebody.page
    step(somebody, "batch")
    page.check("main label:has-text('随访') input[name=groups]")
    page.fill("#text", "{姓名}您好，请按时复诊。")
    at = datetime.now(CHINA) + timedelta(seconds=90)  # the next minute but not this
    page.fill("#send_at", f"{at:%Y-%m-%dT%H:%M}")
    page.select_option("#category", "notice")
    page.click("main button:has-text('预览')")
    page.wait_for_url("**/send/*")
    look(somebody, "preview")
    page.click("main button:has-text('确认发送')")
    page.wait_for_url("**/batches/*")
    look(somebody, "waiting")
    step(somebody, "result")
    page.click("main tbody a >> nth=0")
    page.wait_for_selector("main :text('已完成')", timeout=90_000)
    page.reload()
    look(somebody, "result")
    assert f"{PEOPLE}" in page.inner_text("main")


@pytest.mark.real
def test_the_first_day(newcomer: Visitor, tmp_path: Path) -> None:
    """
    Every step that the page of first steps names, as it says; and it ticks them.
    """
    first_login(newcomer)
    look(newcomer, "home")
    channel(newcomer)
    organisation(newcomer)
    contacts(newcomer, tmp_path)
    batch(newcomer)
    newcomer.go("/help/first-steps")
    done = newcomer.page.locator("ol.walk li.done")
    walked = {done.nth(n).get_attribute("id") for n in range(done.count())}
    assert {"channel", "route", "account", "template", "contacts", "batch"} <= walked
    assert "result" in walked
    look(newcomer, "first-steps")
