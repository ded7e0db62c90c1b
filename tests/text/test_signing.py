"""
Tests of L{smsgw.text.signing}.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.text.coding import TextPolicy
from smsgw.text.signing import bracketed, sign

_FRONT = TextPolicy()
_END = TextPolicy(signature_at="end")


@pytest.mark.parametrize(
    ("text", "policy", "expected"),
    [
        ("您好", _FRONT, "【医院】您好"),
        ("您好", _END, "您好【医院】"),
        ("【医院】您好", _FRONT, "【医院】您好"),
        ("您好【医院】", _END, "您好【医院】"),
        ("您好【医院】", _FRONT, "【医院】您好"),
        ("【医院】您好", _END, "您好【医院】"),
        (" 【医院】您好", _FRONT, "【医院】您好"),
        ("【别家】您好", _FRONT, "【医院】【别家】您好"),
        ("【医院】a【医院】", _FRONT, "【医院】a【医院】"),
    ],
)
def test_once(text: str, policy: TextPolicy, expected: str) -> None:
    """
    The signature stands once, at the place that is wanted.
    """
    assert expected == sign(text, "医院", policy)
    assert expected == sign(text, "【医院】", policy)


def test_none() -> None:
    """
    Without a signature the text stays as it is.
    """
    assert "您好" == sign("您好", "", _FRONT)
    assert "" == bracketed("")


@given(st.text(), st.text(min_size=1), st.sampled_from([_FRONT, _END]))
def test_idempotent(text: str, signature: str, policy: TextPolicy) -> None:
    """
    Signing twice is signing once.
    """
    once = sign(text, signature, policy)
    assert once == sign(once, signature, policy)
