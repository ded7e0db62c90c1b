"""
Personal data is told, with advice, and never repeated.
"""

from datetime import date

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
        ("身份证１１０１０５１９４９１２３１００２Ｘ", ["identity"]),
        ("110105 19491231 002x", ["identity"]),
        ("单号110105194913310024", []),
        ("流水号20261124153000123", []),
        ("银行卡62220212345678901280", []),
        ("请联系13800138000", ["mobile"]),
        ("138-0013-8000或+86 138 0013 8001", ["mobile", "mobile"]),
        ("１３８００１３８０００", ["mobile"]),
        ("电话010-12345678，12320", []),
        ("邮件a.b@hospital.example", ["mail"]),
        ("您的HIV初筛结果", ["diagnosis"]),
        ("乙肝两对半", ["diagnosis"]),
        ("乙型病毒性肝炎、精神分裂症", ["diagnosis", "diagnosis"]),
        ("hiv(+)，肺癌术后", ["diagnosis", "diagnosis"]),
        ("癌胚抗原、防癌筛查、性病科、戒毒门诊", []),
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


@given(
    st.integers(100000, 999999),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999),
    st.integers(0, 10),
)
def test_one_check_digit_in_eleven_fits(
    place: int, born: date, order: int, wrong: int
) -> None:
    """
    A number with its check digit (ISO 7064, MOD 11-2) is found, with another not.
    """
    first = f"{place}{born:%Y%m%d}{order:03d}"
    rest = sum(int(one) * 2 ** (17 - at) for at, one in enumerate(first)) % 11
    right = (12 - rest) % 11
    for check in (right, wrong):
        number = first + "0123456789X"[check]
        kinds = [one.kind for one in personal_data(f"证件号{number}。")]
        assert (check == right) == ("identity" in kinds)


@given(st.integers(3 * 10**14, 7 * 10**14 - 1), st.integers(0, 9))
def test_one_check_digit_in_ten_fits(first: int, wrong: int) -> None:
    """
    A card with its check digit (Luhn) is found, with another not.
    """
    odd, even = str(first)[::-2], str(first)[-2::-2]
    doubled = sum(sum(map(int, str(2 * int(one)))) for one in odd)
    right = -(doubled + sum(map(int, even))) % 10
    for check in (right, wrong):
        kinds = [one.kind for one in personal_data(f"卡号{first}{check}")]
        assert (["card"] if check == right else []) == kinds


@given(st.text("0123456789０９XxＸ+- @.aHIV乙肝癌\n٣²", max_size=120))
def test_numbers_and_signs_are_read(text: str) -> None:
    """
    Whatever stands beside whatever.
    """
    assert all(0 <= one.start < one.end <= len(text) for one in personal_data(text))


@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    """
    In order, within the text.
    """
    found = personal_data(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)
