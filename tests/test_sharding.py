"""
Tests for L{smsgw.sharding}: two shards as one.
"""

from typing import Any

import attrs
import pytest

from smsgw.directory import Account
from smsgw.errors import Unavailable
from smsgw.gateway.gateway import Gateway
from smsgw.ids import lane_of
from smsgw.message import Item, Submission
from smsgw.ports import Queue
from smsgw.rules.book import Rulebook
from smsgw.sharding import Gateways, Queues, keep_count, shard_of
from tests.support.worlds import NOW, World, run

HIS, LIS = Account("his", "HIS"), Account("lis", "LIS")  # of three: 0 and 1


@attrs.define(eq=False)
class Home:
    """
    A shard somewhere.
    """

    world: World
    held: bool = True

    @property
    def gateway(self) -> Gateway:
        """
        Its gateway.
        """
        return self.world.shard.gateway

    @property
    def queue(self) -> Queue:
        """
        Its queue.
        """
        return self.world.queue


def three() -> tuple[list[Home], Gateways]:
    """
    Three shards with lanes of their own.
    """
    homes = [Home(World()) for _ in range(3)]
    for number, home in enumerate(homes):
        home.world.shard.ids.shard = number + 6
    return homes, Gateways(homes)


def send(gateways: Gateways, account: Account) -> str:
    """
    One message's id.
    """
    submission = Submission([Item("13800138000")], "您好", "notice", "示范医院")
    return run(gateways.accept(account, submission, NOW)).items[0].id


def test_accounts_have_their_shards() -> None:
    """
    For ever the same, and all of an account's in one.
    """
    assert [0, 1, 2] == [shard_of(name, 3) for name in ("his", "lis", "b")]
    homes, gateways = three()
    first, second = send(gateways, HIS), send(gateways, LIS)
    assert (6, 7) == (lane_of(first), lane_of(second))
    assert [1, 1, 0] == [run(home.queue.depths(NOW)).intake["notice"] for home in homes]
    assert gateways.pending(second)
    preview = run(gateways.preview(HIS, Submission([Item("13800138000")], "好"), NOW))
    assert 1 == len(preview)


def test_rules_are_everywhere() -> None:
    """
    A newer book is every shard's.
    """
    homes, gateways = three()
    newer = Rulebook.of(gateways.directory)
    gateways.book = newer
    assert all(home.gateway.book is newer for home in homes)
    assert gateways.directory is newer.directory
    assert NOW == gateways.recorded()


def test_cancel() -> None:
    """
    Where the shard is held; elsewhere one has to ask again.
    """
    homes, gateways = three()
    name = send(gateways, HIS)
    assert [(name, "stopped")] == run(gateways.cancel(HIS, [name], NOW))
    homes[0].held = False
    with pytest.raises(Unavailable):
        run(gateways.cancel(HIS, [name], NOW))


def test_queues_together() -> None:
    """
    Money goes to the account's shard; depths and counters are sums.
    """
    homes, gateways = three()
    queues = Queues(homes)
    send(gateways, HIS)
    send(gateways, LIS)
    run(queues.grant("lis", 1, 500))
    found = run(queues.wallets(["his", "lis"]))
    assert (0, 500) == (found["his"].available, found["lis"].available)
    assert 500 == run(homes[1].queue.wallets(["lis"]))["lis"].available
    depths = run(queues.depths(NOW))
    assert 2 == depths.intake["notice"]
    assert 2 == sum(one["waiting"] for one in run(queues.counts()).values())


def test_count_is_kept() -> None:
    """
    The first to come says how many shards there are.
    """
    kept: list[int] = []

    class Fake:
        """
        One key.
        """

        async def command(self, *args: Any) -> Any:
            """
            SET NX and GET.
            """
            if args[0] == "SET" and not kept:
                kept.append(args[2])
            return str(kept[0]).encode()

    connection: Any = Fake()
    run(keep_count(connection, 3))
    run(keep_count(connection, 3))
    with pytest.raises(Unavailable):
        run(keep_count(connection, 4))
