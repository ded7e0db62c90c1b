"""
What goes to an account: status reports and messages from phones (MO).
"""

from collections.abc import Mapping
from struct import Struct
from typing import Any, ClassVar

import attrs

from smsgw.protocols.cmpp import V20, V21, V30, Deliver
from smsgw.protocols.neutral import InboundPart
from smsgw.protocols.rows import Codec, Pdu
from smsgw.text import TextPolicy, split

__all__ = ["Delivery", "Reported", "replies"]

MO_PARTS = 255

# DELIVER up to Msg_Length, then the report, then Reserved or LinkID (6.6).
BODY = {
    (20, 20): Struct(">Q21s10sBBB21sBBQ7s10s10s21sI8s"),
    (20, 30): Struct(">Q21s10sBBB21sBBQ7s10s10s32sI8s"),
    (30, 20): Struct(">Q21s10sBBB32sBBBQ7s10s10s21sI20s"),
    (30, 30): Struct(">Q21s10sBBB32sBBBQ7s10s10s32sI20s"),
}


def _encode_20(one: "Reported") -> bytes:
    size, layout = (71, (20, 30)) if one.other_layout else (60, (20, 20))
    number = one.number
    return BODY[layout].pack(
        one.msg_id,
        one.access,
        b"",
        0,
        0,
        0,
        number,
        1,
        size,
        one.about,
        one.stat,
        one.submitted,
        one.done,
        number,
        one.msg_id & 0xFFFFFFFF,
        b"",
    )


def _encode_30(one: "Reported") -> bytes:
    size, layout = (60, (30, 20)) if one.other_layout else (71, (30, 30))
    number = one.number
    return BODY[layout].pack(
        one.msg_id,
        one.access,
        b"",
        0,
        0,
        0,
        number,
        0,
        1,
        size,
        one.about,
        one.stat,
        one.submitted,
        one.done,
        number,
        one.msg_id & 0xFFFFFFFF,
        b"",
    )


@attrs.define(eq=False)
class Reported(Pdu):
    """
    A DELIVER with a status report, written in one stroke: a third of the cost.

    C{about} is the submit's Msg_Id; 60 or 71 octets by the connection's version,
    or the C{other_layout}.
    """

    command: ClassVar[int] = Deliver.command
    title: ClassVar[str] = Deliver.title
    rows = Deliver.rows
    codecs: ClassVar[Mapping[int, Codec]] = {
        V20: Codec(_encode_20, Deliver.codecs[V20].decode, 0),
        V21: Codec(_encode_20, Deliver.codecs[V21].decode, 0),
        V30: Codec(_encode_30, Deliver.codecs[V30].decode, 0),
    }

    msg_id: int
    about: int
    stat: bytes
    submitted: bytes
    done: bytes
    access: bytes
    number: bytes
    other_layout: bool = False


@attrs.define(eq=False)
class Delivery:
    """
    One delivery on its way; C{origin} is the connection its submit came on.
    """

    pdu: Pdu
    report: bool = True
    origin: Any = None


def replies(
    number: str,
    access: str,
    text: str,
    coding: str = "auto",
    reference: int = 0,
) -> list[InboundPart]:
    """
    The parts of an MO. Refuses an empty text.
    """
    policy = TextPolicy(coding=coding, max_parts=MO_PARTS)
    return [
        InboundPart(number, access, one.payload, int(one.coding), one.udhi)
        for one in split(text, "", policy, reference)
    ]
