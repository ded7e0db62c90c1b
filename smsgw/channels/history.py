"""
How channels were, five minutes at a time: for those who ask hours or days later.
"""

from collections import deque
from math import ceil

import attrs

from smsgw.rules.signs import Sample

__all__ = ["SPAN", "History", "Period"]

SPAN = 300.0
_MOST = 2000
_MEASURED = 5000


@attrs.frozen
class Period:
    """
    C{at} is its begin in epoch seconds; C{links} the fewest at a time; counts are of
    segments and receipts; half of the answers took C{median} seconds at most, 19 of
    20 C{slow}.
    """

    channel: str
    at: float
    links: int = 0
    wanted: int = 0
    taken: int = 0
    refused: int = 0
    other: int = 0
    lost: int = 0
    delivered: int = 0
    failed: int = 0
    median: float = 0.0
    slow: float = 0.0


@attrs.define(eq=False)
class History:
    """
    C{done}: periods that nobody wrote down yet, the newest 2000. Only those in which
    a channel was looked at are here.
    """

    done: deque[Period] = attrs.field(factory=lambda: deque(maxlen=_MOST), init=False)
    _open: dict[str, tuple[Period, list[float]]] = attrs.field(factory=dict, init=False)

    def count(self, channel: str, sample: Sample, now: float) -> None:
        """
        One look more; C{now} is epoch seconds.
        """
        period, delays = self._open.get(channel, (None, []))
        if period is None or not 0 <= now - period.at < SPAN:
            self.close(channel)
            period, delays = Period(channel, now - now % SPAN, sample.links), []
        if len(delays) < _MEASURED:
            delays.extend(sample.delays)
        period = attrs.evolve(
            period,
            links=min(period.links, sample.links),
            wanted=sample.wanted,
            taken=period.taken + sample.taken,
            refused=period.refused + sample.refused,
            other=period.other + sample.other,
            lost=period.lost + sample.lost,
            delivered=period.delivered + sample.delivered,
            failed=period.failed + sample.failed,
        )
        self._open[channel] = period, delays

    def close(self, channel: str) -> None:
        """
        A channel's period is over, or the channel is.
        """
        period, delays = self._open.pop(channel, (None, []))
        if period is not None:
            delays.sort()
            self.done.append(
                attrs.evolve(period, median=_at(delays, 0.5), slow=_at(delays, 0.95))
            )


def _at(delays: list[float], share: float) -> float:
    return delays[ceil(len(delays) * share) - 1] if delays else 0.0
