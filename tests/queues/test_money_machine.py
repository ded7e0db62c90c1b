"""
Random lives of a wallet, in memory and in Valkey.
"""

import socket
from collections.abc import Iterable, Iterator
from typing import Any

import hiredis
import pytest
from hypothesis import settings

from smsgw.ports import Queue
from smsgw.queues.memory import MemoryQueue
from smsgw.queues.redis import Script
from smsgw.queues.redis_queue import RedisQueue
from tests.queues.money_machine import MoneyMachine
from tests.support.valkey import ValkeyServer, valkey_server


class InMemory(MoneyMachine):
    """
    A wallet in memory.
    """

    def make(self) -> Queue:
        """
        An empty queue.
        """
        return MemoryQueue()


class Blocking:
    """
    A connection whose calls are answered before they return.
    """

    def __init__(self, path: str) -> None:
        self.plug = socket.socket(socket.AF_UNIX)
        self.plug.connect(path)
        self.reader = hiredis.Reader()

    async def command(self, *args: Any) -> Any:
        """
        One command.
        """
        self.plug.sendall(hiredis.pack_command(args))
        while (found := self.reader.gets()) is False:
            self.reader.feed(self.plug.recv(65_536))
        if isinstance(found, Exception):
            raise found
        return found

    async def eval_script(
        self, script: Script, keys: list[str], args: Iterable[Any]
    ) -> Any:
        """
        One script.
        """
        return await self.command("EVAL", script.source, len(keys), *keys, *args)


class InValkey(MoneyMachine):
    """
    A wallet in Valkey.
    """

    server: ValkeyServer

    def make(self) -> Queue:
        """
        A queue over an emptied server.
        """
        self.connection = Blocking(self.server.socket)
        self.connection.plug.sendall(hiredis.pack_command(("FLUSHALL",)))
        assert self.connection.plug.recv(64) == b"+OK\r\n"
        connection: Any = self.connection
        return RedisQueue(connection)

    def teardown(self) -> None:
        """
        Hang up.
        """
        self.connection.plug.close()


class MemoryMoneyTests(InMemory.TestCase):  # type: ignore[misc]  # it is made
    """
    Many short lives.
    """

    settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@pytest.fixture(scope="module")
def server() -> Iterator[ValkeyServer]:
    """
    One server for the module.
    """
    with valkey_server("no") as running:
        yield running


@pytest.mark.real
class ValkeyMoneyTests(InValkey.TestCase):  # type: ignore[misc]  # it is made
    """
    Fewer lives.
    """

    settings = settings(max_examples=30, stateful_step_count=40, deadline=None)

    @pytest.fixture(autouse=True)
    def _serve(self, server: ValkeyServer) -> None:
        InValkey.server = server
