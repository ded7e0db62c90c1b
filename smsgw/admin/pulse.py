"""
The pulse of the gateway: rates between two looks at its counters.
"""

from collections import deque
from collections.abc import Mapping, Sequence

import attrs

from smsgw.admin.status import ChannelState, Status

__all__ = ["LANES", "Pulse"]

LANES = ("critical", "code", "notice", "bulk")
KEPT = 90


@attrs.define(eq=False)
class Pulse:
    """
    The newest status and rates per second of the last minutes.
    """

    status: Status | None = None
    at: float = 0.0
    _rates: Mapping[str, float] = attrs.field(factory=dict, init=False)
    _past: deque[tuple[float, float, float]] = attrs.field(
        factory=lambda: deque(maxlen=KEPT), init=False
    )

    def beat(self, status: Status, now: float) -> None:
        """
        One more look; counters that went back were of an earlier start.
        """
        passed = now - self.at
        if self.status is not None and 0 < passed < 60:
            old = self.status.counters
            self._rates = {
                name: max(0.0, value - old.get(name, 0.0)) / passed
                for name, value in status.counters.items()
            }
            self._past.append((now, self.rate("accepted"), self.rate("sent")))
        self.status, self.at = status, now

    def rate(self, name: str) -> float:
        """
        Per second, of a counter by its name before the first dot.
        """
        return sum(
            value
            for key, value in self._rates.items()
            if key == name or key.startswith(f"{name}.")
        )

    @property
    def past(self) -> Sequence[tuple[float, float, float]]:
        """
        (time, accepted, sent) of each look.
        """
        return tuple(self._past)

    def waiting(self, lane: str) -> int:
        """
        Messages of a lane that wait to be dispatched or sent.
        """
        depths = self.status.depths if self.status else {}
        return int(depths.get(f"intake {lane}", 0) + depths.get(f"lane {lane}", 0))

    @property
    def channels(self) -> Sequence[ChannelState]:
        """
        As they are now.
        """
        return self.status.channels if self.status else ()
