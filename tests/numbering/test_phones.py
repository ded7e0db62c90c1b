"""
Tests of L{smsgw.numbering.phones}.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.errors import Refused
from smsgw.numbering.phones import REASONS, normalise, normalise_many, reason_of

_GOOD = [
    "13800138000",
    "+8613800138000",
    "008613800138000",
    "8613800138000",
    "+86 138 0013 8000",
    "+86-138-0013-8000",
    "(+86)13800138000",
    "（+86）138 0013 8000",
    "+86 (0)138 0013 8000",
    "013800138000",
    "138.0013.8000",
    "138—0013—8000",
    "138－0013－8000",
    "１３８００１３８０００",
    "＋８６１３８００１３８０００",
    " 13800138000\n",
    "138\u30000013\u00a08000",
    "\u202d13800138000\u202c",
    "\ufeff13800138000",
    "[138]0013/8000",
    "00 86 138 0013 8000",
]


@pytest.mark.parametrize("number", _GOOD)
def test_good(number: str) -> None:
    """
    Every common way of writing it gives the same eleven digits.
    """
    assert "13800138000" == normalise(number)
    assert "" == reason_of(number)


@pytest.mark.parametrize("number", ["16012345678", "17912345678", "14912345678"])
def test_unknown_segment_passes(number: str) -> None:
    """
    A prefix that no table has is not refused.
    """
    assert number == normalise(number)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("", "empty"),
        (" - ", "empty"),
        ("1380013800x", "characters"),
        ("张三", "characters"),
        ("138+0013800", "characters"),
        ("1380013800", "length"),
        ("138001380001", "length"),
        ("1", "length"),
        ("12345678901", "segment"),
        ("02412345678", "segment"),
        ("010-8888 8888", "landline"),
        ("+86 10 8888 8888", "landline"),
        ("0755-88888888", "landline"),
        ("(0431)8888888", "landline"),
        ("88888888", "landline"),
        ("1069012301", "access"),
        ("106901234567890123", "access"),
        ("10086", "access"),
        ("110", "access"),
        ("12345", "access"),
        ("95588", "access"),
        ("400-800-8000", "access"),
        ("+852 5123 4567", "foreign"),
        ("0085251234567", "foreign"),
        ("+1 202 555 0100", "foreign"),
        ("1440012345678", "things"),
    ],
)
def test_bad(number: str, reason: str) -> None:
    """
    What gets no SMS of ours is refused with its reason, without the number.
    """
    assert reason == reason_of(number)
    with pytest.raises(Refused) as caught:
        normalise(number)
    assert (2006, REASONS[reason], "to") == caught.value.args


def test_many() -> None:
    """
    Many at once: the good in one form, C{None} for the others.
    """
    assert ["13800138000", None, "13900139000", None] == normalise_many(
        ["13800138000", "110", "+86 139 0013 9000", ""]
    )


@given(st.text() | st.text("0123456789+ -86１", max_size=20))
def test_any_text(number: str) -> None:
    """
    Any text is a number or has a reason, and a number's form is final.
    """
    (found,) = normalise_many([number])
    if found is None:
        assert reason_of(number) in REASONS
    else:
        assert found == normalise(number) == normalise(found)
        assert (11, True) == (len(found), found.isascii() and found.isdigit())
