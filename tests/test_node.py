"""
Tests for L{smsgw.node}.
"""

import os
import socket
import tempfile
from pathlib import Path
from shutil import rmtree
from typing import Any

import attrs
import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from smsgw.config import Admin, Endpoint, Http, Queue, Settings
from smsgw.directory import Account, Channel, Credential, Directory
from smsgw.disk import Disk
from smsgw.errors import Unavailable
from smsgw.node import Node
from smsgw.outgoing import Outgoing
from smsgw.ports import Admission, Stored
from smsgw.storage.database import Database
from smsgw.storage.directory_store import apply_directory
from smsgw.tasks import SystemClock, sleep
from tests.support.record import now_or_never

ANY = Endpoint("tcp:0:interface=127.0.0.1")
NOW = 1_800_000_000.0


def settings(folder: Path, **changes: Any) -> Settings:
    """
    A node that needs no other process, at any free ports.
    """
    made = Settings(
        folder / "data",
        queue=Queue("memory", durability="relaxed"),
        http=Http((ANY,)),
        admin=Admin((ANY,)),
    )
    return attrs.evolve(made, **changes)


class Slow:
    """
    A look that does not end.
    """

    looked = 0

    def look(self) -> "Deferred[None]":
        """
        Counted.
        """
        self.looked += 1
        return Deferred()


@pytest.mark.real
class NodeTests(TestCase):
    """
    A node with its queue in memory, on real sockets.
    """

    def setUp(self) -> None:
        """
        A folder, a client, and a node at free ports.
        """
        self.folder = Path(tempfile.mkdtemp(prefix="smsgw-"))
        self.addCleanup(rmtree, self.folder)
        self.client = Outgoing.over(reactor, seconds=20.0)
        self.addCleanup(self.close)
        self.node = self.build(settings(self.folder))

    async def close(self) -> None:
        """
        Idle connections, and what a test did not end.
        """
        await self.client.close()
        await self.node.stop()

    def build(self, given: Settings) -> Node:
        """
        A node of these settings.
        """
        return Node(given, reactor, SystemClock(reactor), lambda: 0.5)

    async def ask(self, path: str, door: int = 0) -> tuple[int, str]:
        """
        The status and the text at one of the node's doors, HTTP and console.
        """
        port = self.node._ports[door].getHost().port
        told = await self.client.ask("GET", f"http://127.0.0.1:{port}{path}", {})
        return told.status, told.body.decode()

    def apply(self, directory: Directory) -> None:
        """
        As C{smsgw apply} beside the node.
        """
        database = Database.open(self.node.settings.database_url)
        try:
            now_or_never(database.prepare())
            now_or_never(database.write(apply_directory, directory, "test", NOW))
        finally:
            database.close()

    async def test_it_serves(self) -> None:
        """
        Ready, the console asks who it is, and after the stop nobody listens.
        """
        await self.node.start()
        port = self.node._ports[0].getHost().port

        self.assertEqual(200, (await self.ask("/v1/ready"))[0])
        self.assertEqual(303, (await self.ask("/", 1))[0])
        self.assertEqual(200, (await self.ask("/login", 1))[0])
        await self.client.close()
        await self.node.stop()
        self.assertFalse(self.node.ready)
        with socket.socket() as plug, pytest.raises(ConnectionRefusedError):
            plug.connect(("127.0.0.1", port))

    async def test_it_follows_the_directory(self) -> None:
        """
        What is applied beside it holds within seconds: accounts, and channels that
        start and stop; one that cannot be is told and left out.
        """
        await self.node.start()
        channel = Channel(
            "cmcc", "移动", "mobile", "cmpp", "tcp:127.0.0.1:1", "900001", "secret"
        )
        wanted = Directory(
            accounts={"his": Account("his", "门诊")},
            credentials={"his": Credential("his", "his", ("secret",))},
            channels={
                "cmcc": channel,
                "odd": attrs.evolve(channel, id="odd", protocol="pigeon"),
            },
        )
        self.apply(wanted)
        await self.wait(lambda: "cmcc" in self.node.shard.carriers)
        self.assertEqual({"his"}, set(self.node.shard.gateway.directory.accounts))
        self.assertEqual(["cmcc"], list(self.node.shard.carriers))

        off = attrs.evolve(channel, active=False)
        self.apply(attrs.evolve(wanted, channels={"cmcc": off}))
        await self.wait(lambda: not self.node.shard.carriers)
        await self.node.stop()

    async def test_a_slow_look_holds_nobody_up(self) -> None:
        """
        While a large schedule is submitted, what is applied holds as soon as ever.
        """
        await self.node.start()
        slow = Slow()
        self.node._scheduling = slow  # type: ignore[assignment]  # it is looked at
        await self.wait(lambda: slow.looked)
        self.apply(Directory(accounts={"his": Account("his", "门诊")}))
        await self.wait(lambda: self.node.shard.gateway.directory.accounts)
        self.assertEqual(1, slow.looked)
        await self.node.stop()

    async def wait(self, what: Any) -> None:
        """
        Until it is true, not for ever.
        """
        for _ in range(200):
            if what():
                return
            await sleep(reactor, 0.05)
        raise AssertionError("not within 10 s")

    async def test_a_taken_port_ends_the_start(self) -> None:
        """
        The start fails in words; a stop after it leaves nothing behind.
        """
        with socket.create_server(("127.0.0.1", 0)) as taken:
            place = Endpoint(f"tcp:{taken.getsockname()[1]}:interface=127.0.0.1")
            self.node = self.build(settings(self.folder, http=Http((place,))))
            with pytest.raises(Exception, match="Address already in use"):
                await self.node.start()

        self.assertFalse(self.node.ready)
        await self.node.stop()

    async def test_a_record_that_cannot_be(self) -> None:
        """
        No record, no service: the start fails before a door opens.
        """
        (self.folder / "data").mkdir()
        (self.folder / "data/record.sqlite").write_text("not a record" * 100, "utf-8")
        with pytest.raises(Unavailable):
            await self.node.start()

        self.assertEqual([], self.node._ports)
        await self.node.stop()

    async def test_a_full_disk(self) -> None:
        """
        The doors are closed to what they would have to keep, and say so.
        """
        await self.node.start()
        admission = Admission("his|20270115", [Stored("c1", "notice", 1, b"x")], "m1")
        full = os.statvfs_result((4096, 4096, 10**9, 10, 10, 1, 1, 1, 0, 255))
        self.assertEqual(200, (await self.ask("/v1/ready"))[0])
        self.node.disk = Disk(self.folder, 2**31, 0, lambda _: full)
        self.node.disk.look()
        with pytest.raises(Unavailable, match="critical"):
            await self.node.shard.put(admission)

        status, page = await self.ask("/v1/ready")
        self.assertEqual(503, status)
        self.assertIn('"disk":false', page)
        self.node.disk = None
        verdict = await self.node.shard.put(admission)
        self.assertEqual("accepted", verdict.kind)
        await self.client.close()

    async def test_a_stop_without_a_start(self) -> None:
        """
        Does nothing, as often as it is called.
        """
        await self.node.stop()
        await self.node.stop()
