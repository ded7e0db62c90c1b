"""
Nodes' notes of themselves, kept by a server.
"""

from typing import Any

import attrs

from smsgw.queues.board import RedisBoard
from tests.support.record import now_or_never


@attrs.define(eq=False)
class Hash:
    """
    A server that has one hash.
    """

    held: dict[bytes, bytes] = attrs.field(factory=dict)

    async def command(self, what: str, _home: str, *args: Any) -> Any:
        """
        As Valkey answers.
        """
        match what:
            case "HSET":
                self.held[args[0].encode()] = args[1]
                return 1
            case "HDEL":
                return int(self.held.pop(args[0].encode(), None) is not None)
            case _:
                return [part for pair in self.held.items() for part in pair]


def test_notes() -> None:
    """
    The newest of each node stays until it is forgotten.
    """
    server: Any = Hash()
    board = RedisBoard(server)
    assert {} == now_or_never(board.told())
    now_or_never(board.tell("node1", b"1"))
    now_or_never(board.tell("node2", b"2"))
    now_or_never(board.tell("node1", b"3"))
    assert {"node1": b"3", "node2": b"2"} == now_or_never(board.told())
    now_or_never(board.forget("node1"))
    assert {"node2": b"2"} == now_or_never(board.told())
