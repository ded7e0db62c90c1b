"""
What this process has on lease of one shard, and how long that is sure.
"""

from collections.abc import Sequence

import attrs

from smsgw.ports import Clock
from smsgw.queues.leases import SECONDS, Leases

__all__ = ["MARGIN", "SHARD", "Tenure"]

SHARD = "shard"
MARGIN = 1.0
LANES = 255  # the last one is for ids of requests


@attrs.define(eq=False)
class Tenure:
    """
    C{who} is this process and no other one, ever. C{number} is the shard's, of
    C{count}; ids of its messages are made in a lane that nobody else has.

    What was granted is sure for a while from before it was asked for, by this
    machine's clock that only goes forward: less than the store waits. A process that
    was stopped in its tracks and wakes up is sure of nothing until it asked again.
    """

    leases: Leases
    clock: Clock
    who: str
    number: int = 0
    count: int = 1
    lane: int = attrs.field(default=-1, init=False)
    holders: int = attrs.field(default=1, init=False)
    _names: dict[str, int] = attrs.field(factory=dict, init=False)
    _sure_until: float = attrs.field(default=float("-inf"), init=False)

    async def renew(self, names: Sequence[str]) -> None:
        """
        Take or keep a lane and these; what is not named is kept no longer.
        """
        before = self.clock.monotonic()
        lanes = [f"id:{n}" for n in range(self.number, LANES, self.count)]
        if self.lane >= 0:
            lanes.insert(0, f"id:{self.lane}")
        wishes = [lanes, *([name] for name in names)]
        granted = await self.leases.take(self.who, wishes)
        self._names = granted.names
        self.holders = max(1, granted.holders)
        self.lane = next((int(one[3:]) for one in self._names if one in lanes), -1)
        self._sure_until = before + SECONDS - MARGIN

    async def give_back(self) -> None:
        """
        Everything: others may have it at once.
        """
        names, self._names, self.lane = list(self._names), {}, -1
        await self.leases.give_back(self.who, names)

    async def leave(self, names: Sequence[str]) -> None:
        """
        Give back some.
        """
        mine = [name for name in names if self._names.pop(name, 0)]
        await self.leases.give_back(self.who, mine)

    def has(self, name: str) -> bool:
        """
        It was granted when we last asked.
        """
        return name in self._names

    def sure(self) -> bool:
        """
        What was granted is still ours, without asking.
        """
        return self.clock.monotonic() < self._sure_until

    @property
    def sending(self) -> bool:
        """
        The shard is ours for sure.
        """
        return SHARD in self._names and self.sure()
