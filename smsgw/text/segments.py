"""
Measuring a text in segments and cutting it into them; both always agree.
"""

import msgspec

from smsgw.errors import Refused
from smsgw.text.coding import CODECS, EMPTY, TOO_LONG, Coding, TextPolicy, encode_as
from smsgw.text.cuts import best_cuts, count_parts
from smsgw.text.headers import header
from smsgw.text.signing import bracketed, sign

__all__ = ["Measure", "SegmentText", "measure", "split"]

_UCS2 = Coding.UCS2


class Measure(msgspec.Struct, frozen=True, gc=False):
    """
    What a text costs. C{characters} is counted as carriers do: UTF-16 units for
    UCS-2 (an emoji is two), else characters; the signature is included.
    """

    coding: Coding
    segments: int
    characters: int


class SegmentText(msgspec.Struct, frozen=True, gc=False):
    """
    What goes into one SUBMIT; C{payload} includes the header if C{udhi}.
    """

    part: int
    parts: int
    payload: bytes
    coding: Coding
    udhi: bool


def measure(text: str, signature: str, policy: TextPolicy) -> Measure:
    """
    Coding and number of segments of the signed text.

    Raises L{Refused}: nothing to say, too many parts, half a surrogate pair.
    """
    signed = _signed(text, signature, policy)
    coding, octets = encode_as(signed, policy)
    size = len(octets)
    characters = size >> 1 if coding is _UCS2 else len(signed)
    if size <= policy.single(coding):
        return Measure(coding, 1, characters)
    room = policy.part(coding)
    if size == len(signed) * (2 if coding is _UCS2 else 1):
        segments = -(-size // room)
    else:
        segments = count_parts(octets, coding, room)
    _check_parts(segments, policy)
    if signature and policy.signature_by == "carrier":
        _check_signature(signature, coding, room)
    return Measure(coding, segments, characters)


def split(
    text: str, signature: str, policy: TextPolicy, reference: int
) -> tuple[SegmentText, ...]:
    """
    The segments in order; C{reference} ties the parts of a long text together.

    Where the carrier adds the signature it is counted but not in the payload.
    Refuses what L{measure} refuses.
    """
    signed = _signed(text, signature, policy)
    coding, octets = encode_as(signed, policy)
    added = bool(signature) and policy.signature_by == "carrier"
    if len(octets) <= policy.single(coding):
        if added:
            octets = _without_mark([octets], signature, coding, policy)[0]
        return (SegmentText(1, 1, octets, coding, False),)
    room = policy.part(coding)
    cuts = best_cuts(octets, coding, room)
    _check_parts(len(cuts), policy)
    if added:
        _check_signature(signature, coding, room)
        _keep_mark_whole(cuts, signed, signature, coding, policy)
    bodies = [octets[a:b] for a, b in zip([0, *cuts], cuts, strict=False)]
    if added:
        bodies = _without_mark(bodies, signature, coding, policy)
    total, bits = len(bodies), policy.reference_bits
    return tuple(
        SegmentText(
            part, total, header(reference, total, part, bits) + body, coding, True
        )
        for part, body in enumerate(bodies, 1)
    )


def _signed(text: str, signature: str, policy: TextPolicy) -> str:
    if not text or text.isspace():
        raise Refused(EMPTY, "", "text")
    if not signature:
        return text
    mark = bracketed(signature)
    if mark not in text:
        return mark + text if policy.signature_at == "front" else text + mark
    signed = sign(text, mark, policy)
    if signed.strip() == mark:
        raise Refused(EMPTY, "only a signature", "text")
    return signed


def _check_parts(segments: int, policy: TextPolicy) -> None:
    if segments > policy.max_parts:
        raise Refused(TOO_LONG, f"{segments} > {policy.max_parts}", "text")


def _mark(signature: str, coding: Coding) -> bytes:
    return bracketed(signature).encode(CODECS[coding])


def _check_signature(signature: str, coding: Coding, room: int) -> None:
    """
    A third of a part at most (22 characters of UCS-2), so that no cut falls in it.
    """
    if 3 * len(_mark(signature, coding)) > room:
        raise Refused(TOO_LONG, "signature", "signature")


def _keep_mark_whole(
    cuts: list[int], signed: str, signature: str, coding: Coding, policy: TextPolicy
) -> None:
    """
    A signature that the carrier puts at the end lies in the last part, with at
    least one character before it, so that no part is empty without it.
    """
    if policy.signature_at != "end":
        return
    mark = bracketed(signature)
    last = signed[-len(mark) - 1 :].encode(CODECS[coding])
    cuts[-2] = min(cuts[-2], cuts[-1] - len(last))


def _without_mark(
    bodies: list[bytes], signature: str, coding: Coding, policy: TextPolicy
) -> list[bytes]:
    size = len(_mark(signature, coding))
    if policy.signature_at == "front":
        return [bodies[0][size:], *bodies[1:]]
    return [*bodies[:-1], bodies[-1][:-size]]
