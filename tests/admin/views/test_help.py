"""
Help: the manual, its search, the first steps, the sandbox, About.
"""

import re

import attrs

from smsgw.admin.routes import ROUTES
from smsgw.config import Admin
from smsgw.directory import Channel
from tests.support.console import HOSPITAL, House

VENDOR = "示例软件公司"


def test_from_each_page_to_its_manual(house: House) -> None:
    """
    The question mark beside the title leads to the page's manual, and back.
    """
    house.login()
    for path, name in (("/", "overview"), ("/templates/visit", "templates")):
        page = house.get(path).text
        assert f'href="/help/{name}" title="本页说明"' in page
    page = house.get("/help/overview").text
    assert "<h2>怎么做</h2>" in page
    assert 'href="/">' in page
    assert 'title="本页说明"' not in page


def test_one_entry_is_marked(house: House) -> None:
    """
    The menu marks the page that one is on, not those above it.
    """
    house.login()
    for path in ("/", "/help/about", "/templates/visit", "/messages"):
        page = house.get(path).text
        assert 1 == page.count('aria-current="page"'), path
    assert re.search('href="/help/about" aria-current', house.get("/help/about").text)


def test_for_whoever_is_logged_in(house: House) -> None:
    """
    A role without any permission reads the manual, in both languages.
    """
    house.login("wang")
    assert "做什么用" in house.get("/help/send").text
    assert "Step by step" in house.get("/help/send?lang=en").text
    assert 404 == house.get("/help/nothing").status
    assert 404 == house.get("/help/..%2fhelp").status


def test_the_shelf_is_what_one_may_see(house: House) -> None:
    """
    The manual's first page lists the pages of the visitor's menu.
    """
    house.login("zhang")
    page = house.get("/help").text
    assert 'href="/help/contacts"' in page
    assert 'href="/help/roles"' not in page
    house.login()
    assert 'href="/help/roles"' in house.get("/help").text


def test_fields_of_a_form(house: House) -> None:
    """
    The manual of a business object tells every field.
    """
    house.login()
    page = house.get("/help/channels").text
    assert "表单上的每一项" in page
    assert "网关地址 *" in page
    assert "表单上的每一项" not in house.get("/help/send").text


def test_search(house: House) -> None:
    """
    Words are found and shown; what is typed is never markup.
    """
    house.login()
    page = house.get("/help?q=退订").text
    assert 'href="/help/blacklist"' in page
    assert "<mark>退订</mark>" in page
    page = house.get("/help?q=<b>zz").text
    assert "没有这些词" in page
    assert "<b>zz" not in page


def test_first_steps(house: House) -> None:
    """
    Each leads to its page where one may go there, and says who does it otherwise.
    """
    house.login()
    page = house.get("/help/first-steps").text
    assert "4 / 10" in page
    assert 'class="done" id="channel"' in page
    assert 'class="" id="key"' in page
    house.login("zhang")
    page = house.get("/help/first-steps").text
    assert "由管理员完成" in page
    assert 'btn-primary" href="/channels"' not in page


def test_a_sandbox(house: House) -> None:
    """
    Said only where no channel leads outside; channels for those who may see them.
    """
    house.login("wang")
    page = house.get("/help/sandbox").text
    assert "都指向本机" in page
    assert "127.0.0.1:7890" not in page.partition("smsgw demo")[0]
    house.login()
    assert "tcp:127.0.0.1:7890" in house.get("/help/sandbox").text
    away = Channel("x", "外", "mobile", "cmpp", "tcp:192.0.2.1:7890", "1", "x")
    channels = {**HOSPITAL.channels, "x": away}
    house.desk.gateway.directory = attrs.evolve(  # type: ignore[misc]
        HOSPITAL, channels=channels
    )
    page = house.get("/help/sandbox").text
    assert "会真的到达手机" in page
    assert "都指向本机" not in page


def test_the_vendor_is_named_in_about_only(house: House) -> None:
    """
    Nowhere else, not even in the title (S16); without a vendor there is no line.
    """
    house.login()
    assert "厂商" not in house.get("/help/about").text
    named = Admin(vendor=VENDOR)
    object.__setattr__(house.console._frame, "settings", named)
    pages = [
        route.path
        for route in ROUTES
        if route.method == "GET" and "<" not in route.path and "live" not in route.path
    ]
    assert ["/help/about"] == [one for one in pages if VENDOR in house.get(one).text]
    assert VENDOR not in house.get("/login").text
    about = house.get("/help/about").text
    assert "Apache-2.0" in about
    assert "Twisted" in about
