"""
Logins that somebody overheard: a digest proves the secret once, for a while.
"""

import attrs

__all__ = ["Replays"]

FRESH = 60.0
MOST = 10_000


@attrs.define(eq=False)
class Replays:
    """
    Digests seen, with the time of the first. Connections of one second have the
    same one, so it stays good for C{FRESH} seconds; the oldest are forgotten.
    """

    _seen: dict[tuple[str, bytes], float] = attrs.field(factory=dict, init=False)

    def stale(self, login: str, proof: bytes, now: float) -> bool:
        """
        Whether this digest was used before, too long ago.
        """
        if not proof:
            return False
        first = self._seen.setdefault((login, proof), now)
        if len(self._seen) > MOST:
            del self._seen[next(iter(self._seen))]
        return now - first > FRESH
