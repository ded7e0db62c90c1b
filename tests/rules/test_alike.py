"""
Tests of L{smsgw.rules.alike}, over the corpus's phrases with made-up names.
"""

from itertools import product

import pytest

from corpus.generate import made
from corpus.phrases import PHRASES
from smsgw.rules.alike import MOST, WINDOW, Alike, runs_of

NOW = 1_790_000_000.0
SURNAMES = "张王李赵刘陈杨黄周吴徐孙胡朱高林何郭马罗"
NAMES = [
    *map("".join, product(SURNAMES, ("伟", "芳", "秀英", "建国", "文明"))),
    "欧阳雪",
    "上官婉儿",
]
WORDS = {"department": "心内科", "doctor": "林主任", "place": "门诊二楼"}
WORDS |= {"item": "增强CT", "drug": "二甲双胍缓释片", "dose": "每日一次，每次1片"}
WORDS |= {"tail": "如有疑问请致电服务台。"}
DAYS = ("11月24日", "明天", "后天", "下周一", "本周五", "2026-12-08")
TIMES = ("上午8:30", "下午2点", "9:00-9:30", "14:00")
SINGLE = [
    (label, phrase)
    for label, phrases in PHRASES.items()
    for phrase in phrases
    if label not in ("otp", "critical")
]
REMINDER = (
    "{name}您好，您预约的{day}{time}{department}门诊，请提前15分钟到{place}报到。"
)


def text_of(phrase: str, number: int) -> str:
    """
    A phrase of which another number changes names, dates, times and figures.
    """
    text = phrase
    for slot, word in WORDS.items():
        text = text.replace("{" + slot + "}", word)
    for slot, words in (("name", NAMES), ("day", DAYS), ("time", TIMES)):
        text = text.replace("{" + slot + "}", words[number % len(words)])
    return text.replace("{money}", f"{number}元")


def number_of(place: int) -> str:
    """
    One of many.
    """
    return f"138{place:08d}"


def send(
    some: Alike, phrase: str, count: int, first: int = 0, at: float = NOW
) -> list[bool]:
    """
    So many messages within half a minute, each to another number.
    """
    return [
        some.many(
            "his", text_of(phrase, n), number_of(n), at + (n - first) * 29 / count
        )
        for n in range(first, first + count)
    ]


def test_runs() -> None:
    """
    Letters that no figure, sign, time or word of little meaning interrupts, three
    or more.
    """
    assert ["预约成功", "心内科林", "就诊地"] == runs_of(
        "预约成功：11月24日上午8:30心内科林主任，就诊地点门诊二楼。"
    )
    assert [] == runs_of("")


@pytest.mark.parametrize(("label", "phrase"), SINGLE)
def test_each_phrase_with_other_names_and_dates(label: str, phrase: str) -> None:
    """
    Nearly all after the first ones are found.
    """
    found = send(Alike(), phrase, 200)

    assert not any(found[:MOST]), label
    assert sum(found[MOST:]) > 120, label


def test_few_of_each() -> None:
    """
    All phrases together, not too many of any within a minute.
    """
    some, place, found = Alike(), 0, []
    for turn in range(40):
        for _, phrase in SINGLE:
            place += 1
            at = NOW + turn * 1.4
            text = text_of(phrase, turn)
            found.append((some.many("his", text, number_of(place), at), phrase))

    assert [] == [phrase for many, phrase in found if many]


def test_personal_texts() -> None:
    """
    The corpus as it is: everything differs, and there are few of each.
    """
    some = Alike()
    texts = [made(phrase, n) for n in range(20) for _, phrase in SINGLE]
    found = [
        some.many("his", text, number_of(n), NOW + n / 50)
        for n, text in enumerate(texts)
    ]

    assert 0 == sum(found)


def test_numbers_are_counted_not_messages() -> None:
    """
    A few people who get the same again and again are not many.
    """
    some = Alike()
    for n in range(500):
        number = number_of(n % MOST)
        assert not some.many("his", text_of(REMINDER, n), number, NOW + n / 10)


def test_accounts_are_apart() -> None:
    """
    Each is counted for itself.
    """
    some = Alike()
    for n in range(MOST):
        for account in ("his", "lis", "pis"):
            assert not some.many(account, text_of(REMINDER, n), number_of(n), NOW)


def test_slowly() -> None:
    """
    Fewer than so many a minute are never bulk, however long it goes on.
    """
    some = Alike()
    for n in range(400):
        at = NOW + n * WINDOW / (MOST - 1)
        assert not some.many("his", text_of(REMINDER, n), number_of(n), at)


def test_it_goes_on_and_ends() -> None:
    """
    While it goes on it stays bulk, also when it slows down; after a pause it is none.
    """
    some = Alike()
    send(some, REMINDER, 200)
    assert all(send(some, REMINDER, 30, 200, NOW + 30))
    assert all(send(some, REMINDER, 20, 300, NOW + 60))
    assert not any(send(some, REMINDER, 20, 400, NOW + 150))


def test_memory_is_bounded() -> None:
    """
    What went to one number goes first; what is many is still found.
    """
    some = Alike()
    for n in range(60_000):
        rare = "".join(chr(0x5000 + n // 10**k % 10 * 3) for k in range(5))
        some.many("his", f"{rare}，{rare[::-1]}，{rare[1:]}", number_of(n), NOW)
        if n % 20 == 0:
            many = some.many("his", text_of(REMINDER, n), number_of(n), NOW)
    flow = some._flows["his"]

    assert many
    assert len(flow.now) + len(flow.before) < 20_000
