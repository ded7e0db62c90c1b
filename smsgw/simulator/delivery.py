"""
What goes to an account: status reports and messages from phones (MO).
"""

from collections.abc import Callable
from struct import Struct

import msgspec

from smsgw.protocols.cmpp import V30, Deliver
from smsgw.text import TextPolicy, split

__all__ = ["Delivery", "Reply", "Reported", "replies"]

REPORT_20 = Struct(">Q7s10s10s21sI")
REPORT_30 = Struct(">Q7s10s10s32sI")
MO_PARTS = 255


class Reported(msgspec.Struct, gc=False):
    """
    A status report: C{id} is the delivery's own, C{about} the submit's.
    """

    id: int
    about: int
    stat: bytes
    submitted: bytes
    done: bytes
    access: str
    number: str
    other_layout: bool = False

    def pdu(self, version: int) -> Deliver:
        """
        The DELIVER; 60 or 71 octets by the connection's version.
        """
        newer = (version >= V30) is not self.other_layout
        body = (REPORT_30 if newer else REPORT_20).pack(
            self.about,
            self.stat,
            self.submitted,
            self.done,
            self.number.encode(),
            self.id & 0xFFFFFFFF,
        )
        return Deliver(
            msg_id=self.id,
            dest_id=self.access,
            src_terminal_id=self.number,
            registered_delivery=1,
            msg_content=body,
        )


class Reply(msgspec.Struct, gc=False):
    """
    A message from a phone, or a part of one.
    """

    id: int
    number: str
    access: str
    payload: bytes
    coding: int
    udhi: int

    def pdu(self, version: int) -> Deliver:
        """
        The DELIVER; the same in all versions but for its widths.
        """
        return Deliver(
            msg_id=self.id,
            dest_id=self.access,
            src_terminal_id=self.number,
            tp_udhi=self.udhi,
            msg_fmt=self.coding,
            msg_content=self.payload,
        )


Delivery = Reported | Reply


def replies(
    take: Callable[[int], list[int]],
    number: str,
    access: str,
    text: str,
    coding: str = "auto",
    udhi: int = 1,
    reference: int = 0,
) -> list[Reply]:
    """
    The parts of an MO; C{take} gives so many delivery ids. Refuses an empty text.
    """
    policy = TextPolicy(coding=coding, max_parts=MO_PARTS)
    segments = split(text, "", policy, reference)
    return [
        Reply(
            id_,
            number,
            access,
            segment.payload,
            segment.coding,
            udhi if segment.udhi else 0,
        )
        for id_, segment in zip(take(len(segments)), segments, strict=True)
    ]
