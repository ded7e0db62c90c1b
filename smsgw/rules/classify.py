"""
A message's category and the lane it waits in.

The caller's word or the account's default decides; the table may be overridden.
"""

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from smsgw.errors import Refused

__all__ = ["AUTO", "CATEGORIES", "Classified", "classify", "lane_of"]

UNKNOWN_CATEGORY = 2012
AUTO = "auto"

CATEGORIES: Mapping[str, str] = MappingProxyType(
    {
        "critical": "critical",
        "otp": "code",
        "appointment": "notice",
        "report": "notice",
        "medication": "notice",
        "notice": "notice",
        "bulk": "bulk",
        "marketing": "bulk",
    }
)


@attrs.frozen
class Classified:
    """
    A category, its lane, and whose word it was (C{request} or C{account}).
    """

    category: str
    lane: str
    why: str


def lane_of(category: str, table: Mapping[str, str] = CATEGORIES) -> str:
    """
    The lane of a category; L{Refused} for one that the table lacks.
    """
    lane = table.get(category)
    if lane is None:
        raise Refused(UNKNOWN_CATEGORY, category, "category")
    return lane


def classify(
    given: str, default: str, table: Mapping[str, str] = CATEGORIES
) -> Classified:
    """
    The category that a request names, else its account's.
    """
    category = given or default
    return Classified(
        category, lane_of(category, table), "request" if given else "account"
    )
