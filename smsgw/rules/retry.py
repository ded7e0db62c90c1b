"""
Whether a segment that a carrier refused is tried again, when, and where.

Classes are those of the carrier code tables (cmpp.md 10.4). Validity bounds every
retry: the caller drops what would come after its end.
"""

import attrs

from smsgw.rules.classify import lane_of

__all__ = ["Again", "Stop", "retry"]


@attrs.frozen
class Again:
    """
    Another attempt after so many seconds; C{elsewhere}: not by the same channel.
    """

    after: float
    elsewhere: bool = False


@attrs.frozen
class Stop:
    """
    It is final; C{why} is the class that made it so, or C{tries}.
    """

    why: str


_THROTTLED_MOST = 30.0
_TRIES = 3
# Seconds before the second attempt after a fault inside the network.
_FIRST_WAIT = {"critical": 0.0, "code": 0.0, "notice": 30.0, "bulk": 60.0}
_NEXT_WAIT = {"critical": 2.0, "code": 2.0, "notice": 120.0, "bulk": 300.0}


def retry(
    class_: str, category: str, attempt: int, others: bool = True
) -> Again | Stop:
    """
    The decision after attempt number C{attempt} (from 1).

    C{others}: another channel of the group could take it.
    """
    match class_:
        case "throttle":
            return Again(min(_THROTTLED_MOST, 2.0 ** min(attempt - 1, 10)))
        case "carrier_fault" if attempt < _TRIES:
            waits = _FIRST_WAIT if attempt == 1 else _NEXT_WAIT
            return Again(waits[lane_of(category)], others)
        case "config" | "ported" if others and attempt < _TRIES:
            return Again(0.0, True)
        case "carrier_fault" | "config" | "ported":
            return Stop("tries")
    return Stop(class_)
