"""
The seven letters with which CMPP, SMGP and SMPP tell a message's end.
"""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["stat_of"]

WIDTH = 7
_OF_STATE: Mapping[str, str] = MappingProxyType(
    {
        "delivered": "DELIVRD",
        "undelivered": "UNDELIV",
        "expired": "EXPIRED",
        "unknown": "UNKNOWN",
        "rejected": "REJECTD",
        "canceled": "DELETED",
        "pending": "ACCEPTD",
    }
)


def stat_of(code: str, state: str) -> str:
    """
    A receipt's code if it is a Stat, else its state's.
    """
    fits = 0 < len(code) <= WIDTH and code.isascii()
    return code if fits else _OF_STATE[state]
