"""
Msg_Fmt values, a channel's text policy, and which coding a text gets.
"""

from codecs import utf_16_be_encode
from enum import IntEnum

import attrs

from smsgw.errors import Refused

__all__ = [
    "CODECS",
    "EMPTY",
    "TOO_LONG",
    "UNENCODABLE",
    "Coding",
    "TextPolicy",
    "coding_of",
    "encode_as",
]

EMPTY = 2004
TOO_LONG = 2005
UNENCODABLE = 2003


class Coding(IntEnum):
    """
    The data codings that are sent; the numbers are CMPP's Msg_Fmt.
    """

    ASCII = 0
    BINARY = 4
    UCS2 = 8
    GB18030 = 15


# A member looked up in its Enum costs 40 ns, a name of this module 10.
_ASCII, _UCS2 = Coding.ASCII, Coding.UCS2
CODECS = {_ASCII: "ascii", _UCS2: "utf-16-be", Coding.GB18030: "gb18030"}
_CODINGS = ("auto", "auto-gbk", "ucs2", "gbk", "gb18030")
_WHERE = ("front", "end")
_WHO = ("us", "carrier")


@attrs.frozen
class TextPolicy:
    """
    How a channel wants text: coding, sizes in octets, and who signs where.

    C{coding}: C{auto} is ASCII if printable, else UCS-2; C{auto-gbk} the same
    with GBK before UCS-2; C{ucs2} always; C{gbk} GB in one and two octets, UCS-2
    for what does not fit; C{gb18030} always GB, four-octet characters too.
    C{ucs2_single} is also the size of a single GB message. C{ascii_part} is
    for the 8-bit reference; the 16-bit one takes an octet more of every part.
    """

    coding: str = attrs.field(default="auto", validator=attrs.validators.in_(_CODINGS))
    ascii_single: int = 159
    ascii_part: int = 153
    ucs2_single: int = 140
    part_octets: int = 140
    reference_bits: int = attrs.field(
        default=8, validator=attrs.validators.in_((8, 16))
    )
    max_parts: int = attrs.field(
        default=20, validator=[attrs.validators.ge(1), attrs.validators.le(255)]
    )
    signature_by: str = attrs.field(default="us", validator=attrs.validators.in_(_WHO))
    signature_at: str = attrs.field(
        default="front", validator=attrs.validators.in_(_WHERE)
    )

    def single(self, coding: Coding) -> int:
        """
        The octets that one message without a header may have.
        """
        return self.ascii_single if coding is _ASCII else self.ucs2_single

    def part(self, coding: Coding) -> int:
        """
        The octets of text in each part of a long message.
        """
        header = 6 if self.reference_bits == 8 else 7
        if coding is _ASCII:
            return self.ascii_part + 6 - header
        room = self.part_octets - header
        return room - room % 2 if coding is _UCS2 else room


def encode_as(text: str, policy: TextPolicy) -> tuple[Coding, bytes]:
    """
    The coding that the policy gives this text, and its octets.

    Raises L{Refused} for a text that no coding can carry (half a surrogate pair).
    """
    wanted = policy.coding
    if wanted[0] == "a" and text.isascii() and _is_plain(text):
        return _ASCII, text.encode("ascii")
    try:
        if wanted in ("auto", "ucs2"):
            return _UCS2, utf_16_be_encode(text)[0]
        return _encode_gb(text, quads=wanted == "gb18030")
    except UnicodeEncodeError as error:
        raise Refused(UNENCODABLE, f"character {error.start + 1}", "text") from error


def _is_plain(text: str) -> bool:
    if text.isprintable():
        return True
    return all(character in "\n\r\t" or " " <= character < "\x7f" for character in text)


def _encode_gb(text: str, quads: bool) -> tuple[Coding, bytes]:
    payload = text.encode("gb18030")
    if not quads and _has_quads(text):
        return _UCS2, utf_16_be_encode(text)[0]
    return Coding.GB18030, payload


def _has_quads(text: str) -> bool:
    """
    Whether GBK cannot say it: four-octet sequences do not pass everywhere.
    """
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return True
    return False


def coding_of(msg_fmt: int) -> Coding:
    """
    The coding behind a Msg_Fmt as it comes in, GSM data codings included.

    9, 24 and 25 are UCS-2 (flash, unsigned); 3 writes to the card: octets.
    """
    if msg_fmt == Coding.GB18030:
        return Coding.GB18030
    if msg_fmt == 3 or msg_fmt & 0xC0:
        return Coding.BINARY
    return (Coding.ASCII, Coding.BINARY, Coding.UCS2, Coding.BINARY)[msg_fmt >> 2 & 3]
