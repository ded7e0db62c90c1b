"""
Whose a failure is, and the success rate that is promised (T9).

The rate is told by what the platform itself spoiled, over all messages but those
that failed by the carrier's fault, a handset that was off, a blacklist or banned
words. Nothing is rounded up.
"""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

import attrs

__all__ = ["WORDS", "SuccessRate", "counts", "responsible", "success_rate"]

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "carrier": ("运营商", "carrier"),
        "handset": ("手机终端", "handset"),
        "subscriber": ("用户号码", "subscriber"),
        "policy": ("策略与合约", "policy"),
        "platform": ("平台", "platform"),
        "unknown": ("责任不明", "unknown"),
    }
)

# Classes of the carriers' codes, then states that a message ends in without one.
_BY_CLASS: Mapping[str, str] = MappingProxyType(
    {
        "success": "",
        "pending": "carrier",
        "permanent": "subscriber",
        "handset_temp": "handset",
        "carrier_fault": "carrier",
        "throttle": "platform",
        "quota": "policy",
        "blacklist": "policy",
        "content": "policy",
        "config": "platform",
        "ported": "platform",
        "unknown_outcome": "unknown",
        "expired": "platform",
        "canceled": "policy",
        "unknown": "unknown",
    }
)
_OURS: Mapping[str, str] = MappingProxyType(
    {"4": "policy", "5": "platform", "9": "platform"}
)
_EXCUSED = frozenset(
    {"pending", "carrier_fault", "handset_temp", "blacklist", "content", "canceled"}
)
_OURS_EXCUSED = frozenset({"4101", "4106"})  # blocked numbers, banned words


def responsible(code: str, class_: str) -> str:
    """
    One of L{WORDS}, '' for a success.

    C{class_} is the carrier code's; with none, C{code} is one of our own. What
    ended without a code has its state: C{expired}, C{canceled}, C{unknown}.
    """
    if class_:
        return _BY_CLASS.get(class_, "unknown")
    return _OURS.get(code[:1], "unknown") if len(code) == len("4101") else "unknown"


def counts(code: str, class_: str) -> bool:
    """
    Whether a message that ended so is among those that the rate is about.
    """
    return class_ not in _EXCUSED if class_ else code not in _OURS_EXCUSED


@attrs.frozen
class SuccessRate:
    """
    How many ended, were excused, were spoiled by the platform, were delivered.
    """

    total: int
    excused: int
    platform: int
    delivered: int

    @property
    def exact(self) -> Fraction:
        """
        The promised rate, from 0 to 1; 1 where nothing counts.
        """
        counted = self.total - self.excused
        return 1 - Fraction(self.platform, counted) if counted else Fraction(1)

    @property
    def percent(self) -> str:
        """
        The promised rate with four decimals, such as C{99.9500}.
        """
        return _percent(self.exact)

    @property
    def plain(self) -> str:
        """
        Delivered of all that ended, nothing excused, likewise.
        """
        return _percent(Fraction(self.delivered, self.total or 1))


def success_rate(ended: Mapping[tuple[str, str], int]) -> SuccessRate:
    """
    From the number of messages that ended with each (code, class).
    """
    total = excused = platform = delivered = 0
    for (code, class_), number in ended.items():
        total += number
        delivered += number if class_ == "success" else 0
        if not counts(code, class_):
            excused += number
        elif responsible(code, class_) == "platform":
            platform += number
    return SuccessRate(total, excused, platform, delivered)


def _percent(rate: Fraction) -> str:
    whole, rest = divmod(int(rate * 1_000_000), 10_000)
    return f"{whole}.{rest:04d}"
