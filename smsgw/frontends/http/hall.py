"""
The hall before a door: so many connections, of one address and of all, and so many
octets of bodies under way. Who is too many is closed, not kept waiting.
"""

from collections import Counter

import attrs
from twisted.logger import Logger

__all__ = ["BODIES", "EACH", "MOST", "Hall"]

EACH = 5000  # connections of one address at once: a proxy's visitors share it
MOST = 10_000  # of all addresses
BODIES = 32  # times the bound of one body: what all bodies under way may have


@attrs.define(eq=False)
class Hall:
    """
    One door's. Each bound that is reached is told once, until all is gone again.
    """

    each: int = EACH
    most: int = MOST
    octets: int = 0
    held: int = attrs.field(default=0, init=False)
    weight: int = attrs.field(default=0, init=False)
    _by_host: Counter[str] = attrs.field(factory=Counter, init=False)
    _told: set[str] = attrs.field(factory=set, init=False)

    log = Logger()

    def enter(self, host: str) -> bool:
        """
        Whether there is room for one more; L{leave} gives it back. One without an
        address, over a unix socket, is bounded with all others only.
        """
        if self.held >= self.most:
            self._tell("", self.most)
            return False
        if host and self._by_host[host] >= self.each:
            self._tell(host, self.each)
            return False
        self.held += 1
        if host:
            self._by_host[host] += 1
        return True

    def leave(self, host: str) -> None:
        """
        A connection is gone.
        """
        self.held -= 1
        if not self.held:
            self._told.clear()
        if not host:
            return
        self._by_host[host] -= 1
        if not self._by_host[host]:
            del self._by_host[host]
            self._told.discard(host)

    def weigh(self, change: int) -> bool:
        """
        Octets of bodies came (positive) or went; whether there is room for them.
        """
        self.weight += change
        return not self.octets or self.weight <= self.octets

    def _tell(self, host: str, count: int) -> None:
        if host not in self._told:
            self._told.add(host)
            self.log.warn(
                "{host} has {count} connections, more are closed",
                host=host or "the door",
                count=count,
            )
