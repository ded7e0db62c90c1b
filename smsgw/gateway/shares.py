"""
Exact proportions: how many messages of a group each of its channels may take now.

What a channel took, over its share, is its level: for how many messages of the
group it has done its part. Messages go to the lowest level first. Nobody is waited
for who is away, stuck, full of its own speed limit, or at its cap.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from math import floor

import attrs

from smsgw.directory import Directory, Group
from smsgw.gateway.caps import Caps
from smsgw.gateway.dispatch import Depth
from smsgw.gateway.patience import Patience
from smsgw.gateway.pouring import Cup, fill
from smsgw.gateway.wants import RESERVED_LANES, Room
from smsgw.message import LANES

__all__ = ["Shares"]

ARREARS = 1000.0
LEAD = 0.25
BLIND = 8
MANY = 4096


@attrs.frozen(slots=True)
class _Seat:
    """
    A channel's place in a group.
    """

    channel: str
    share: float


@attrs.define(eq=False)
class _Table:
    """
    A group: its seats, its channels' levels, and by how much these may lead;
    C{idle} are channels without a weight, that take nothing while others do.

    C{blind} is how many messages are thought to wait when none is known of: what
    fell due counts only when the store is asked again.
    """

    seats: tuple[_Seat, ...]
    lead: float
    levels: dict[str, float]
    idle: frozenset[str] = frozenset()
    blind: int = BLIND
    wanted: int = 0
    got: int = 0

    def look(self, known: int) -> int:
        """
        How many are to be given now, if so many are known of.
        """
        found_more = self.got >= self.wanted > 0
        self.blind = min(4 * self.blind, MANY) if found_more and not known else BLIND
        self.wanted, self.got = known or self.blind, 0
        return self.wanted

    def even(self, here: Set[str]) -> None:
        """
        Who was away begins at the lowest level of the others; nobody has more to
        make up than C{ARREARS} messages of the group.
        """
        levels = self.levels
        for gone in levels.keys() - here:
            del levels[gone]
        lowest = min(levels.values(), default=0.0)
        for channel in here:
            levels.setdefault(channel, lowest)
        least = max(levels.values(), default=0.0) - self.lead - ARREARS
        for channel in here:
            levels[channel] = max(levels[channel], least)


@attrs.define(eq=False)
class Shares:
    """
    The levels of every group that is proportional, and what follows from them.

    C{taken} counts messages by group and channel since the process began.
    """

    directory: Callable[[], Directory]
    depth: Depth
    caps: Caps
    taken: dict[tuple[str, str], int] = attrs.field(factory=dict)
    _known: Directory | None = None
    _tables: dict[str, _Table] = attrs.field(factory=dict)
    _patience: Patience = attrs.field(factory=Patience)

    def limits(
        self, rooms: Mapping[str, Room], now: float
    ) -> dict[str, dict[str, int]]:
        """
        By channel and group: at most so many messages; without an entry, as many as
        there is room for.

        C{rooms} are those of all channels that are live.
        """
        self._refresh()
        if not self._tables:
            return {}
        self._patience.look(rooms, now)
        found: dict[str, dict[str, int]] = {}
        for group, table in self._tables.items():
            present = [
                seat
                for seat in table.seats
                if seat.channel in rooms
                and not self.caps.full(group, seat.channel, now)
            ]
            table.even({seat.channel for seat in present})
            if present:
                for channel in table.idle:
                    found.setdefault(channel, {})[group] = 0
            if len(present) > 1:
                for channel, count in self._divide(group, table, present, rooms, now):
                    found.setdefault(channel, {})[group] = count
        return found

    def took(self, channel: str, group: str, count: int = 1) -> None:
        """
        A channel was given messages of a group.
        """
        table = self._tables.get(group)
        if table is None:
            return
        for seat in table.seats:
            if seat.channel == channel:
                level = table.levels.get(channel, 0.0)
                table.levels[channel] = level + count / seat.share
                table.got += count
                key = (group, channel)
                self.taken[key] = self.taken.get(key, 0) + count

    def _refresh(self) -> None:
        directory = self.directory()
        if directory is self._known:
            return
        self._known, before = directory, self._tables
        self._tables = {}
        for group in directory.groups.values():
            if group.proportional:
                levels = before[group.id].levels if group.id in before else {}
                self._tables[group.id] = _table(directory, group, levels)

    def _divide(
        self,
        group: str,
        table: _Table,
        present: Sequence[_Seat],
        rooms: Mapping[str, Room],
        now: float,
    ) -> Iterator[tuple[str, int]]:
        known = [self.depth.queues.get(f"{group}:{lane}", 0) for lane in LANES]
        urgent = any(known[:RESERVED_LANES])
        cups = [
            Cup(
                table.levels[seat.channel],
                seat.share,
                min(
                    rooms[seat.channel].free(urgent),
                    self.caps.left(group, seat.channel, now),
                ),
            )
            for seat in present
        ]
        allowed = cups if urgent else self._held(table, present, cups, rooms)
        counts = fill(table.look(sum(known)), allowed)
        for seat, cup, count in zip(present, cups, counts, strict=True):
            if count < cup.most or not cup.most:
                yield seat.channel, count

    def _held(
        self,
        table: _Table,
        present: Sequence[_Seat],
        cups: Sequence[Cup],
        rooms: Mapping[str, Room],
    ) -> Sequence[Cup]:
        """
        No more than leads by a part of a window, once those that are waited for have
        taken all they can.
        """
        tops = [
            cup.top
            for seat, cup in zip(present, cups, strict=True)
            if not rooms[seat.channel].full and self._patience.waits_for(seat.channel)
        ]
        if not tops:
            return cups
        ceiling = min(tops) + table.lead
        return [
            attrs.evolve(cup, most=max(0, min(cup.most, floor(cup.up_to(ceiling)))))
            for cup in cups
        ]


def _table(directory: Directory, group: Group, levels: dict[str, float]) -> _Table:
    """
    A group's primaries that have a weight, each once. The lead is a part of
    the window of the channel that has the least for its share.
    """
    weights = {
        one.channel: one.weight
        for one in group.primaries
        if one.weight > 0 and one.channel in directory.channels
    }
    idle = {one.channel for one in group.primaries if one.weight <= 0}
    total = sum(weights.values())
    seats = tuple(_Seat(name, weight / total) for name, weight in weights.items())
    windows = [
        directory.channels[one.channel].window
        * directory.channels[one.channel].connections
        / one.share
        for one in seats
    ]
    return _Table(seats, LEAD * min(windows, default=0.0), levels, frozenset(idle))
