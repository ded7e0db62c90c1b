"""
Text on its way to a phone and back: coding, signature, segments, joining.

Pure. Clients and the rest of the house hold text; octets, headers and part
numbers exist only here and in the dialects (CMPP 3.0, cmpp.md sections 11, 12.2).
"""

from smsgw.text.coding import Coding, TextPolicy, coding_of
from smsgw.text.decoding import decode_text, join_payloads
from smsgw.text.headers import UserData, parse_udh
from smsgw.text.joining import Joined, Joiner
from smsgw.text.segments import Measure, SegmentText, measure, split
from smsgw.text.signing import bracketed, sign

__all__ = [
    "Coding",
    "Joined",
    "Joiner",
    "Measure",
    "SegmentText",
    "TextPolicy",
    "UserData",
    "bracketed",
    "coding_of",
    "decode_text",
    "join_payloads",
    "measure",
    "parse_udh",
    "sign",
    "split",
]
