"""
What a channel asks the queue for: its room over the sets that it takes from.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import attrs

from smsgw.message import LANES
from smsgw.ports import Want

__all__ = ["RESERVED_LANES", "Room", "lanes_in_turn", "wants_of"]

RESERVED_LANES = 2
NO_CAPS: Mapping[str, int] = MappingProxyType({})


@attrs.frozen(slots=True)
class Room:
    """
    What a channel could take now, in segments and messages.

    C{reserve} segments are kept for the critical and code lanes; C{full}: its own
    speed is what keeps it from taking more.
    """

    segments: int
    messages: int
    reserve: int = 0
    full: bool = False

    def free(self, urgent: bool = False) -> int:
        """
        How many messages; only urgent ones use the reserve.
        """
        reserve = 0 if urgent else self.reserve
        return max(0, min(self.messages, self.segments) - reserve)


def lanes_in_turn(turn: int) -> list[str]:
    """
    The lanes, best first; every fourth time the last but one gives way.
    """
    lanes = list(LANES)
    if turn % 4 == 0:
        lanes[2], lanes[3] = lanes[3], lanes[2]
    return lanes


def wants_of(
    channel: str,
    room: Room,
    sets: Sequence[str],
    lanes: Sequence[str],
    limits: Mapping[str, int],
    caps: Mapping[str, int] = NO_CAPS,
) -> Iterator[Want]:
    """
    One want for all sets together, and one for each that is limited to fewer
    messages than there is room for; a set limited to none is left out.

    C{caps} are for all sets of a group together, each below the room.
    """
    if room.segments <= 0 or room.messages <= 0:
        return
    parts = [one for one in _parts(room.messages, sets, limits, caps) if one[0]]
    bound = {name for names, _ in parts for name in names}
    free = [name for name in sets if name not in bound]
    whole = not free and len(parts) == 1
    left, messages = room.segments, room.messages
    for names, most in parts:
        count = min(most, messages)
        segments = left if whole else min(count, left)
        if count <= 0 or segments <= 0:
            continue
        left, messages = left - segments, messages - count
        reserve = max(0, room.reserve - left)
        yield _want(channel, segments, count, names, lanes, reserve)
    if free and left > 0 and messages > 0:
        yield _want(channel, left, messages, free, lanes, room.reserve)


def _parts(
    most: int,
    sets: Sequence[str],
    limits: Mapping[str, int],
    caps: Mapping[str, int],
) -> Iterator[tuple[list[str], int]]:
    """
    Sets that get fewer messages than there is room for, together or alone. Of what
    a cap leaves, a group's first set gets no more than its own limit.
    """
    for group, cap in caps.items():
        names = [name for name in sets if name.partition("!")[0] == group]
        own = limits.get(group, most)
        if own >= cap:
            yield names, cap
        else:
            yield [name for name in names if name == group], own
            yield [name for name in names if name != group], cap - own
    for name in sets:
        if limits.get(name, most) < most and name.partition("!")[0] not in caps:
            yield [name], limits[name]


def _want(
    channel: str,
    segments: int,
    messages: int,
    sets: Sequence[str],
    lanes: Sequence[str],
    reserve: int,
) -> Want:
    queues = [f"{name}:{lane}" for lane in lanes for name in sets]
    reserved = RESERVED_LANES * len(sets)
    return Want(channel, segments, messages, queues, reserve, reserved)
