"""
A gateway on loopback with some messages, and a browser that looks at its console.
"""

import json
import os
import re
import shutil
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from smsgw.cli.stage import Stage

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "var" / "screens"
PASSWORD = "Quiet-river-42"
NAMES = "赵钱孙李周吴郑王冯陈"
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
# Chromium calls a page that tells what is wrong an error.
ANSWERED = re.compile(r"status of (401|403|404|422)")
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


@attrs.define
class Site:
    """
    The running gateway; its administrator has the password L{PASSWORD}.
    """

    stage: Stage
    first: tuple[str, str]

    @property
    def url(self) -> str:
        """
        The console's.
        """
        return f"http://127.0.0.1:{self.stage.ports['admin']}"

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """
        A request at the HTTP door, as a business system makes it.
        """
        request = urllib.request.Request(
            f"{self.stage.url}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.stage.key}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """
    Sixty messages are sent and recorded.
    """
    stage = Stage(tmp_path_factory.mktemp("site") / "stage", ROOT / "etc", usual=False)
    stage.build()
    try:
        stage.start()
        path = stage.folder / "data" / "first-login.txt"
        until(lambda: stage.check() or path.exists())
        person, password = path.read_text("utf-8").split()
        made = Site(stage, (person, password))
        until(lambda: _ready(made))
        made.ask(
            "POST", "/v1/messages/batch", {"items": _items(), "category": "notice"}
        )
        until(lambda: len(_delivered(made)) >= 50)
        yield made
    finally:
        stage.stop()


def _items() -> list[dict[str, str]]:
    return [
        {"to": f"138{n:08d}", "text": f"{NAMES[n % 10]}女士您好，您预约的检查已安排。"}
        for n in range(60)
    ]


def _ready(site: Site) -> bool:
    try:
        return bool(site.ask("GET", "/v1/ready"))
    except OSError:
        return False


def _delivered(site: Site) -> list[Any]:
    found = site.ask("GET", "/v1/messages?state=delivered&limit=100")
    messages: list[Any] = found["items"]
    return messages


def until(done: Any, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "the site is not ready in time"
        time.sleep(0.1)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """
    Debian's Chromium; a machine without it fails loudly.
    """
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert path, "no chromium: apt-get install chromium fonts-noto-cjk"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--lang=zh-CN"]
        )
        yield opened
        opened.close()


@attrs.define
class Visitor:
    """
    Somebody at the console: C{said} is what the page complained of.
    """

    page: Page
    site: Site
    size: str
    said: list[str] = attrs.field(factory=list)

    def go(self, path: str) -> None:
        """
        Open a page of the console.
        """
        self.page.goto(f"{self.site.url}{path}", wait_until="load")

    def shoot(self, name: str) -> None:
        """
        Keep a picture of the page.
        """
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_timeout(300)
        self.page.screenshot(path=SHOTS / f"{name}-{self.size}.png", full_page=True)

    def faults(self) -> list[str]:
        """
        Serious findings of axe-core on the page, and whether it is too wide.
        """
        self.page.evaluate(AXE.read_text("utf-8") + ";0")
        found = self.page.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations"
            ".filter(v => ['serious', 'critical'].includes(v.impact))"
            ".map(v => v.id + ' ' + v.nodes.slice(0, 3).map(n => n.target + ' '"
            " + (n.any[0]?.message || '')).join(' | ')))"
        )
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth > innerWidth + 1"
        )
        return [*found, *(["wider than the window"] if wide else [])]


def visitor(browser: Browser, site: Site, size: str) -> Iterator[Visitor]:
    """
    A fresh browser window; nothing but loopback may be asked for anything.
    """
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        accept_downloads=True,
    )
    context.set_default_timeout(10_000)
    made = Visitor(context.new_page(), site, size)
    page = made.page
    page.on("dialog", lambda dialog: dialog.accept())
    page.on(
        "console",
        lambda told: (
            made.said.append(told.text)
            if told.type == "error" and not ANSWERED.search(told.text)
            else None
        ),
    )
    page.on("pageerror", lambda error: made.said.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((site.url, "data:"))
            else made.said.append(f"asks {asked.url}")
        ),
    )
    yield made
    context.close()
    assert [] == made.said


@pytest.fixture(params=list(SIZES))
def anybody(
    browser: Browser, site: Site, request: pytest.FixtureRequest
) -> Iterator[Visitor]:
    """
    Somebody who is not logged in.
    """
    yield from visitor(browser, site, request.param)


@pytest.fixture
def admin(anybody: Visitor) -> Visitor:
    """
    The administrator, who changed the first password the first time.
    """
    log_in(anybody)
    return anybody


def log_in(somebody: Visitor) -> None:
    """
    With the password as it is by now.
    """
    site, page = somebody.site, somebody.page
    person, password = site.first
    somebody.go("/login")
    page.fill("#person", person)
    page.fill("#password", password)
    page.click("button[type=submit]")
    if "/password" not in page.url:
        return
    page.fill("#old", password)
    page.fill("#new", PASSWORD)
    page.fill("#again", PASSWORD)
    page.click("form[action='/password'] button")
    site.first = (person, PASSWORD)
    log_in(somebody)
