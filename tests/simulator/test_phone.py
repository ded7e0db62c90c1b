"""
Phones join parts and keep what is new.
"""

import pytest

from smsgw.simulator.phone import Phones, read
from smsgw.text import TextPolicy, split

NUMBER, SENDER = "13800138000", "10690000"


def receive(phones: Phones, text: str, at: float = 0.0, number: str = NUMBER) -> None:
    """
    A short message arrives.
    """
    phones.receive(number, SENDER, text.encode("utf-16-be"), 8, 0, at)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("bits", [8, 16])
def test_parts_are_joined_in_any_order(order: int, bits: int) -> None:
    """
    One text of all parts; a part that comes again is a double.
    """
    phones, long = Phones(), "检验报告😀" * 40
    parts = split(long, "", TextPolicy(reference_bits=bits), 300)[::order]
    told = [
        phones.receive(NUMBER, SENDER, one.payload, one.coding, 1, 5.0) for one in parts
    ]
    phones.receive(NUMBER, SENDER, parts[0].payload, 8, 1, 6.0)

    (text,) = phones.texts(NUMBER)
    assert (long, len(parts), 5.0) == (text.text, text.parts, text.at)
    assert [None] * (len(parts) - 1) + [long] == told
    assert (1, len(parts) + 1, 1) == (phones.messages, phones.segments, phones.doubles)


def test_the_last_texts_are_kept() -> None:
    """
    So many per number, the rest is forgotten.
    """
    phones = Phones(per_number=3)
    for n in range(7):
        receive(phones, f"第{n}条")

    assert ["第4条", "第5条", "第6条"] == [t.text for t in phones.texts(NUMBER)]
    assert 7 == phones.messages


def test_the_longest_silent_phone_is_forgotten() -> None:
    """
    So many numbers; one that got something again is young.
    """
    phones = Phones(most=2)
    for at, number in enumerate(("1", "2", "1", "3")):
        receive(phones, "x", at, number)

    assert [2, 0, 1] == [len(phones.texts(n)) for n in ("1", "2", "3")]
    assert ["3", "1"] == [text.number for text in phones.last(2)]


def test_other_headers_are_no_parts() -> None:
    """
    A header with ports only is taken off; one that does not fit is shown.
    """
    phones = Phones()
    ports = bytes.fromhex("06050415 8a0000") + "好".encode("utf-16-be")
    phones.receive(NUMBER, SENDER, ports, 8, 1, 0.0)
    phones.receive(NUMBER, SENDER, b"\x59\x7d", 8, 1, 0.0)

    assert ["好", "好"] == [text.text for text in phones.texts(NUMBER)]


@pytest.mark.parametrize(
    ("whole", "coding", "text"),
    [
        ("好", 8, "好"),
        (b"\x59\x7d", 8, "好"),
        (b"ok", 0, "ok"),
        (b"\xba\xc3", 15, "好"),
    ],
)
def test_any_coding_can_be_read(whole: bytes | str, coding: int, text: str) -> None:
    """
    UCS-2, ASCII, GB, and what is text already.
    """
    assert text == read(whole, coding)
