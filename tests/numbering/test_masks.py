"""
Tests of L{smsgw.numbering.masks}.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.numbering.masks import mask, mask_text


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800138000", "138****8000"),
        ("+8613800138000", "+86138****8000"),
        ("8613800138000", "86138****8000"),
        ("008613800138000", "0086138****8000"),
        ("+85251234567", "+85****567"),
        ("1069012301", "10****01"),
        ("10086", "1****6"),
        ("110", "****"),
        ("", "****"),
    ],
)
def test_mask(number: str, shown: str) -> None:
    """
    Enough to recognise a number one knows, too little to learn it.
    """
    assert shown == mask(number)


@given(st.text(min_size=1))
def test_hides(number: str) -> None:
    """
    At least four characters of a long value are hidden, half of a short one.
    """
    kept = len(mask(number)) - 4
    assert len(number) - kept >= min(4, (len(number) + 1) // 2)


def test_mask_text() -> None:
    """
    Of a text only its length is told.
    """
    assert "<4 chars>" == mask_text("您的报告")
