"""
Message ids: 13 characters, time-sortable, never backwards, cheap in blocks.

Ten characters of Crockford base 32 hold milliseconds since 2020 (42 bits) and
the shard (8 bits); three more hold a sequence within the millisecond.
"""

from collections.abc import Sequence

import attrs

__all__ = [
    "BLOCK",
    "IdSource",
    "block_of",
    "first_id_at",
    "id_range_of",
    "lane_of",
    "milliseconds_of",
]

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_EPOCH_MS = 1_577_836_800_000
BLOCK = 1 << 15
_SHARED = 10
_SUFFIX = tuple(
    _ALPHABET[n >> 10] + _ALPHABET[n >> 5 & 31] + _ALPHABET[n & 31]
    for n in range(BLOCK)
)


_PAIRS = tuple(_ALPHABET[n >> 5] + _ALPHABET[n & 31] for n in range(1024))


def _prefix(value: int) -> str:
    return (
        _PAIRS[value >> 40]
        + _PAIRS[value >> 30 & 1023]
        + _PAIRS[value >> 20 & 1023]
        + _PAIRS[value >> 10 & 1023]
        + _PAIRS[value & 1023]
    )


def milliseconds_of(message_id: str) -> int:
    """
    The epoch milliseconds in an id; C{ValueError} if it is not one of ours.
    """
    if len(message_id) != 13 or not message_id.isascii():
        raise ValueError(message_id)
    value = 0
    try:
        for letter in message_id[:10]:
            value = value << 5 | _VALUES[letter]
        for letter in message_id[10:]:
            _VALUES[letter]
    except KeyError:
        raise ValueError(message_id) from None
    return (value >> 8) + _EPOCH_MS


def lane_of(message_id: str) -> int:
    """
    The shard, or the lane of a shard, that an id was made in; C{ValueError} if it is
    not one of ours.
    """
    milliseconds_of(message_id)
    return _VALUES[message_id[8]] << 5 & 255 | _VALUES[message_id[9]]


def first_id_at(milliseconds: int) -> str:
    """
    The least id of any shard that these epoch milliseconds can have.
    """
    return _prefix(max(0, milliseconds - _EPOCH_MS) << 8) + _SUFFIX[0]


def id_range_of(batch: str) -> tuple[str, str]:
    """
    The least and the greatest id that a batch's messages can have: they were taken
    as one block, and a block shares its first characters.
    """
    return batch, batch[:_SHARED] + _SUFFIX[-1]


def block_of(message_id: str) -> str:
    """
    No id of the same block is less than this; see L{id_range_of}.
    """
    return message_id[:_SHARED]


@attrs.define(eq=False)
class IdSource:
    """
    Gives ids of one shard, always above every id given before.

    A block shares its first ten characters; when the clock steps back, the last
    millisecond goes on being used, then the next one, ahead of the clock.
    """

    shard: int
    _last_ms: int = 0
    _next: int = BLOCK

    def raise_floor(self, message_id: str) -> None:
        """
        Never again give an id at or below this one (the stored high-water mark).
        """
        self._last_ms = max(self._last_ms, milliseconds_of(message_id) + 1)
        self._next = 0

    def take(self, count: int, now: float) -> Sequence[str]:
        """
        C{count} (at most L{BLOCK}) ascending ids; C{now} in epoch seconds.
        """
        if not 0 < count <= BLOCK:
            raise ValueError(f"a block of {count} ids")
        wall = int(now * 1000)
        if wall > self._last_ms:
            self._last_ms, self._next = wall, 0
        elif self._next + count > BLOCK:
            self._last_ms, self._next = self._last_ms + 1, 0
        start = self._next
        self._next += count
        prefix = _prefix((self._last_ms - _EPOCH_MS) << 8 | self.shard)
        return [prefix + suffix for suffix in _SUFFIX[start : start + count]]
