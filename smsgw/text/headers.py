"""
The user data header (UDH) before the text of a long message's part.
"""

import attrs

__all__ = ["UserData", "header", "parse_udh"]

_REFERENCE_8 = 0x00
_REFERENCE_16 = 0x08


@attrs.frozen
class UserData:
    """
    A payload taken apart: where it belongs, what else was said, its body.

    Without a usable concatenation element it is part 1 of 1 and C{bits} is 0.
    """

    body: bytes
    reference: int = 0
    parts: int = 1
    part: int = 1
    bits: int = 0
    elements: tuple[tuple[int, bytes], ...] = ()


def header(reference: int, parts: int, part: int, bits: int) -> bytes:
    """
    The header of one part: 05 00 03 RR TT NN or 06 08 04 RH RL TT NN.
    """
    if bits == 8:
        return bytes((5, _REFERENCE_8, 3, reference & 0xFF, parts, part))
    high, low = reference >> 8 & 0xFF, reference & 0xFF
    return bytes((6, _REFERENCE_16, 4, high, low, parts, part))


def parse_udh(payload: bytes) -> UserData | None:
    """
    Take a payload apart that is said to begin with a header.

    C{None} when its lengths do not fit: then it is better shown as it came.
    Impossible part numbers are passed over (3GPP TS 23.040, 9.2.3.24.1).
    """
    if not payload or payload[0] >= len(payload):
        return None
    end = payload[0] + 1
    elements = _elements(payload[1:end])
    if elements is None:
        return None
    body = payload[end:]
    for name, data in elements:
        place = _place(name, data)
        if place is not None:
            return UserData(body, *place, elements)
    return UserData(body, elements=elements)


def _elements(data: bytes) -> tuple[tuple[int, bytes], ...] | None:
    found = []
    at = 0
    while at < len(data):
        if at + 2 > len(data) or at + 2 + data[at + 1] > len(data):
            return None
        end = at + 2 + data[at + 1]
        found.append((data[at], data[at + 2 : end]))
        at = end
    return tuple(found)


def _place(name: int, data: bytes) -> tuple[int, int, int, int] | None:
    """
    (reference, parts, part, bits) of a concatenation element that makes sense.
    """
    if (name, len(data)) not in ((_REFERENCE_8, 3), (_REFERENCE_16, 4)):
        return None
    reference = int.from_bytes(data[:-2], "big")
    parts, part = data[-2], data[-1]
    if not 1 <= part <= parts:
        return None
    return reference, parts, part, 8 if name == _REFERENCE_8 else 16
