"""
A whole node with a vendor's channel: in at our door, out at the vendor's, and back.
"""

import tempfile
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from twisted.internet import reactor
from twisted.trial.unittest import TestCase
from twisted.web.server import Site

from smsgw.message import Item, Submission
from smsgw.node import Node
from smsgw.outgoing import Outgoing
from smsgw.storage.database import Database
from smsgw.storage.directory_store import apply_directory
from smsgw.tasks import SystemClock, sleep
from tests.channels.vendor.imitations import AliyunLike, channel_of, objects
from tests.support.record import now_or_never
from tests.test_node import settings

CODE = "您的验证码是123456，5分钟内有效。"


@pytest.mark.real
class WholeTests(TestCase):
    """
    On real sockets, with its queue in memory.
    """

    async def test_there_and_back(self) -> None:
        """
        Sent, reported through the real door, and delivered in the record's eyes; a
        push without the token is turned away.
        """
        folder = Path(tempfile.mkdtemp(prefix="smsgw-"))
        self.addCleanup(rmtree, folder)
        vendor, net = AliyunLike(), _reactor()
        port = net.listenTCP(0, Site(vendor), interface="127.0.0.1")
        self.addCleanup(port.stopListening)
        place = f"http://127.0.0.1:{port.getHost().port}"
        wanted = objects(channel_of("aliyun", endpoint=place))
        node = Node(settings(folder), reactor, SystemClock(net), lambda: 0.5)
        self.addCleanup(node.stop)
        database = Database.open(node.settings.database_url)
        node.settings.data_dir.mkdir()
        now_or_never(database.prepare())
        now_or_never(database.write(apply_directory, wanted, "test", 1.0))
        database.close()
        await node.start()
        await node.shard.gateway.accept(
            wanted.accounts["his"],
            Submission([Item("13800138000")], CODE, "otp"),
            node.clock.now(),
        )
        await _until(lambda: vendor.taken)
        client = Outgoing.over(reactor, seconds=10.0)
        self.addCleanup(client.close)
        door = (
            f"http://127.0.0.1:{node._ports[0].getHost().port}/v1/vendors/ali/receipts"
        )
        body = vendor.report(0)
        told = [
            (await client.ask("POST", f"{door}{tail}", {}, body)).status
            for tail in ("/wrong", "", "/push-token")
        ]
        self.assertEqual([401, 401, 200], told)
        for _ in range(200):
            (counts,) = (await node.shard.queue.counts()).values()
            if counts.get("ended"):
                break
            await sleep(net, 0.02)
        self.assertEqual((1, 1), (counts["accepted"], counts["ended"]))


def _reactor() -> Any:
    return reactor


async def _until(seen: Any) -> None:
    for _ in range(200):
        if seen():
            return
        await sleep(_reactor(), 0.05)
    raise AssertionError("not within 10 s")
