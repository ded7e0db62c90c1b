"""
The user data header in front of a part's text (GSM 03.40 9.2.3.24).
"""

import attrs

__all__ = ["Udh", "has_udh", "split"]

CONCAT_8, CONCAT_16, PORTS_16 = 0x00, 0x08, 0x05


@attrs.frozen
class Udh:
    """
    A header's octets (with its length) and what we understand of it.

    C{bits} is the width of C{reference}, 0 without concatenation.
    """

    octets: bytes = b""
    reference: int = 0
    parts: int = 1
    part: int = 1
    bits: int = 0
    ports: tuple[int, int] | None = None


def has_udh(indicator: int) -> bool:
    """
    TP_udhi is 1 by the standard and 0x40 from most gateways.
    """
    return indicator & 0x41 != 0


def split(payload: bytes) -> tuple[Udh, bytes]:
    """
    The header and the text after it; a header that overruns is no header.
    """
    if not payload or payload[0] + 1 > len(payload):
        return Udh(), payload
    end = payload[0] + 1
    header = Udh(octets=payload[:end])
    at = 1
    while at + 2 <= end:
        tag, length = payload[at], payload[at + 1]
        data = payload[at + 2 : at + 2 + length]
        if at + 2 + length > end:
            break
        header = _element(header, tag, data)
        at += 2 + length
    return header, payload[end:]


def _element(header: Udh, tag: int, data: bytes) -> Udh:
    if (tag, len(data)) == (CONCAT_8, 3):
        return attrs.evolve(
            header, reference=data[0], parts=data[1], part=data[2], bits=8
        )
    if (tag, len(data)) == (CONCAT_16, 4):
        reference = int.from_bytes(data[:2], "big")
        return attrs.evolve(
            header, reference=reference, parts=data[2], part=data[3], bits=16
        )
    if (tag, len(data)) == (PORTS_16, 4):
        ports = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:], "big")
        return attrs.evolve(header, ports=ports)
    return header
