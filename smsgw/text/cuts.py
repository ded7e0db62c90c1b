"""
Where the octets of a long text are cut: never in a character, seldom in a cluster.
"""

from smsgw.text.clusters import steps_back
from smsgw.text.coding import CODECS, Coding

__all__ = ["best_cuts", "count_parts"]

_ASCII, _UCS2 = Coding.ASCII, Coding.UCS2
_JOINER = "\u200d".encode("utf-16-be")


def count_parts(octets: bytes, coding: Coding, room: int) -> int:
    """
    How many parts of C{room} octets there will be.
    """
    return len(_cuts(octets, coding, room, whole=False))


def best_cuts(octets: bytes, coding: Coding, room: int) -> list[int]:
    """
    Cuts between whole clusters, unless that takes one more part: phones join the
    parts before they show them, and a part is money.
    """
    whole = _cuts(octets, coding, room, whole=coding is not _ASCII)
    if len(whole) == -(-len(octets) // room):
        return whole
    plain = _cuts(octets, coding, room, whole=False)
    return whole if len(whole) == len(plain) else plain


def _cuts(octets: bytes, coding: Coding, room: int, whole: bool) -> list[int]:
    """
    Where each part ends.
    """
    cuts: list[int] = []
    at, size = 0, len(octets)
    while size - at > room:
        cut = _boundary(octets, coding, at, at + room)
        if whole:
            cut = _cluster_start(octets, coding, at, cut)
        cuts.append(cut)
        at = cut
    cuts.append(size)
    return cuts


def _boundary(octets: bytes, coding: Coding, start: int, end: int) -> int:
    """
    The last place up to C{end} that is not inside a character.
    """
    if coding is _UCS2:
        return end - 2 if octets[end] & 0xFC == 0xDC else end
    if coding is _ASCII:
        return end
    at = start
    while True:
        following = at + _gb_width(octets, at)
        if following > end:
            return at
        at = following


def _gb_width(octets: bytes, at: int) -> int:
    if octets[at] < 0x80:
        return 1
    return 4 if 0x30 <= octets[at + 1] <= 0x39 else 2


def _cluster_start(octets: bytes, coding: Coding, start: int, cut: int) -> int:
    if coding is _UCS2 and _is_ideograph(octets, cut):
        return cut
    codec = CODECS[coding]
    head = octets[start:cut].decode(codec)
    after = octets[cut : cut + 4].decode(codec, "ignore")[0]
    back = steps_back(head, after)
    return cut - len(head[-back:].encode(codec)) if back else cut


def _is_ideograph(octets: bytes, cut: int) -> bool:
    """
    The usual case, told without decoding: U+3100 to U+9FFF, no joiner before.
    """
    return 0x31 <= octets[cut] <= 0x9F and octets[cut - 2 : cut] != _JOINER
