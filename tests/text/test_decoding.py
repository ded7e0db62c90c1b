"""
Tests of L{smsgw.text.decoding}.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.text.decoding import decode_text, join_payloads


@pytest.mark.parametrize(
    ("payload", "coding", "expected"),
    [
        (b"This is a test MO.", 0, "This is a test MO."),
        ("退订".encode("gb18030"), 0, "退订"),
        (b"\x90\x00\x8b\xa2", 8, "退订"),
        (b"\x90\x00\x8b\xa2", 25, "退订"),
        (b"\xcd\xcb\xb6\xa9TD", 15, "退订TD"),
        (b"", 0, ""),
        (b"", 8, ""),
        ("\ufeff退订".encode("utf-16-be"), 8, "退订"),
        ("\ufeff退订".encode("utf-16-le"), 8, "退订"),
        ("\ufeff退订".encode("gb18030"), 15, "退订"),
        (b"\x90\x00\x8b", 8, "退\ufffd"),
        (b"\xd8\x3d\x90\x00", 8, "\ufffd退"),
        (b"\xcd\xcb\xff", 15, "退\ufffd"),
        ("😀".encode("utf-16-be"), 8, "😀"),
        ("😀".encode("gb18030"), 15, "😀"),
        (b"\x01\xfe", 4, "01fe"),
    ],
)
def test_decode(payload: bytes, coding: int, expected: str) -> None:
    """
    Each format is read; what is broken is replaced, marks of order go.
    """
    assert expected == decode_text(payload, coding)


@given(st.binary(), st.integers(0, 255))
def test_any_octets(payload: bytes, coding: int) -> None:
    """
    No payload and no format raises, and the text can be stored as UTF-8.
    """
    decode_text(payload, coding).encode()


@given(st.text("a退😀\U00020000", min_size=1), st.data())
def test_cut_anywhere(text: str, data: st.DataObject) -> None:
    """
    A sender may cut inside a character when all parts have one format.
    """
    for coding, codec in ((8, "utf-16-be"), (15, "gb18030")):
        octets = text.encode(codec)
        cut = data.draw(st.integers(0, len(octets)))
        assert text == join_payloads([(octets[:cut], coding), (octets[cut:], coding)])


def test_mixed_formats() -> None:
    """
    Parts of several formats are each read with their own.
    """
    pieces = [(b"abc", 0), ("退".encode("utf-16-be"), 8), ("订".encode("gbk"), 15)]
    assert "abc退订" == join_payloads(pieces)


def test_stray_octet_spoils_one_part_only() -> None:
    """
    One odd part is not allowed to shift the others.
    """
    good = "退订".encode("utf-16-be")
    assert "退订\ufffd退订" == join_payloads([(good + b"\0", 8), (good, 8)])
