"""
How often one address may ask for a page that needs no login.
"""

import attrs

__all__ = ["Knocks"]

_MOST = 10_000


@attrs.define(eq=False)
class Knocks:
    """
    A token bucket for each address: C{burst} at once, then C{rate} a second.

    A full house of addresses forgets those whose bucket is full again; if all are
    busy, the one that was seen first.
    """

    burst: float = 30.0
    rate: float = 0.5
    most: int = _MOST
    _left: dict[str, tuple[float, float]] = attrs.field(factory=dict, init=False)

    def take(self, address: str, now: float) -> bool:
        """
        Whether it may, now.
        """
        left = self._filled(address, now)
        allowed = left >= 1.0
        self._left.pop(address, None)
        if len(self._left) >= self.most:
            self._forget(now)
        self._left[address] = (left - allowed, now)
        return allowed

    def _filled(self, address: str, now: float) -> float:
        left, at = self._left.get(address, (self.burst, now))
        return min(self.burst, left + max(0.0, now - at) * self.rate)

    def _forget(self, now: float) -> None:
        full = [one for one in self._left if self._filled(one, now) >= self.burst]
        for one in full or [next(iter(self._left))]:
            del self._left[one]
