"""
What placeholders do with their values.
"""

import hashlib
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.channels.vendor.filters import ARGUED, FILTERS, octets, percent, written


@pytest.mark.parametrize(
    ("name", "value", "argument", "result"),
    [
        ("percent", "a b*~/中", "", "a%20b%2A~%2F%E4%B8%AD"),
        ("json", {"code": "中"}, "", '{"code":"中"}'),
        ("lower", "AbC", "", "abc"),
        ("upper", ["a", "b"], "", ["A", "B"]),
        ("bracketed", "示范医院", "", "【示范医院】"),
        ("prefix", "138", "+86", "+86138"),
        ("join", ["1", "2"], ";", "1;2"),
        ("join", "1", ";", "1"),
        ("int", 1.9, "", 1),
        ("ms", 1.5, "", 1500),
        ("utc", 1_790_000_000, "%Y-%m-%dT%H:%M:%SZ", "2026-09-21T14:13:20Z"),
        ("local", 1_790_000_000, "%Y%m%d%H%M%S", "20260921221320"),
        ("md5", "a", "", hashlib.md5(b"a").hexdigest()),
        ("base64", b"\xff\xfe", "", "//4="),
        ("base64url", b"\xff\xfe", "", "__4"),
        ("hex", "a", "", "61"),
    ],
)
def test_filter(name: str, value: Any, argument: str, result: Any) -> None:
    """
    One value, and a list where it makes sense.
    """
    assert result == FILTERS[name](value, argument, "utf-8")


def test_arguments_belong_to_filters() -> None:
    """
    The list of those that take one has no strangers.
    """
    assert set(FILTERS) >= ARGUED


def test_charset() -> None:
    """
    Vendors of another charset get it everywhere.
    """
    assert "%D6%D0" == percent("中", "gbk")
    assert b"\xd6\xd0" == octets("中", "gbk")


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1"), (1.5, "1.5"), (True, "true"), (None, "null"), (7, "7"), (b"a", "a")],
)
def test_written(value: object, text: str) -> None:
    """
    As JSON and people write it.
    """
    assert text == written(value)


@given(st.text())
def test_percent_goes_back(text: str) -> None:
    """
    Nothing is lost, and nothing reserved is left.
    """
    safe = percent(text, "utf-8")
    assert text == unquote(safe)
    assert safe.isascii()
    assert not set(safe) & set("+&=? /*")
