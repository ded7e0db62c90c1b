"""
Caps: how many messages a share of a route group may still take today.

A day is China's. What a channel takes of a group is counted, capped or not, and goes
up with the next exchange: a restart knows the day's count.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import attrs

from smsgw.directory import Directory
from smsgw.gateway.dispatch import Depth
from smsgw.rules.quota import day_of, next_day

__all__ = ["ENDLESS", "Caps"]

ENDLESS = 2**31

_NOTHING: Mapping[str, int] = MappingProxyType({})


@attrs.define(eq=False)
class Caps:
    """
    The day's count of every channel in every group, against the shares' caps.

    C{counts} are by C{group|channel}; C{fresh} is what no exchange took up yet.
    """

    directory: Callable[[], Directory]
    depth: Depth
    counts: dict[str, int] = attrs.field(factory=dict)
    fresh: dict[tuple[str, str], int] = attrs.field(factory=dict)
    _today: str = ""
    _ends_at: float = 0.0
    _known: Directory | None = None
    _caps: dict[str, dict[str, int]] = attrs.field(factory=dict)

    def start(self, counts: Mapping[str, int], now: float) -> None:
        """
        What was counted today before this process.
        """
        self._turn(now)
        self.counts = dict(counts)

    def _turn(self, now: float) -> None:
        """
        At midnight all begins at nothing.
        """
        if now < self._ends_at:
            return
        self._today, self._ends_at = day_of(now), next_day(now)
        self.counts.clear()

    def took(self, channel: str, group: str, now: float) -> None:
        """
        A channel was given a message of a group.
        """
        self._turn(now)
        name = f"{group}|{channel}"
        self.counts[name] = self.counts.get(name, 0) + 1
        key = (self._today, name)
        self.fresh[key] = self.fresh.get(key, 0) + 1

    def raised(self) -> Sequence[tuple[str, str, int]]:
        """
        What was counted since this was asked last: day, C{group|channel}, by.
        """
        fresh, self.fresh = self.fresh, {}
        return [(day, name, by) for (day, name), by in fresh.items()]

    def left(self, group: str, channel: str, now: float) -> int:
        """
        How many messages of the group the channel may take today.
        """
        cap = self._caps_of(channel).get(group)
        if cap is None:
            return ENDLESS
        self._turn(now)
        return max(0, cap - self.counts.get(f"{group}|{channel}", 0))

    def full(self, group: str, channel: str, now: float) -> bool:
        """
        The channel took all it may of a group today.
        """
        return self.left(group, channel, now) <= 0

    def bounds(self, channel: str, most: int, now: float) -> dict[str, int]:
        """
        Where less than C{most} is left: that, or as much as waits, so that it takes
        no room from other groups; one, when nothing is known of.
        """
        found = {}
        for group in self._caps_of(channel):
            left = self.left(group, channel, now)
            if left < most:
                found[group] = min(left, max(1, self._waiting(group)))
        return found

    def _waiting(self, group: str) -> int:
        heads = (f"{group}:", f"{group}!")
        queues = self.depth.queues.items()
        return sum(count for queue, count in queues if queue.startswith(heads))

    def _caps_of(self, channel: str) -> Mapping[str, int]:
        if self.directory() is not self._known:
            self._refresh()
        return self._caps.get(channel, _NOTHING)

    def _refresh(self) -> None:
        self._known, self._caps = self.directory(), {}
        for group in self._known.groups.values():
            for share in group.primaries:
                if share.cap > 0:
                    self._caps.setdefault(share.channel, {})[group.id] = share.cap
