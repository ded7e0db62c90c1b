"""
Personal data in a text that had better not stand there openly: told, not refused.
"""

import re
from collections.abc import Iterator

import attrs

__all__ = ["Notice", "personal_data"]

# Full-width digits, letters and signs, one for one, so that places stay.
_NARROW = {point: point - 0xFEE0 for point in range(0xFF01, 0xFF5F)}
_GAP = "[ -]?"
_identity = re.compile(
    rf"(?<![0-9A-Za-z])[1-9][0-9]{{5}}{_GAP}[0-9]{{8}}{_GAP}[0-9]{{3}}[0-9Xx]"
    "(?![0-9A-Za-z])"
)
# The first digit of a bank: 3 to 6. Others are numbers of orders and visits.
_card = re.compile(
    rf"(?<![0-9])[3-6][0-9]{{3}}(?:{_GAP}[0-9]{{4}}){{3}}(?:{_GAP}[0-9]{{1,3}})?(?![0-9])"
)
_mobile = re.compile(
    rf"(?<![0-9])(?:(?:\+|00)?86{_GAP})?1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?![0-9])"
)
_mail = re.compile(
    r"[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+", re.ASCII
)
# Told even beside a lecture or a kind of examination: it is advice, no more.
_OPEN = re.compile(
    "艾滋病?|人类免疫缺陷病毒|(?<![A-Za-z])(?i:HIV|AIDS|HBV|HCV|HBsAg)(?![A-Za-z])"
    "|梅毒|淋病|尖锐湿疣|生殖器疱疹|性病(?!科|门诊)"
    "|[乙丙](?:肝|型(?:病毒性)?肝炎)|肺结核"
    "|精神分裂症?|双相情感障碍|抑郁症|躁狂症|吸毒|戒毒(?!科|门诊|所)"
    "|人工流产|人流|药物流产|恶性肿瘤|白血病|(?<![防抗])癌(?!胚|症?(?:筛查|中心|防治))"
)
# What has no run like this holds no number that is looked for.
_run = re.compile("[0-9][0-9 -]{9}")
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
    plain = text.translate(_NARROW)
    if _run.search(plain):
        yield from _numbers(plain)
    if "@" in plain:
        for match in _mail.finditer(plain):
            yield Notice("mail", *match.span())
    for match in _OPEN.finditer(plain):
        yield Notice("diagnosis", *match.span())


def _numbers(plain: str) -> Iterator[Notice]:
    people = [
        match.span()
        for match in _identity.finditer(plain)
        if _is_identity(_joined(match[0]))
    ]
    yield from (Notice("identity", *span) for span in people)
    for match in _card.finditer(plain):
        if match.span() not in people and _is_card(_joined(match[0])):
            yield Notice("card", *match.span())
    for match in _mobile.finditer(plain):
        yield Notice("mobile", *match.span())


def _joined(number: str) -> str:
    return number.replace(" ", "").replace("-", "")


def _is_identity(number: str) -> bool:
    """
    Its day of birth may be and its check digit fits (GB 11643).
    """
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    if not (1900 <= year < 2100 and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True)
    )
    return _CHECKS[total % 11] == number[17].upper()


def _is_card(digits: str) -> bool:
    """
    Its check digit fits (Luhn).
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
