"""
Tests of L{smsgw.text.coding}.
"""

import pytest

from smsgw.errors import Refused
from smsgw.text.coding import Coding, TextPolicy, coding_of, encode_as


@pytest.mark.parametrize(
    ("text", "wanted", "coding"),
    [
        ("hello", "auto", Coding.ASCII),
        ("a\r\nb\tc", "auto", Coding.ASCII),
        ("a\x00b", "auto", Coding.UCS2),
        ("a\x7f", "auto", Coding.UCS2),
        ("é", "auto", Coding.UCS2),
        ("hello", "ucs2", Coding.UCS2),
        ("hello", "gb18030", Coding.GB18030),
        ("你好", "gb18030", Coding.GB18030),
        ("😀", "gb18030", Coding.GB18030),
        ("你好", "gbk", Coding.GB18030),
        ("😀", "gbk", Coding.UCS2),
        ("hello", "auto-gbk", Coding.ASCII),
        ("你好", "auto-gbk", Coding.GB18030),
        ("你好é😀", "auto-gbk", Coding.UCS2),
    ],
)
def test_choice(text: str, wanted: str, coding: Coding) -> None:
    """
    The policy's wish and the text's characters decide the coding.
    """
    codec = {0: "ascii", 8: "utf-16-be", 15: "gb18030"}[coding]
    assert (coding, text.encode(codec)) == encode_as(text, TextPolicy(coding=wanted))


def test_half_pair_is_refused() -> None:
    """
    Half a surrogate pair is named as the caller's fault, with its place.
    """
    for wanted in ("auto", "ucs2", "gbk", "gb18030"):
        with pytest.raises(Refused) as caught:
            encode_as("你\ud83d", TextPolicy(coding=wanted))
        assert (2003, "character 2", "text") == caught.value.args


@pytest.mark.parametrize(
    ("coding", "bits", "single", "part"),
    [
        (Coding.ASCII, 8, 159, 153),
        (Coding.ASCII, 16, 159, 152),
        (Coding.UCS2, 8, 140, 134),
        (Coding.UCS2, 16, 140, 132),
        (Coding.GB18030, 8, 140, 134),
        (Coding.GB18030, 16, 140, 133),
    ],
)
def test_sizes(coding: Coding, bits: int, single: int, part: int) -> None:
    """
    Sizes are those of cmpp.md 11.2.
    """
    policy = TextPolicy(reference_bits=bits)
    assert (single, part) == (policy.single(coding), policy.part(coding))


@pytest.mark.parametrize(
    "wrong",
    [
        {"coding": "utf8"},
        {"reference_bits": 7},
        {"max_parts": 0},
        {"max_parts": 256},
        {"signature_by": "nobody"},
        {"signature_at": "middle"},
    ],
)
def test_wrong_policy(wrong: dict[str, object]) -> None:
    """
    A policy that makes no sense is an error where it is made.
    """
    with pytest.raises(ValueError, match=next(iter(wrong))):
        TextPolicy(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("msg_fmt", "coding"),
    [
        (0, Coding.ASCII),
        (3, Coding.BINARY),
        (4, Coding.BINARY),
        (8, Coding.UCS2),
        (9, Coding.UCS2),
        (15, Coding.GB18030),
        (16, Coding.ASCII),
        (24, Coding.UCS2),
        (25, Coding.UCS2),
        (246, Coding.BINARY),
        (12, Coding.BINARY),
    ],
)
def test_coding_of(msg_fmt: int, coding: Coding) -> None:
    """
    Data codings that pass through from GSM are read by their bits.
    """
    assert coding is coding_of(msg_fmt)
