"""
What the console shows of this node and of the others: parts, channels, connections.

Where several processes send, each tells the queue store every two seconds how its
connections are, and reads there how the others' are.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import attrs
import msgspec

from smsgw.admin.status import Status
from smsgw.channels.fleet import Fleet
from smsgw.channels.seats import Line
from smsgw.console import status_of
from smsgw.disk import Disk
from smsgw.errors import Unavailable
from smsgw.ports import Clock
from smsgw.queues.board import RedisBoard
from smsgw.sharding import Queues

__all__ = ["Board", "Showing", "board_over"]

EACH, STALE, GONE = 2.0, 10.0, 3600.0


class Board(Protocol):
    """
    Where nodes leave notes (L{smsgw.queues.board.RedisBoard}).
    """

    async def tell(self, node: str, note: bytes) -> None: ...
    async def told(self) -> dict[str, bytes]: ...
    async def forget(self, node: str) -> None: ...


class Home(Protocol):
    """
    What this needs of L{smsgw.node.Node}; of holdings, their queue and fleet.
    """

    disk: Disk | None
    holdings: list[Any]

    @property
    def held(self) -> Sequence[Any]: ...
    def parts(self) -> Mapping[str, bool]: ...


class Note(msgspec.Struct):
    """
    What a node tells of itself.
    """

    at: float
    lines: list[Line]


_note = msgspec.json.Decoder(Note)


def board_over(connection: Any, shared: bool) -> Board | None:
    """
    In the queue store, where other processes can reach it.
    """
    return RedisBoard(connection) if shared else None


@attrs.define(eq=False)
class Showing:
    """
    C{node} is this one's name; without a C{board} there are no others.
    """

    node: str
    home: Home
    clock: Clock
    board: Board | None = None
    _told_at: float = attrs.field(default=0.0, init=False)

    def _fleets(self) -> list[Fleet]:
        return [one.fleet for one in self.home.held or self.home.holdings[:1]]

    def own(self) -> list[Line]:
        """
        The connections of this process.
        """
        return [
            msgspec.structs.replace(line, node=self.node)
            for fleet in self._fleets()
            for line in fleet.seats()
        ]

    async def status(self) -> Status:
        """
        How this node is, its channels with the connections of all nodes.
        """
        home = self.home
        parts = dict(home.parts())
        parts["record"] = not any(one.recorder.trouble for one in home.held)
        parts["disk"] = home.disk is None or not home.disk.level
        queue, now = Queues(home.holdings), self.clock.now()
        fleets, others = self._fleets(), await self._others(now)
        return await status_of(self.node, parts, queue, fleets, now, others)

    async def lines(self, channel: str) -> list[Line]:
        """
        All connections of a channel, here and elsewhere.
        """
        found = self.own() + await self._others(self.clock.now())
        mine = [line for line in found if line.channel == channel]
        return sorted(mine, key=lambda line: (line.number == 0, line.number, line.node))

    async def _others(self, now: float) -> list[Line]:
        """
        What was told lately; who was silent for an hour is forgotten.
        """
        if self.board is None:
            return []
        found: list[Line] = []
        for node, body in (await self.board.told()).items():
            if node == self.node:
                continue
            try:
                note = _note.decode(body)
            except msgspec.MsgspecError:  # another release's
                continue
            if now - note.at < STALE:
                found += [msgspec.structs.replace(one, node=node) for one in note.lines]
            elif now - note.at > GONE:
                await self.board.forget(node)
        return found

    async def look(self) -> None:
        """
        Tell the others; without the store they hear it later.
        """
        now = self.clock.now()
        if self.board is None or now - self._told_at < EACH:
            return
        self._told_at = now
        try:
            await self.board.tell(self.node, msgspec.json.encode(Note(now, self.own())))
        except Unavailable:
            self._told_at = 0.0
