"""
Gates before channels that are not well: what they may take all the same.
"""

from collections.abc import Callable, Iterator, Sequence

import attrs

from smsgw.directory import Directory
from smsgw.gateway.dispatch import Depth
from smsgw.gateway.wants import Room
from smsgw.message import LANES
from smsgw.rules.health import Health

__all__ = ["Gates"]

_OFF = ("paused", "draining")


@attrs.define(eq=False)
class Gates:
    """
    The healths of a shard's channels; one that is not known is well. C{live} tells
    whether a channel is logged in.

    A channel that is only slow, or silent, still takes what is nobody else's: the
    groups in which no other channel is live and well.
    """

    directory: Callable[[], Directory]
    live: Callable[[str], bool]
    depth: Depth
    healths: dict[str, Health] = attrs.field(factory=dict)

    def counts_on(self, channel: str) -> bool:
        """
        It is live and well: nobody needs to stand in for it.
        """
        return self.live(channel) and self._ill(channel) is None

    def off(self) -> list[str]:
        """
        Channels that people took out: nobody waits for them.
        """
        return [name for name, one in self.healths.items() if one.state in _OFF]

    def sets(self, channel: str, sets: list[str]) -> list[str]:
        """
        Those of the channel's sets that it may take from now.
        """
        health = self._ill(channel)
        if health is None:
            return sets
        tried = health.state == "canary"
        alone = [] if health.hard else self._alone(channel, sets)
        if tried and not any(self._waiting(name) for name in alone):
            return sets
        return alone

    def room(self, channel: str, room: Room, sets: Sequence[str]) -> Room:
        """
        Its room, or what is left of its canaries.
        """
        health = self._ill(channel)
        if health is None:
            return room
        if not health.hard and len(self._alone(channel, sets)) == len(sets):
            return room
        most = min(room.messages, health.allowance or 0)
        return Room(room.segments if most else 0, most)

    def alone(self, channel: str) -> bool:
        """
        Whether there is a group in which it is the only one to count on.
        """
        serving = [
            group.id
            for group in self.directory().groups.values()
            if channel in group.backups
            or any(share.channel == channel for share in group.primaries)
        ]
        return bool(self._alone(channel, serving))

    def took(self, channel: str) -> None:
        """
        A message was given to it.
        """
        health = self._ill(channel)
        if health is not None:
            health.took()

    def _ill(self, channel: str) -> Health | None:
        health = self.healths.get(channel)
        return None if health is None or health.well else health

    def _alone(self, channel: str, sets: Sequence[str]) -> list[str]:
        """
        The sets of which no other channel is live and well.
        """
        return [
            name
            for name in sets
            if not any(map(self.counts_on, self._others(channel, name)))
        ]

    def _others(self, channel: str, name: str) -> Iterator[str]:
        base, *failed = name.split("!")
        group = self.directory().groups.get(base)
        if group is None:
            return
        for one in (*(share.channel for share in group.primaries), *group.backups):
            if one != channel and one not in failed:
                yield one

    def _waiting(self, name: str) -> bool:
        return any(self.depth.queues.get(f"{name}:{lane}", 0) for lane in LANES)
