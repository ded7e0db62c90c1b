"""
The queue is where the settings say.
"""

from pathlib import Path

import pytest
from twisted.internet.testing import MemoryReactorClock

from smsgw.config import Queue
from smsgw.queues.opening import open_queue
from tests.test_node import settings


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("redis://127.0.0.1", ("127.0.0.1", 6379)),
        ("redis://127.0.0.1:7000/2", ("127.0.0.1", 7000)),
    ],
)
def test_a_server_of_one_s_own(
    tmp_path: Path, url: str, place: tuple[str, int]
) -> None:
    """
    A configured server is reached where its address says.
    """
    memory = MemoryReactorClock()
    queue = Queue("redis", url)
    connection = open_queue(settings(tmp_path, queue=queue), memory, "")
    connection.start()
    asked = memory.tcpClients

    assert [place] == [client[:2] for client in asked]


def test_the_embedded_server(tmp_path: Path) -> None:
    """
    Is reached at its socket.
    """
    memory = MemoryReactorClock()
    path = str(tmp_path / "valkey.sock")
    connection = open_queue(settings(tmp_path, queue=Queue()), memory, path)
    connection.start()

    assert [path] == [client[0] for client in memory.unixClients]


def test_a_cluster(tmp_path: Path) -> None:
    """
    Its nodes are asked in turn, each where its address says.
    """
    memory = MemoryReactorClock()
    queue = Queue("cluster", nodes=("redis://127.0.0.1:7001", "redis://[::1]:7002"))
    connection = open_queue(settings(tmp_path, queue=queue), memory, "")
    connection.start()
    assert [("127.0.0.1", 7001)] == [client[:2] for client in memory.tcpClients]
    memory.advance(3)

    assert ("::1", 7002) == memory.tcpClients[-1][:2]
