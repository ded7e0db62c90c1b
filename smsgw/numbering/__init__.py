"""
Phone numbers: one form of them, whose they are, and how they may be shown.
"""

from smsgw.numbering.carriers import Segment, carrier_of, segment_of
from smsgw.numbering.masks import mask, mask_text
from smsgw.numbering.phones import normalise, normalise_many, reason_of

__all__ = [
    "Segment",
    "carrier_of",
    "mask",
    "mask_text",
    "normalise",
    "normalise_many",
    "reason_of",
    "segment_of",
]
