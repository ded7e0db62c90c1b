"""
Octets from a carrier to text that a person can read; never raises.
"""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Sequence

from smsgw.text.coding import Coding, coding_of

__all__ = ["decode_text", "join_payloads"]

_BOM_GB = "\ufeff".encode("gb18030")
_LOST = "\ufffd"


def decode_text(payload: bytes, coding: int) -> str:
    """
    The text of a payload without its header; C{coding} is the carrier's Msg_Fmt.

    Odd UCS-2 and undecodable GB become U+FFFD; byte order marks go; binary
    content is shown in hexadecimal digits.
    """
    match coding_of(coding):
        case Coding.UCS2:
            return _decode_ucs2(payload)
        case Coding.GB18030:
            return payload.removeprefix(_BOM_GB).decode("gb18030", "replace")
        case Coding.ASCII:
            if payload.isascii():
                return payload.decode("ascii")
            return payload.decode("gb18030", "replace")
    return payload.hex()


def _decode_ucs2(payload: bytes) -> str:
    if payload.startswith(BOM_UTF16_LE):
        return payload[2:].decode("utf-16-le", "replace")
    return payload.removeprefix(BOM_UTF16_BE).decode("utf-16-be", "replace")


def join_payloads(pieces: Sequence[tuple[bytes, int]]) -> str:
    """
    The text of a long message's parts in order, each (payload, Msg_Fmt).

    Octets are joined first when all formats are equal, for a sender may cut
    inside a character; else, or if that reads worse, part by part.
    """
    apart = "".join(decode_text(payload, coding) for payload, coding in pieces)
    codings = {coding_of(coding) for _payload, coding in pieces}
    if len(codings) != 1 or _LOST not in apart:
        return apart
    first = pieces[0][1]
    joined = decode_text(b"".join(payload for payload, _coding in pieces), first)
    return joined if joined.count(_LOST) < apart.count(_LOST) else apart
