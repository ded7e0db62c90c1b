"""
Any common Chinese form of a mobile number to its eleven digits.

Unknown prefixes pass: tables lag behind allocations. What cannot receive an SMS
of ours is refused with a reason that a caller can act on.
"""

import re
import unicodedata
from collections.abc import Iterable

from smsgw.errors import Refused

__all__ = ["BAD_NUMBER", "REASONS", "normalise", "normalise_many", "reason_of"]

BAD_NUMBER = 2006
REASONS = {
    "empty": "号码为空 / no number",
    "characters": "号码含有非数字字符 / not only digits",
    "length": "号码位数不对 / wrong number of digits",
    "landline": "固定电话不能接收短信 / a landline gets no SMS",
    "access": "这是服务号码, 不是手机号 / a service number, not a mobile",
    "foreign": "非中国大陆号码 / not a number of mainland China",
    "things": "物联网号码不能接收短信 / an IoT number gets no SMS",
    "segment": "不是手机号段 / not in a mobile range",
}

_clean = re.compile(r"1[3-9][0-9]{9}").fullmatch
# Blanks, dashes, dots, brackets, and the marks that contact lists put around.
_dress = re.compile(
    r"[\s\-.()\[\]/·_\u00ad\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+"
)
_digits = re.compile(r"\+?[0-9]+").fullmatch
_faults = (
    ("access", re.compile(r"106[0-9]*|1[0-2][0-9]{1,6}|9[56][0-9]{3,}|[48]00[0-9]{7}")),
    ("things", re.compile(r"14[0-9]{11}|10(?:64|81)[0-9]*")),
    (
        "landline",
        re.compile(r"0?(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}|[2-8][0-9]{6,7}"),
    ),
    ("segment", re.compile(r"[0-9]{11}")),
)


def normalise(number: str) -> str:
    """
    The eleven digits, or L{Refused} with one of L{REASONS} as its detail.
    """
    if _clean(number):
        return number
    plain, reason = _undress(number)
    if reason:
        raise Refused(BAD_NUMBER, REASONS[reason], "to")
    return plain


def normalise_many(numbers: Iterable[str]) -> list[str | None]:
    """
    Like L{normalise} for many, with C{None} for what is refused.
    """
    return [
        number if _clean(number) else _undress(number)[0] or None for number in numbers
    ]


def reason_of(number: str) -> str:
    """
    Why a number is refused: a key of L{REASONS}, '' for a good one.
    """
    return "" if _clean(number) else _undress(number)[1]


def _undress(number: str) -> tuple[str, str]:
    """
    (eleven digits, '') or ('', reason).
    """
    plain = _dress.sub("", unicodedata.normalize("NFKC", number))
    if not plain:
        return "", "empty"
    if not _digits(plain):
        return "", "characters"
    national = _national(plain)
    if national is None:
        return "", "foreign"
    if _clean(national):
        return national, ""
    for reason, pattern in _faults:
        if pattern.fullmatch(national):
            return "", reason
    return "", "length"


def _national(digits: str) -> str | None:
    """
    Without country code and trunk zero; C{None} for another country's.
    """
    if digits[0] == "+" or digits.startswith("00"):
        digits = digits[1:] if digits[0] == "+" else digits[2:]
        if not digits.startswith("86"):
            return None
        digits = digits[2:]
    elif digits.startswith("86") and len(digits) > 11:
        digits = digits[2:]
    if len(digits) == 12 and digits.startswith("01") and digits[2] != "0":
        return digits[1:]
    return digits
