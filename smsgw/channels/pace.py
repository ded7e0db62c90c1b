"""
How fast a channel may send: a token bucket that yields to flow control.
"""

import attrs

__all__ = ["Pace"]

SLOW_DOWN = 0.7
SPEED_UP = 0.05
BURST_SECONDS = 0.1


@attrs.define(eq=False)
class Pace:
    """
    Segments per second; C{limit} 0 is no limit of the contract.

    A throttle answer lowers the pace at once and stops it for a moment; every
    second without one raises it again. Times are monotonic seconds.
    """

    limit: float
    now: float
    _factor: float = attrs.field(default=1.0, init=False)
    _tokens: float = attrs.field(default=0.0, init=False)
    _paused_until: float = attrs.field(default=0.0, init=False)
    _raised_at: float = attrs.field(default=0.0, init=False)
    _measured: float = attrs.field(default=0.0, init=False)

    @property
    def rate(self) -> float:
        """
        Segments per second at present, 0 for no limit.
        """
        if self.limit:
            return self.limit * self._factor
        return self._measured * self._factor if self._factor < 1.0 else 0.0

    def room(self, now: float) -> int | None:
        """
        Segments that may leave now; C{None} for no limit.
        """
        self._refill(now)
        if now < self._paused_until:
            return 0
        return int(self._tokens) if self.rate else None

    def take(self, now: float, segments: int = 1) -> bool:
        """
        A segment leaves, if it may; of several that cannot be parted the first
        may, and the rest is owed.
        """
        if not self.limit and self._factor == 1.0:
            return now >= self._paused_until
        room = self.room(now)
        if room is None:
            return True
        if room <= 0:
            return False
        self._tokens -= segments
        return True

    def throttled(self, after: float, now: float) -> None:
        """
        The carrier said: too fast; nothing leaves for C{after} seconds.
        """
        self._refill(now)
        if now >= self._paused_until:
            self._measured = max(self._measured, 50.0)
            self._factor = max(0.05, self._factor * SLOW_DOWN)
        self._paused_until = max(self._paused_until, now + after)
        self._raised_at = now
        self._tokens = 0.0

    def wait(self, now: float) -> float:
        """
        Seconds until a segment may leave.
        """
        if now < self._paused_until:
            return self._paused_until - now
        rate = self.rate
        if not rate or self._tokens >= 1.0:
            return 0.0
        return (1.0 - self._tokens) / rate

    def _refill(self, now: float) -> None:
        if self._factor < 1.0 and now - self._raised_at >= 1.0:
            steps = int(now - self._raised_at)
            self._factor = min(1.0, self._factor + SPEED_UP * steps)
            self._raised_at += steps
        rate = self.rate
        most = max(1.0, rate * BURST_SECONDS)
        self._tokens = min(most, self._tokens + rate * max(0.0, now - self.now))
        self.now = now
