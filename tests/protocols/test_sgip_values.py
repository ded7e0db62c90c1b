"""
Passwords, numbers and states.
"""

import pytest

from smsgw.protocols.codes.sgip import report
from smsgw.protocols.sgip import Bind
from smsgw.protocols.sgip_values import (
    check_bind,
    plain_number,
    prefixed_number,
    state_of,
)


def test_password() -> None:
    """
    The password is told in clear; an empty one proves only an empty secret.
    """
    assert check_bind(Bind(login_password="sp_pass"), "sp_pass")
    assert not check_bind(Bind(login_password="sp_pas"), "sp_pass")
    assert not check_bind(Bind(), "sp_pass")
    assert check_bind(Bind(), "")
    assert not check_bind(Bind(login_password="\xff"), "密码")


@pytest.mark.parametrize(
    "number",
    ["13800138000", "8613800138000", "+8613800138000", "008613800138000"],
)
def test_mobile_numbers(number: str) -> None:
    """
    All ways to write a mobile number are one.
    """
    assert "13800138000" == plain_number(number)
    assert "8613800138000" == prefixed_number("86", number)
    assert "13800138000" == prefixed_number("", number)


@pytest.mark.parametrize("number", ["", "10655012345", "861065501", "x", "86"])
def test_other_numbers(number: str) -> None:
    """
    What is no mobile number stays as it is.
    """
    assert number == plain_number(number) == prefixed_number("86", number)


@pytest.mark.parametrize(
    ("code", "state", "expected"),
    [
        ("DELIVRD", "delivered", (0, 0)),
        ("", "delivered", (0, 0)),
        ("IB:0069", "delivered", (0, 0)),
        ("", "pending", (1, 0)),
        ("IB:0069", "undelivered", (2, 69)),
        ("IB:0999", "undelivered", (2, 0)),
        ("MK:0001", "undelivered", (2, 0)),
        ("", "expired", (2, 61)),
        ("IB:0055", "expired", (2, 55)),
        ("", "unknown", (2, 55)),
        ("", "rejected", (2, 76)),
        ("DELETED", "canceled", (2, 0)),
    ],
)
def test_state(code: str, state: str, expected: tuple[int, int]) -> None:
    """
    A receipt's state and code become State and ErrorCode.
    """
    assert expected == state_of(code, state)


def test_every_error_goes_through() -> None:
    """
    What a carrier reported can be reported on as it came.
    """
    for error in range(256):
        told = report(2, error)
        assert (2, error) == state_of(told.code, told.state)
