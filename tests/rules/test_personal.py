"""
Personal data is told, with advice, and never repeated.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.rules.personal import personal_data


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("身份证11010519491231002X已登记", ["identity"]),
        ("身份证110105194912310021已登记", []),
        ("卡号6222021234567890128退款", ["card"]),
        ("卡号 4111 1111 1111 1111", ["card"]),
        ("订单4111111111111112", []),
        ("请联系13800138000", ["mobile"]),
        ("邮件a.b@hospital.example", ["mail"]),
        ("您的HIV初筛结果", ["diagnosis"]),
        ("乙肝两对半", ["diagnosis"]),
        ("ARCHIVE已归档，挂号费12.50元", []),
    ],
)
def test_what_is_found(text: str, kinds: list[str]) -> None:
    """
    By check digits where there are such.
    """
    found = personal_data(text)
    assert kinds == [one.kind for one in found]
    assert all(text[one.start : one.end] not in one.words for one in found)


@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    """
    In order, within the text.
    """
    found = personal_data(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)
