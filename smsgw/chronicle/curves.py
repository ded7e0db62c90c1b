"""
When a hospital writes: peaks in the morning and in the afternoon, quiet nights.
"""

from bisect import bisect
from collections.abc import Mapping
from itertools import accumulate
from types import MappingProxyType

from smsgw.chronicle.people import Chances

__all__ = ["CURVES", "DAY", "day_of", "moment", "weekday_of"]

DAY, HOUR, CHINA = 86_400.0, 3_600.0, 28_800.0
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday

_OFFICE = (0, 0, 0, 0, 0, 0, 1, 4, 12, 13, 9, 5, 2, 3, 10, 11, 8, 5, 2, 1, 1, 0, 0, 0)
_ALWAYS = (2, 1, 1, 1, 1, 2, 4, 9, 14, 14, 10, 7, 5, 6, 11, 11, 9, 7, 6, 6, 6, 5, 4, 3)
_AFTERNOON = (0, 0, 0, 0, 0, 0, 0, 2, 7, 9, 7, 4, 2, 3, 13, 15, 12, 8, 6, 4, 2, 1, 0, 0)
CURVES: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        name: tuple(accumulate(share / sum(shares) for share in shares))
        for name, shares in (
            ("office", _OFFICE),
            ("always", _ALWAYS),
            ("afternoon", _AFTERNOON),
        )
    }
)


def moment(chance: Chances, curve: str) -> float:
    """
    Seconds after midnight.
    """
    hour = min(bisect(CURVES[curve], chance()), 23)
    return (hour + chance()) * HOUR


def day_of(at: float) -> float:
    """
    When the day of a time began in China.
    """
    return at - (at + CHINA) % DAY


def weekday_of(at: float) -> int:
    """
    0 is Monday, in China.
    """
    return int((at + CHINA) // DAY + _EPOCH_WEEKDAY) % 7
