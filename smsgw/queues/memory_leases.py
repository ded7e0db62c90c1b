"""
L{smsgw.queues.leases.Leases} in memory, for tests.
"""

from collections.abc import Callable, Sequence

import attrs

from smsgw.queues.leases import SECONDS, Granted

__all__ = ["MemoryLeases"]


@attrs.define
class _Lease:
    """
    Who has something, and until when.
    """

    upto: float = 0.0
    epoch: int = 0
    who: str = ""


@attrs.define(eq=False)
class MemoryLeases:
    """
    Several nodes of a test share one; C{now} is the store's clock.
    """

    now: Callable[[], float]
    seconds: float = SECONDS
    _leases: dict[str, _Lease] = attrs.field(factory=dict, init=False)

    async def take(self, who: str, wishes: Sequence[Sequence[str]]) -> Granted:
        found = [self._take(who, names) for names in wishes]
        now = self.now()
        holders = {one.who for one in self._leases.values() if one.upto > now}
        return Granted(
            {name: self._leases[name].epoch for name in found if name}, len(holders)
        )

    def _take(self, who: str, names: Sequence[str]) -> str:
        now, leases = self.now(), self._leases
        for name in names:
            leases.setdefault(name, _Lease())
        own = [name for name in names if leases[name].who == who]
        free = [name for name in names if leases[name].upto <= now]
        for name in (*own, *free):
            lease = leases[name]
            if lease.who != who:
                lease.epoch, lease.who = lease.epoch + 1, who
            lease.upto = now + self.seconds
            return name
        return ""

    async def give_back(self, who: str, names: Sequence[str]) -> None:
        for name in names:
            lease = self._leases.get(name)
            if lease is not None and lease.who == who:
                lease.upto, lease.who = 0.0, ""
