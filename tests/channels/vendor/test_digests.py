"""
Digests by known values.
"""

import pytest

from smsgw.channels.vendor.digests import DIGESTS, ENCODINGS, digest


@pytest.mark.parametrize(
    ("method", "known"),
    [
        ("md5", "900150983cd24fb0d6963f7d28e17f72"),
        ("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            "sha256",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        ("sm3", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    ],
)
def test_of_abc(method: str, known: str) -> None:
    """
    FIPS 180, RFC 1321 and GB/T 32905.
    """
    assert known == digest(method, b"abc").hex()


@pytest.mark.parametrize(
    ("method", "known"),
    [
        ("hmac-md5", "750c783e6ab0b503eaa86e310a5db738"),
        ("hmac-sha1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        (
            "hmac-sha256",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
    ],
)
def test_with_a_key(method: str, known: str) -> None:
    """
    RFC 2202 and 4231, the second case of each.
    """
    assert known == digest(method, b"what do ya want for nothing?", b"Jefe").hex()


def test_hmac_sm3_by_its_definition() -> None:
    """
    RFC 2104 over SM3.
    """
    key = b"k".ljust(64, b"\0")
    inner = digest("sm3", bytes(one ^ 0x36 for one in key) + b"data")
    outer = digest("sm3", bytes(one ^ 0x5C for one in key) + inner)
    assert outer == digest("hmac-sm3", b"data", b"k")


def test_all_of_them_work() -> None:
    """
    Every name and every way of writing.
    """
    for method in DIGESTS:
        octets = digest(method, b"data", b"key")
        assert octets.hex().upper() == ENCODINGS["HEX"](octets)
