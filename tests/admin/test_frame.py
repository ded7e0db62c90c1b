"""
How values are shown, and what the menu offers.
"""

import pytest

from smsgw.admin.frame import (
    Frame,
    data,
    environment,
    icon,
    lasting,
    money,
    phone_shown,
    when,
)
from smsgw.config import Admin
from tests.support.console import House


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (when(0), "–"),
        (when(1_800_000_000), "2027-01-15 16:00:00"),
        (money(12_345_600), "1,234.56"),
        (money(1_234), "0.1234"),
        (lasting(0.05), "50 ms"),
        (lasting(61), "61.0 s"),
        (lasting(600), "10 min"),
        (lasting(7200), "2.0 h"),
        (lasting(200_000), "2 d"),
        (phone_shown("13800138000", False), "138****8000"),
        (phone_shown("13800138000", True), "13800138000"),
        (phone_shown("10086", False), "10086"),
        (data({"a": "中"}), '{"a": "中"}'),
    ],
)
def test_filters(shown: str, expected: str) -> None:
    """
    As people read them.
    """
    assert expected == shown


def test_everything_is_escaped() -> None:
    """
    Values are never markup.
    """
    template = environment().from_string("{{ x }}<p data-x='{{ y|data }}'>")
    shown = template.render(x="<b>", y=["'>"])
    assert "<b>" not in shown
    assert "'>\"" not in shown
    assert "<script>" not in icon("<script>")


def test_hidden_from_those_who_may_not_see(house: House) -> None:
    """
    Without a visit, nothing is whole.
    """
    template = environment().from_string("{{ a|phone }} {{ b|hidden }}")
    values = {"a": "13800138000", "b": "您的检验结果", "visit": None, "language": "zh"}
    assert template.render(values) == "138****8000 您的检验…"


def test_the_menu_shows_what_is_allowed(house: House) -> None:
    """
    Who may nothing sees the overview alone.
    """
    house.login("wang")
    poor = house.get("/account").text
    house.login("liu")
    rich = house.get("/account").text
    assert poor.count('<li><a href="/') <= rich.count('<li><a href="/')
    assert 'href="/"' in poor


def test_a_page_cannot_take_the_frames_names(house: House) -> None:
    """
    It would change what stands around it.
    """
    frame = Frame(Admin(), [])
    with pytest.raises(KeyError, match="frame's language"):
        frame.outside("login.html", "zh", {"language": "en"})


def test_menus_are_drawn_for_each_role_and_place(house: House) -> None:
    """
    Whoever comes later sees neither another's menu nor another's place.
    """
    house.login("liu")
    rich = house.get("/messages").text
    assert '<li><a href="/messages" aria-current="page">' in rich
    assert '<li><a href="/contacts" aria-current="page">' in house.get("/contacts").text
    assert 1 == house.get("/contacts").text.count("aria-current")
    house.login("wang")
    poor = house.get("/account").text
    assert 'href="/logins"' in rich
    assert 'href="/logins"' not in poor
    assert "<span>概览</span>" in poor
    english = house.get("/account?lang=en")
    assert "<span>概览</span>" not in house.get(english.where or "/account").text


def test_told_words_are_shown_and_escaped(house: House) -> None:
    """
    What a redirect told appears once, as text.
    """
    house.login()
    page = house.get("/account?told=%3Cb%3Edone&kind=evil")
    assert "&lt;b&gt;done" in page.text
    assert "alert-info" in page.text
