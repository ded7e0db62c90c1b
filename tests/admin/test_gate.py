"""
The gate: the form, its refusals, and where a login leads.
"""

import pytest

from tests.support.console import PASSWORD, House


def test_wrong_then_right(house: House) -> None:
    """
    The name stays in the form, the password never does.
    """
    house.allow("liu")
    answer = house.post("/login", person="liu", password="wrong-one")
    assert 401 == answer.status
    assert "账号或密码不对" in answer.text
    assert 'value="liu"' in answer.text
    assert "wrong-one" not in answer.text
    answer = house.post("/login", person="liu", password=PASSWORD, next="/account")
    assert (303, "/account") == (answer.status, answer.where)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil", "/login", "x"]
)
def test_leads_nowhere_else(house: House, elsewhere: str) -> None:
    """
    Only to a page of ours.
    """
    house.allow("liu")
    answer = house.post("/login", person="liu", password=PASSWORD, next=elsewhere)
    assert "/" == answer.where


def test_english(house: House) -> None:
    """
    For those who cannot read the form.
    """
    assert "Log in" in house.get("/login?lang=en").text
