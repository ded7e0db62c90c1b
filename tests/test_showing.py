"""
What one console shows of several nodes.
"""

from types import SimpleNamespace
from typing import Any

import attrs
import msgspec

from smsgw.channels.seats import Line
from smsgw.errors import Unavailable
from smsgw.showing import Showing, board_over
from tests.support.console import HOSPITAL
from tests.support.record import now_or_never
from tests.support.worlds import Still
from tests.test_console import Waiting


@attrs.define(eq=False)
class Pinned:
    """
    A board in memory; C{down} takes it away.
    """

    notes: dict[str, bytes] = attrs.field(factory=dict)
    down: bool = False

    async def tell(self, node: str, note: bytes) -> None:
        """
        Keep it.
        """
        if self.down:
            raise Unavailable("gone")
        self.notes[node] = note

    async def told(self) -> dict[str, bytes]:
        """
        All of them.
        """
        return dict(self.notes)

    async def forget(self, node: str) -> None:
        """
        It is no more.
        """
        del self.notes[node]


def _home(*lines: Line) -> Any:
    gateway = SimpleNamespace(directory=HOSPITAL)
    fleet = SimpleNamespace(
        shard=SimpleNamespace(gateway=gateway),
        channels={},
        seats=lambda: list(lines),
        live=lambda: {"cmcc": True},
    )
    recorder = SimpleNamespace(trouble="")
    queue: Any = Waiting()
    holding = SimpleNamespace(fleet=fleet, recorder=recorder, queue=queue)
    return SimpleNamespace(
        held=[holding], holdings=[holding], parts=lambda: {"node": True}, disk=None
    )


def test_two_nodes() -> None:
    """
    Each shows the other's connections, too, under its name, while it is heard.
    """
    clock: Any = Still()
    board = Pinned()
    first = Line("cmcc", 1, "bound", 5.0, window=16, used=2)
    second = Line("cmcc", 2, "waiting", 6.0)
    one = Showing("node1", _home(first), clock, board)
    two = Showing("node2", _home(second), clock, board)
    now_or_never(one.look())
    now_or_never(two.look())
    wanted = [(1, "node1"), (2, "node2")]
    for each in (one, two):
        told = now_or_never(each.lines("cmcc"))
        assert wanted == [(line.number, line.node) for line in told]
    assert [] == now_or_never(one.lines("other"))
    [state] = now_or_never(two.status()).channels
    assert (2, 16, 2) == (state.connections, state.window, state.used)
    board.notes["newer"] = b'{"at": "another release"}'
    assert 2 == len(now_or_never(two.lines("cmcc")))
    del board.notes["newer"]
    clock.at += 60
    assert ["node2"] == [line.node for line in now_or_never(two.lines("cmcc"))]
    clock.at += 3600
    now_or_never(two.lines("cmcc"))
    assert ["node2"] == list(board.notes)


def test_how_often() -> None:
    """
    Every two seconds, and again at once when the store was away.
    """
    clock: Any = Still()
    board = Pinned(down=True)
    one = Showing("node1", _home(), clock, board)
    now_or_never(one.look())
    board.down = False
    now_or_never(one.look())
    assert {"at": clock.at, "lines": []} == msgspec.json.decode(board.notes["node1"])
    board.notes.clear()
    now_or_never(one.look())
    assert {} == board.notes


def test_alone() -> None:
    """
    A node whose queue nobody else reaches tells nobody.
    """
    clock: Any = Still()
    one = Showing("node1", _home(Line("cmcc", 1, "bound", 5.0)), clock)
    now_or_never(one.look())
    assert ["node1"] == [line.node for line in now_or_never(one.lines("cmcc"))]
    assert None is board_over(object(), False)
