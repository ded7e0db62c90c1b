"""
The console: who gets in, who may see what, and forms that are not ours.
"""

from smsgw.admin.routes import ROUTES
from tests.support.console import House

PAGES = [one for one in ROUTES if one.method == "GET" and "<" not in one.path]


def test_nobody_sees_anything(house: House) -> None:
    """
    Every page leads to the login, with the way back.
    """
    for route in ROUTES:
        path = route.path.replace("<", "").replace(">", "").replace("path:", "")
        answer = house.ask(route.method, path, b"", {})
        assert (303, True) == (answer.status, answer.where.startswith("/login?next="))


def test_the_matrix(house: House) -> None:
    """
    Default deny: a role sees a page if it has its permission, and only then.
    """
    pages = [one for one in PAGES if not one.path.startswith("/live/")]
    house.login("wang")
    for route in pages:
        status = 403 if route.permission else 200
        assert (route.path, status) == (route.path, house.get(route.path).status)
    house.login("liu")
    for route in pages:
        answer = house.get(route.path)
        assert answer.status in (200, 303), answer.text[-2000:]


def test_forms_need_right_and_guard(house: House) -> None:
    """
    Neither a role without the permission nor a foreign page changes anything.
    """
    forms = [one for one in ROUTES if one.method == "POST"]
    paths = {one: one.path.replace("<", "").replace(">", "") for one in forms}
    house.login("liu")
    for route, path in paths.items():
        foreign = house.ask("POST", path, b"_csrf=guess", {})
        assert (route.path, 400) == (route.path, foreign.status)
    house.login("wang")
    token = house.token()
    for route, path in paths.items():
        if route.permission:
            answer = house.post(path, _csrf=token)
            assert (route.path, 403) == (route.path, answer.status)


def test_headers(house: House) -> None:
    """
    A strict policy, nothing kept, the cookie out of reach of scripts.
    """
    answer = house.login()
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert "samesite=lax" in answer.headers["set-cookie"].lower()
    page = house.get("/")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["cache-control"] == "no-store"
    assert "<script>" not in page.text
    assert " style=" not in page.text


def test_language(house: House) -> None:
    """
    Chinese first; English stays once it is chosen.
    """
    house.login()
    assert "运行概览" in house.get("/").text
    assert "Overview" in house.get("/?lang=en").text
    assert "Overview" in house.get("/").text


def test_the_record_away(house: House) -> None:
    """
    Words instead of a stack trace.
    """
    house.login()
    house.down = True
    answer = house.get("/")
    assert 200 == answer.status
    assert "状态暂时无法读取" in answer.text


def test_strays(house: House) -> None:
    """
    Unknown paths and files, and ways out of the folder.
    """
    assert house.get("/nowhere").status == 404
    assert house.get("/static/nothing.js").status == 404
    assert house.get("/static/..%2f..%2fnode.py").status == 404
    assert house.get("/static/console.css").status == 200
    assert house.get("/logo").status == 404
    assert "--tblr-primary:#0b7285" in house.get("/theme.css").text
