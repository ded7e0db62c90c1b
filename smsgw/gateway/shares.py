"""
Exact proportions: how many messages of a group each of its channels may take now.

What a channel took, over its share, is its level: for how many messages of the
group it has done its part. Messages go to the lowest level first. Nobody is waited
for who is away, stuck, or full of its own speed limit.
"""

from collections.abc import Callable, Mapping, Sequence
from math import floor

import attrs

from smsgw.directory import Directory, Group
from smsgw.gateway.dispatch import Depth
from smsgw.gateway.wants import Room
from smsgw.message import LANES

__all__ = ["Cup", "Shares", "fill"]

PATIENCE = 0.25
LOOK = 0.1
ARREARS = 1000.0
BLIND = 8
_URGENT = LANES[:2]
_LOWER = LANES[2:]


@attrs.frozen(slots=True)
class Cup:
    """
    A channel's level, its share of one, and how many messages fit in.
    """

    level: float
    share: float
    most: int

    @property
    def top(self) -> float:
        """
        Its level when no more fits in.
        """
        return self.level + self.most / self.share

    def poured(self, level: float) -> float:
        """
        What goes in until that level is reached.
        """
        return min(max(0.0, (level - self.level) * self.share), float(self.most))


def fill(wanted: int, cups: Sequence[Cup]) -> list[int]:
    """
    Pour so many messages where the level is lowest; how many go to each.
    """
    poured = _pour(min(wanted, sum(cup.most for cup in cups)), cups)
    given = [int(one + 1e-9) for one in poured]
    rest = round(sum(poured)) - sum(given)
    order = sorted(range(len(cups)), key=lambda n: given[n] - poured[n])
    for n in order:
        if rest > 0 and given[n] < cups[n].most:
            given[n] += 1
            rest -= 1
    return given


def _pour(wanted: int, cups: Sequence[Cup]) -> list[float]:
    marks = sorted({mark for cup in cups for mark in (cup.level, cup.top)})
    below, before = marks[0], 0.0
    for mark in marks:
        volume = sum(cup.poured(mark) for cup in cups)
        if volume >= wanted and volume > before:
            level = below + (mark - below) * (wanted - before) / (volume - before)
            return [cup.poured(level) for cup in cups]
        below, before = mark, volume
    return [float(cup.most) for cup in cups]


@attrs.frozen(slots=True)
class _Seat:
    """
    A channel's place in a group.
    """

    channel: str
    share: float
    window: int


@attrs.define(eq=False)
class _Patience:
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
            if room.segments > 0 and room.messages > 0:
                if self.time - self.roomy[channel] > PATIENCE:
                    self.steady[channel] = self.time
                self.roomy[channel] = self.time

    def waits_for(self, channel: str) -> bool:
        """
        Whether it moves on.
        """
        moving = self.time - self.roomy[channel] <= PATIENCE
        return moving and self.time - self.steady[channel] >= PATIENCE


@attrs.define(eq=False)
class Shares:
    """
    The levels of every group that is proportional, and what follows from them.

    C{taken} counts messages by group and channel since the process began.
    """

    directory: Callable[[], Directory]
    depth: Depth
    taken: dict[tuple[str, str], int] = attrs.field(factory=dict)
    _known: Directory | None = None
    _seats: dict[str, tuple[_Seat, ...]] = attrs.field(factory=dict)
    _levels: dict[str, dict[str, float]] = attrs.field(factory=dict)
    _patience: _Patience = attrs.field(factory=_Patience)

    def limits(
        self, rooms: Mapping[str, Room], now: float
    ) -> dict[str, dict[str, int]]:
        """
        By channel and group: at most so many messages.

        C{rooms} are those of all channels that are live.
        """
        self._refresh()
        if not self._seats:
            return {}
        self._patience.look(rooms, now)
        found: dict[str, dict[str, int]] = {}
        for group, seats in self._seats.items():
            present = [seat for seat in seats if seat.channel in rooms]
            self._even(group, present)
            if len(present) < 2:
                continue
            cups = self._cups(group, present, rooms)
            counts = fill(self._wanted(group), cups)
            for seat, count in zip(present, counts, strict=True):
                found.setdefault(seat.channel, {})[group] = count
        return found

    def took(self, channel: str, group: str, count: int = 1) -> None:
        """
        A channel was given messages of a group.
        """
        for seat in self._seats.get(group, ()):
            if seat.channel == channel:
                levels = self._levels[group]
                levels[channel] = levels.get(channel, 0.0) + count / seat.share
                key = (group, channel)
                self.taken[key] = self.taken.get(key, 0) + count

    def _refresh(self) -> None:
        directory = self.directory()
        if directory is self._known:
            return
        self._known = directory
        self._seats = {
            group.id: _seats(directory, group)
            for group in directory.groups.values()
            if group.proportional
        }
        self._levels = {group: self._levels.get(group, {}) for group in self._seats}

    def _even(self, group: str, present: Sequence[_Seat]) -> None:
        """
        Who was away begins at the lowest level of the others; nobody has more to
        make up than C{ARREARS} messages of the group.
        """
        levels = self._levels[group]
        here = {seat.channel for seat in present}
        for gone in levels.keys() - here:
            del levels[gone]
        lowest = min(levels.values(), default=0.0)
        for channel in here:
            levels.setdefault(channel, lowest)
        least = max(levels.values(), default=0.0) - ARREARS
        for channel in here:
            levels[channel] = max(levels[channel], least)

    def _wanted(self, group: str) -> int:
        queues = self.depth.queues
        return sum(queues.get(f"{group}:{lane}", 0) for lane in LANES) or BLIND

    def _cups(
        self, group: str, present: Sequence[_Seat], rooms: Mapping[str, Room]
    ) -> list[Cup]:
        """
        How many each may take: so many that it leads by a window at most, once
        those that are waited for have taken all they can.
        """
        levels, cups = self._levels[group], []
        for seat in present:
            room = rooms[seat.channel]
            most = max(0, min(room.messages, room.segments))
            cups.append(Cup(levels[seat.channel], seat.share, most))
        if self._urgent(group):
            return cups
        tops = [
            cup.top
            for seat, cup in zip(present, cups, strict=True)
            if not rooms[seat.channel].full and self._patience.waits_for(seat.channel)
        ]
        ceiling = min(tops, default=None)
        if ceiling is None:
            return cups
        return [
            attrs.evolve(cup, most=_allowed(cup, ceiling, seat.window))
            for seat, cup in zip(present, cups, strict=True)
        ]

    def _urgent(self, group: str) -> bool:
        queues = self.depth.queues
        return any(queues.get(f"{group}:{lane}") for lane in _URGENT)


def _seats(directory: Directory, group: Group) -> tuple[_Seat, ...]:
    """
    Its primaries that have a weight, each once.
    """
    weights = {one.channel: one.weight for one in group.primaries if one.weight > 0}
    total = sum(weights.values())
    return tuple(
        _Seat(name, weight / total, channel.window * channel.connections)
        for name, weight in weights.items()
        if (channel := directory.channels.get(name)) is not None
    )


def _allowed(cup: Cup, ceiling: float, window: int) -> int:
    room = floor((ceiling - cup.level) * cup.share + 1e-9) + window
    return max(0, min(cup.most, room))
