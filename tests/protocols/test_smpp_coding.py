"""
Contents to a centre's coding and place, and back.
"""

import attrs
import pytest

from smsgw.protocols.smpp import V33
from smsgw.protocols.smpp_coding import from_carrier, placed, to_carrier
from smsgw.protocols.smpp_settings import SmppSettings

SETTINGS = SmppSettings("900001", "s")
GSM = attrs.evolve(SETTINGS, alphabet="gsm")
UDH = b"\5\0\3\x2e\3\1"


def of(**changes: object) -> SmppSettings:
    """
    The settings with others.
    """
    return attrs.evolve(SETTINGS, **changes)


@pytest.mark.parametrize("coding", [0, 4, 8, 15])
def test_codings_go_both_ways(coding: int) -> None:
    """
    Each coding comes back, under numbers of the contract's own too.
    """
    for settings in (SETTINGS, of(ascii_dcs=1, binary_dcs=2, ucs2_dcs=24, gb_dcs=9)):
        content, number = to_carrier(b"text", False, coding, settings)
        assert (b"text", coding) == from_carrier(content, False, number, settings)


@pytest.mark.parametrize(
    ("number", "coding"),
    [
        (0, 0),
        (1, 0),
        (2, 4),
        (5, 0),
        (14, 0),
        (0x10, 0),
        (0x14, 4),
        (0x18, 8),
        (0xC0, 0),
        (0xE0, 8),
        (0xF0, 0),
        (0xF5, 4),
        (0x99, 0),
    ],
)
def test_numbers(number: int, coding: int) -> None:
    """
    Every data_coding is read as something.
    """
    assert (b"text", coding) == from_carrier(b"text", False, number, SETTINGS)


@pytest.mark.parametrize("headed", [False, True])
def test_gsm_alphabet(headed: bool) -> None:
    """
    A centre's default alphabet is translated, a header left alone.
    """
    head = UDH if headed else b""
    content, number = to_carrier(head + b"a@b", headed, 0, GSM)
    assert (head + b"a\0b", 0) == (content, number)
    assert (head + b"a@b", 0) == from_carrier(content, headed, 0, GSM)
    expected = head + "a£".encode("utf-16-be"), 8
    assert expected == from_carrier(head + b"a\1", headed, 0, GSM)


def test_latin_1() -> None:
    """
    Latin-1 becomes ASCII if it can, else UCS-2.
    """
    assert (b"abc", 0) == from_carrier(b"abc", False, 3, SETTINGS)
    expected = "é".encode("utf-16-be"), 8
    assert expected == from_carrier(b"\xe9", False, 3, SETTINGS)


def test_ia5_is_ascii() -> None:
    """
    Who asks for ASCII by its number is not given GSM.
    """
    settings = attrs.evolve(GSM, ascii_dcs=1)
    assert (b"@", 1) == to_carrier(b"@", False, 0, settings)
    assert (b"@", 0) == from_carrier(b"@", False, 1, settings)


def test_places() -> None:
    """
    A content's header stays, or its place is told by TLVs, never both.
    """
    content = UDH + b"text"
    assert (content, {}, 0x40) == placed(content, True, SETTINGS)
    sar = {0x020C: b"\0\x2e", 0x020E: b"\3", 0x020F: b"\1"}
    assert (b"text", sar, 0) == placed(content, True, of(long="sar"))
    assert (b"text", {}, 0) == placed(b"text", False, of(long="sar"))
    ports = b"\6\5\4\1\2\3\4text"
    assert (ports, {}, 0x40) == placed(ports, True, of(long="sar"))


@pytest.mark.parametrize(("long", "most"), [("udh", 254), ("payload", 140)])
def test_payload(long: str, most: int) -> None:
    """
    What does not fit a short_message is a message_payload.
    """
    settings = of(long=long)
    assert (b"a" * most, {}, 0) == placed(b"a" * most, False, settings)
    longer = b"a" * (most + 1)
    assert (b"", {0x0424: longer}, 0) == placed(longer, False, settings)


def test_payload_of_old_peers() -> None:
    """
    A peer of 3.3 is sent what the table may refuse, but no TLV.
    """
    assert (b"a" * 300, {}, 0) == placed(b"a" * 300, False, of(version=V33))
