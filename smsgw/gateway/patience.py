"""
Which channels the others wait for: those that move on.
"""

from collections.abc import Mapping

import attrs

from smsgw.gateway.wants import Room

__all__ = ["PATIENCE", "Patience"]

PATIENCE = 0.25
LOOK = 0.1


@attrs.define(eq=False)
class Patience:
    """
    Who is waited for: a channel that had room lately, and again and again.

    Time counts only while somebody looks.
    """

    time: float = PATIENCE
    looked_at: float = 0.0
    roomy: dict[str, float] = attrs.field(factory=dict)
    steady: dict[str, float] = attrs.field(factory=dict)

    def look(self, rooms: Mapping[str, Room], now: float) -> None:
        """
        Note who has room now.
        """
        self.time += min(max(0.0, now - self.looked_at), LOOK)
        self.looked_at = now
        for gone in self.roomy.keys() - rooms.keys():
            del self.roomy[gone]
            del self.steady[gone]
        for channel, room in rooms.items():
            if channel not in self.roomy:
                self.roomy[channel], self.steady[channel] = self.time, 0.0
            if room.free() > 0:
                if self.time - self.roomy[channel] > PATIENCE:
                    self.steady[channel] = self.time
                self.roomy[channel] = self.time

    def waits_for(self, channel: str) -> bool:
        """
        Whether it moves on.
        """
        moving = self.time - self.roomy[channel] <= PATIENCE
        return moving and self.time - self.steady[channel] >= PATIENCE
