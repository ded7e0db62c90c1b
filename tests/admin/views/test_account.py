"""
One's own login: password, codes, sessions.
"""

import re

import attrs
import pyotp

from tests.support.console import PASSWORD, House


def test_the_first_login_must_change(house: House) -> None:
    """
    Every page leads there until it is done.
    """
    house.login("liu")
    house.allow("liu", must_change=True)
    assert "/password" == house.get("/").where
    page = house.get("/password")
    assert "请先设置一个新密码" in page.text
    token = re.search(r'name="_csrf" value="([^"]+)"', page.text)
    assert token is not None
    form = {"_csrf": token[1], "old": PASSWORD, "new": "x", "again": "x"}
    assert "至少 10 位" in house.post("/password", **form).text
    form |= {"new": "Other-river-43", "again": "Other-river-43"}
    assert "/login" == house.post("/password", **form).where
    assert house.get("/").where.startswith("/login")


def test_codes(house: House) -> None:
    """
    A picture to scan; a code of it turns them on.
    """
    house.login()
    page = house.get("/account").text
    assert "data:image/svg+xml" in page
    seed = re.search(r'name="seed" value="([A-Z2-7]+)"', page)
    assert seed is not None
    answer = house.post("/account/codes", seed=seed[1], code="000000")
    assert "动态码不对" in answer.text
    assert seed[1] in answer.text
    code = pyotp.TOTP(seed[1]).at(int(house.wall.at))
    assert 303 == house.post("/account/codes", seed=seed[1], code=code).status
    assert "已启用" in house.get("/account").text


def test_codes_for_everybody(house: House) -> None:
    """
    Where they are asked of everybody, nothing else goes before them.
    """
    house.desk.settings = attrs.evolve(house.desk.settings, two_factor="required")
    house.login()
    assert "/account" == house.get("/messages").where
    assert "/account" == house.post("/words", words="x", level="refuse").where
    page = house.get("/account").text
    assert "要求每个人使用动态码" in page
    seed = re.search(r'name="seed" value="([A-Z2-7]+)"', page)
    assert seed is not None
    code = pyotp.TOTP(seed[1]).at(int(house.wall.at))
    assert 303 == house.post("/account/codes", seed=seed[1], code=code).status
    assert 200 == house.get("/messages").status


def test_sessions(house: House) -> None:
    """
    Another one of one's own can be ended, somebody else's cannot.
    """
    house.login("zhang")
    other = dict(house.cookies)
    house.login("liu")
    first = dict(house.cookies)
    house.login("liu")
    names = re.findall(r'name="name" value="(\w+)"', house.get("/account").text)
    assert 1 == len(names)
    house.post("/account/sessions", name=names[0])
    second = dict(house.cookies)
    house.cookies = first
    assert house.get("/").where.startswith("/login")
    house.cookies = second
    assert 200 == house.get("/").status
    house.cookies = other
    house.post("/account/sessions", name=names[0])
    assert 200 == house.get("/").status


def test_leaving(house: House) -> None:
    """
    The session is over.
    """
    house.login()
    assert "/login" == house.post("/logout").where
    assert house.get("/").where.startswith("/login")
