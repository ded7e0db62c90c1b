"""
SGIP's sequence numbers, which are its message ids: node, time, counter.

One counter per node, whatever number of connections it has.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import attrs

from smsgw.protocols.cmpp_values import CHINA
from smsgw.protocols.rows import WireError

__all__ = [
    "Nodes",
    "Sequences",
    "corp_id_of",
    "moment_of",
    "node_id",
    "pack_sequence",
    "sequence_fields",
    "sequence_hex",
    "sequence_number",
    "sp_node_id",
]

WORD = 0xFFFFFFFF
HEX = 24
_SP = 3_000_000_000
_CORPS = 100_000


def sp_node_id(area_code: str, corp_id: str) -> int:
    """
    An SP's node id: 3, the area code with its 0 in four digits, the corp id.
    """
    return _SP + int(area_code.ljust(4, "0")) * _CORPS + int(corp_id)


def node_id(kind: int, area_code: str, serial: int) -> int:
    """
    The node id of an SMG (kind 1), SMSC (2) or GNS (4).
    """
    return int(f"{kind}{area_code.ljust(4, '0')}{serial}")


def corp_id_of(node: int) -> str:
    """
    The corp id in an SP's node id, '' in others.
    """
    return f"{node % _CORPS:05d}" if node >= _SP else ""


def pack_sequence(node: int, at: float, counter: int) -> int:
    """
    A sequence number at a time (epoch seconds).
    """
    time = int(f"{datetime.fromtimestamp(at, CHINA):%m%d%H%M%S}")
    return node << 64 | time << 32 | counter


def sequence_fields(sequence: int) -> tuple[int, str, int]:
    """
    Node, time as MMDDhhmmss and counter.
    """
    return sequence >> 64, f"{sequence >> 32 & WORD:010d}", sequence & WORD


def sequence_hex(sequence: int) -> str:
    """
    How we keep a sequence: 24 characters.
    """
    return f"{sequence:024x}"


def sequence_number(written: str) -> int:
    """
    The number of a sequence as we keep it; L{WireError} for no such.
    """
    try:
        octets = bytes.fromhex(written)
    except (ValueError, TypeError) as error:
        raise WireError(f"no sequence: {error}") from error
    if len(octets) > HEX // 2:
        raise WireError(f"a sequence of {len(octets)} octets")
    return int.from_bytes(octets, "big")


def moment_of(sequence: int, now: float) -> float:
    """
    The epoch seconds of a sequence's time in the year that is closest to C{now};
    0 when it is no time.
    """
    written = sequence_fields(sequence)[1]
    this = datetime.fromtimestamp(now, CHINA).year
    found = [_moment(f"{year}{written}") for year in (this - 1, this, this + 1)]
    return min((at for at in found if at), key=lambda at: abs(at - now), default=0.0)


def _moment(written: str) -> float:
    try:
        wall = datetime.strptime(written, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return 0.0
    return (wall - timedelta(hours=8)).timestamp()


@attrs.define(eq=False)
class Sequences:
    """
    A node's source of sequences; C{clock} tells epoch seconds.

    The counter begins at 0 and wraps: by then, and after a restart, the time is
    another one. Processes that share a node begin at different places and wrap
    before the next one's, C{first} and C{last}.
    """

    node: int
    clock: Callable[[], float]
    first: int = 0
    last: int = WORD
    _counter: int = attrs.field(init=False)
    _second: int = attrs.field(default=-1, init=False)
    _head: int = attrs.field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self._counter = self.first

    def __call__(self) -> int:
        """
        The next one.
        """
        second = int(self.clock())
        if second != self._second:
            self._second = second
            self._head = pack_sequence(self.node, second, 0)
        made = self._head | self._counter
        self._counter = self._counter + 1 if self._counter < self.last else self.first
        return made


@attrs.define(eq=False)
class Nodes:
    """
    The sources of all nodes we are: contracts with the same node share one.
    """

    clock: Callable[[], float]
    _sources: dict[int, Sequences] = attrs.field(factory=dict)

    def of(self, node: int) -> Sequences:
        """
        A node's source.
        """
        if node not in self._sources:
            self._sources[node] = Sequences(node, self.clock)
        return self._sources[node]
