"""
Nonces of requests that put nothing into the queue; kept for ten minutes.
"""

import attrs

__all__ = ["Nonces"]


@attrs.define(eq=False)
class Nonces:
    """
    Two generations, so that forgetting costs nothing per nonce.
    """

    _seconds: float = 600.0
    _young: set[str] = attrs.field(factory=set, init=False)
    _old: set[str] = attrs.field(factory=set, init=False)
    _since: float = attrs.field(default=0.0, init=False)

    def fresh(self, nonce: str, now: float) -> bool:
        """
        Whether it was not used before; it is from now on.
        """
        if now - self._since >= self._seconds:
            late = now - self._since >= 2 * self._seconds
            self._old = set() if late else self._young
            self._young, self._since = set(), now
        if nonce in self._young or nonce in self._old:
            return False
        self._young.add(nonce)
        return True
