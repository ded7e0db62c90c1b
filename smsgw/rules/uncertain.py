"""
What becomes of a segment that was sent and never answered (design.md section 2).

Sending again may double it at a person's phone, not sending may lose it: which is
worse depends on what it is. Its receipt, if one comes, settles the matter first.
"""

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from smsgw.rules.classify import lane_of

__all__ = ["POLICY", "Hold", "Resend", "uncertain"]

MOST_RESENDS = 3


@attrs.frozen
class Resend:
    """
    Send it again, marked, after so many seconds without a receipt.
    """

    after: float


@attrs.frozen
class Hold:
    """
    Wait for a receipt only; the message ends as unknown when none comes.
    """


POLICY: Mapping[str, Resend | Hold] = MappingProxyType(
    {
        "critical": Resend(0.0),
        "code": Resend(0.0),
        "notice": Resend(60.0),
        "bulk": Hold(),
    }
)


def uncertain(
    category: str, resends: int = 0, left: float | None = None
) -> Resend | Hold:
    """
    The decision for one category.

    C{resends} is how often it was sent again already, C{left} the seconds of its
    validity that remain, if known: nothing is sent again out of time.
    """
    decision = POLICY[lane_of(category)]
    if isinstance(decision, Hold):
        return decision
    if resends >= MOST_RESENDS or (left is not None and left <= decision.after):
        return Hold()
    return decision
