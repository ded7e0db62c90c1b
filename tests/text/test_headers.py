"""
Tests of L{smsgw.text.headers}.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.text.headers import UserData, header, parse_udh


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (
            "0500037b0201 957f",
            UserData(b"\x95\x7f", 0x7B, 2, 1, 8, ((0, b"\x7b\2\1"),)),
        ),
        ("06080412340303", UserData(b"", 0x1234, 3, 3, 16, ((8, b"\x12\x34\3\3"),))),
        ("060504158a0000 41", UserData(b"A", elements=((5, b"\x15\x8a\0\0"),))),
        (
            "0b0504158a00000003070201 42",
            UserData(b"B", 7, 2, 1, 8, ((5, b"\x15\x8a\0\0"), (0, b"\7\2\1"))),
        ),
        ("050003070102 43", UserData(b"C", elements=((0, b"\7\1\2"),))),
        ("050003070000 43", UserData(b"C", elements=((0, b"\7\0\0"),))),
        ("050003070101 43", UserData(b"C", 7, 1, 1, 8, ((0, b"\7\1\1"),))),
        ("00 41", UserData(b"A")),
    ],
)
def test_known(octets: str, expected: UserData) -> None:
    """
    The forms of cmpp.md 11.3 are read.
    """
    found = parse_udh(bytes.fromhex(octets))
    assert expected == found


@pytest.mark.parametrize("octets", ["", "05", "050003", "0500047b0201", "0100", "ff00"])
def test_broken(octets: str) -> None:
    """
    Lengths that do not fit make it no header.
    """
    assert parse_udh(bytes.fromhex(octets)) is None


@given(st.binary())
def test_any_octets(payload: bytes) -> None:
    """
    Whatever a peer sends is read or is no header, and the body is its end.
    """
    found = parse_udh(payload)
    assert found is None or payload.endswith(found.body)


@given(st.integers(0, 0xFFFF), st.integers(1, 255), st.sampled_from([8, 16]), st.data())
def test_round_trip(reference: int, parts: int, bits: int, data: st.DataObject) -> None:
    """
    What is written is read; the 8-bit form keeps the low octet.
    """
    part = data.draw(st.integers(1, parts))
    found = parse_udh(header(reference, parts, part, bits) + b"x")
    assert found is not None
    kept = reference & 0xFF if bits == 8 else reference
    assert (b"x", kept, parts, part, bits) == (
        found.body,
        found.reference,
        found.parts,
        found.part,
        found.bits,
    )
