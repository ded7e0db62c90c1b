"""
Personal data in a text that had better not stand there openly: told, not refused.
"""

import re
from collections.abc import Iterator

import attrs

__all__ = ["Notice", "personal_data"]

_identity = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])")
_card = re.compile(r"(?<!\d)\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)")
_mobile = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_mail = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", re.ASCII)
_OPEN = re.compile(
    "艾滋病|人类免疫缺陷病毒|(?<![A-Za-z])(?:HIV|AIDS)(?![A-Za-z])|梅毒|淋病|尖锐湿疣"
    "|生殖器疱疹|乙肝|丙肝|精神分裂|双相情感障碍|抑郁症|吸毒|戒毒|人工流产|性病"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_ADVICE = {
    "identity": "含身份证号, 建议只写后四位 / an identity number: last digits do",
    "card": "含银行卡号, 建议只写后四位 / a bank card: its last digits do",
    "mobile": "含他人手机号 / a mobile number",
    "mail": "含邮箱地址 / a mail address",
    "diagnosis": "含敏感诊断, 建议请患者到院查询 / a diagnosis: tell it in person",
}


@attrs.frozen
class Notice:
    """
    What was found where, and what to do about it; never the data itself.
    """

    kind: str
    start: int
    end: int

    @property
    def words(self) -> str:
        """
        In Chinese and English.
        """
        return _ADVICE[self.kind]


def personal_data(text: str) -> list[Notice]:
    """
    In the order in which they stand.
    """
    return sorted(_found(text), key=lambda one: (one.start, one.kind))


def _found(text: str) -> Iterator[Notice]:
    for match in _identity.finditer(text):
        if _is_identity(match[0]):
            yield Notice("identity", *match.span())
    for match in _card.finditer(text):
        digits = re.sub("[ -]", "", match[0])
        if _is_card(digits) and not _is_identity(digits):
            yield Notice("card", *match.span())
    for kind, pattern in (("mobile", _mobile), ("mail", _mail), ("diagnosis", _OPEN)):
        for match in pattern.finditer(text):
            yield Notice(kind, *match.span())


def _is_identity(number: str) -> bool:
    """
    Its check digit fits (GB 11643).
    """
    if len(number) != 18 or not number[:17].isascii() or not number[:17].isdigit():
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True)
    )
    return _CHECKS[total % 11] == number[17].upper()


def _is_card(digits: str) -> bool:
    """
    Its check digit fits (Luhn).
    """
    if not digits.isascii() or not digits.isdigit():
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
