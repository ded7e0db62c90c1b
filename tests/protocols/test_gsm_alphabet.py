"""
The GSM default alphabet.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.protocols.gsm_alphabet import from_gsm, to_gsm


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("hello 123", b"hello 123"),
        ("@$_", b"\x00\x02\x11"),
        ("^{}\\[~]|€", b"\x1b\x14\x1b\x28\x1b\x29\x1b\x2f\x1b<\x1b=\x1b>\x1b@\x1be"),
        ("Ààé¿", b"?\x7f\x05\x60"),
    ],
)
def test_letters(text: str, octets: bytes) -> None:
    """
    Letters have their places; those that the alphabet lacks become C{?}.
    """
    assert octets == to_gsm(text)
    assert text.replace("À", "?") == from_gsm(octets)


@given(st.binary(max_size=160))
def test_any_octets(octets: bytes) -> None:
    """
    Any octets have a text, and its octets the same text.
    """
    text = from_gsm(octets)
    assert text == from_gsm(to_gsm(text))


def test_lost_escapes() -> None:
    """
    An escape that means nothing is a space, one at the end nothing.
    """
    assert "a b" == from_gsm(b"a\x1b\x01b\x1b")
