"""
The GSM default alphabet (03.38), one septet in each octet as SMPP carries it.
"""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["from_gsm", "to_gsm"]

ESCAPE = 0x1B
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Mapping[int, str] = MappingProxyType(
    {
        0x0A: "\f",
        0x14: "^",
        0x28: "{",
        0x29: "}",
        0x2F: "\\",
        0x3C: "[",
        0x3D: "~",
        0x3E: "]",
        0x40: "|",
        0x65: "€",
    }
)
_OCTETS: Mapping[str, bytes] = MappingProxyType(
    {
        **{letter: bytes([number]) for number, letter in enumerate(_BASIC)},
        **{letter: bytes([ESCAPE, number]) for number, letter in _EXTENDED.items()},
    }
)


def to_gsm(text: str) -> bytes:
    """
    A text's septets; C{?} for what the alphabet lacks.
    """
    return b"".join([_OCTETS.get(letter, b"?") for letter in text])


def from_gsm(octets: bytes) -> str:
    """
    The text of septets; an escape that means nothing is a space.
    """
    letters: list[str] = []
    escaped = False
    for octet in (one & 0x7F for one in octets):
        if escaped:
            letters.append(_EXTENDED.get(octet, " "))
            escaped = False
        elif octet == ESCAPE:
            escaped = True
        else:
            letters.append(_BASIC[octet])
    return "".join(letters)
