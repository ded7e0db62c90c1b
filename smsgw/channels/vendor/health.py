"""
Is a vendor there? Without a login, only its answers tell.
"""

from collections.abc import Callable

import attrs

__all__ = ["Health"]

DOUBTS = 3
LONGEST = 60.0


@attrs.define(eq=False)
class Health:
    """
    Rests a channel after failures, 1 s doubling to 60 s; times are monotonic.

    One request that could not be sent is a failure, and so is every unanswered one
    from the third in a row on: each of these may be sent twice.
    """

    _jitter: Callable[[], float]
    failed: int = attrs.field(default=0, init=False)
    _doubts: int = attrs.field(default=0, init=False)
    _rests_until: float = attrs.field(default=0.0, init=False)

    def well(self, now: float) -> bool:
        """
        A request may be tried.
        """
        return now >= self._rests_until

    def answered(self) -> None:
        """
        The vendor spoke, whatever it said.
        """
        self.failed, self._doubts, self._rests_until = 0, 0, 0.0

    def unanswered(self, now: float) -> None:
        """
        A request went and nothing came.
        """
        self._doubts += 1
        if self._doubts >= DOUBTS:
            self.unreached(now)

    def unreached(self, now: float) -> None:
        """
        A request could not be sent; those that failed together count once.
        """
        if not self.well(now):
            return
        self.failed += 1
        base = min(LONGEST, 2.0 ** min(self.failed - 1, 6))
        self._rests_until = now + base * (0.8 + 0.4 * self._jitter())
