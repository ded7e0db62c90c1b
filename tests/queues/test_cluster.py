"""
A real cluster of three masters: the queue's contracts, moved slots, lost masters.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.endpoints import TCP4ClientEndpoint
from twisted.internet.task import Clock, deferLater
from twisted.trial.unittest import SynchronousTestCase, TestCase

from smsgw.errors import Unavailable
from smsgw.ports import Queue
from smsgw.queues.cluster import ClusterConnection, Place, slot_of, tag_of
from smsgw.queues.leases import RedisLeases
from smsgw.queues.parts import RedisParts
from smsgw.queues.redis import RedisConnection, ReplyError, Script
from smsgw.queues.redis_queue import RedisQueue
from smsgw.queues.sessions import RedisSessions
from tests.queues.contract import AcceptContract
from tests.queues.contract_exchange import ExchangeContract, ReceiptContract
from tests.queues.contract_leases import LeasesContract
from tests.queues.contract_money import MoneyContract
from tests.queues.contract_parts import PartsContract
from tests.queues.contract_sessions import SessionsContract
from tests.support.valkey_cluster import ValkeyCluster, valkey_cluster

BUMP = Script("bump", b"return redis.call('INCRBY', KEYS[1], ARGV[1])")
ELSEWHERE = Script("elsewhere", b"#!lua\nreturn redis.call('GET', '{other}:n')")


class SlotTests(SynchronousTestCase):
    """
    Where a key lies.
    """

    def test_slots(self) -> None:
        """
        As the specification's own example has it; the tag alone counts.
        """
        self.assertEqual(0x31C3, slot_of("123456789"))
        self.assertEqual(slot_of("s0"), slot_of("{s0}:due"))
        self.assertEqual(b"s0", tag_of(b"{s0}"))
        self.assertEqual((b"", b""), (tag_of("a{}b"), tag_of("a{b")))

    def test_calls_that_cannot_be_sent(self) -> None:
        """
        Without a key, or with keys in two slots, there is no right server.
        """
        none = ClusterConnection([], lambda _: self.fail("opened"), Clock())
        for call in (
            none.command("PING"),
            none.eval_script(BUMP, ["{s0}", "{s1}"], []),
            none.eval_script(BUMP, [], []),
        ):
            self.failureResultOf(Deferred.fromCoroutine(call), ValueError)
        call = Deferred.fromCoroutine(none.command("GET", "{s0}"))
        self.failureResultOf(call, Unavailable)


@pytest.fixture(scope="module")
def cluster() -> Iterator[ValkeyCluster]:
    """
    One cluster for the module; each test empties it.
    """
    with valkey_cluster() as running:
        yield running


def connect(case: TestCase, cluster: ValkeyCluster, *only: int) -> ClusterConnection:
    """
    A started connection that is closed before the cluster goes.
    """

    def open_to(place: Place) -> RedisConnection:
        endpoint = TCP4ClientEndpoint(reactor, *place)
        return RedisConnection(endpoint, reactor, timeout=2.0)

    seeds = [cluster.places[number] for number in only] or cluster.places
    connection = ClusterConnection(seeds, open_to, reactor)
    connection.start()
    case.addCleanup(lambda: Deferred.fromCoroutine(connection.stop()))
    return connection


class ClusterCase(TestCase):
    """
    A test on the module's cluster.
    """

    cluster: ValkeyCluster

    @pytest.fixture(autouse=True)
    def _serve(self, cluster: ValkeyCluster) -> None:
        self.cluster = cluster
        cluster.empty()

    async def connect(self, *only: int) -> ClusterConnection:
        """
        A connection that knows the way.
        """
        connection = connect(self, self.cluster, *only)
        await connection.connected()
        return connection


@pytest.mark.real
class ClusterQueueTests(
    ClusterCase, AcceptContract, ExchangeContract, ReceiptContract, MoneyContract
):
    """
    All that every queue keeps to, on the master that has the shard.
    """

    async def make(self, high_water: int) -> Queue:
        """
        An empty queue over connections of its own.
        """
        return RedisQueue(await self.connect(), "s0", high_water)


@pytest.mark.real
class ClusterPartsTests(ClusterCase, PartsContract):
    """
    Parts of long messages, in a shard of another master.
    """

    async def make(self) -> RedisParts:
        """
        An empty keeper over connections of its own.
        """
        return RedisParts(await self.connect(), "s1")


@pytest.mark.real
class ClusterSessionsTests(ClusterCase, SessionsContract):
    """
    Sessions, spread over all masters.
    """

    async def make(self) -> RedisSessions:
        """
        An empty keeper over connections of its own.
        """
        return RedisSessions(await self.connect())


@pytest.mark.real
class ClusterLeasesTests(ClusterCase, LeasesContract):
    """
    A shard's leases, where the shard lies.
    """

    async def make(self) -> RedisLeases:
        """
        Short ones over connections of their own.
        """
        return RedisLeases(await self.connect(), "s2", 0.25)

    async def run_out(self) -> None:
        """
        Time passes by the server's clock.
        """
        await deferLater(reactor, 0.3)


del AcceptContract, ExchangeContract, LeasesContract, MoneyContract
del PartsContract, ReceiptContract, SessionsContract


@pytest.mark.real
class ClusterConnectionTests(ClusterCase):
    """
    Finding the way, and finding it again.
    """

    async def test_any_node_knows_the_way(self) -> None:
        """
        One node that is named is enough; shards lie on different masters.
        """
        connection = await self.connect(1)
        shards = [f"{{s{n}}}" for n in range(8)]
        for shard in shards:
            self.assertEqual(3, await connection.eval_script(BUMP, [shard], [3]))
        homes = {self.cluster.home(slot_of(shard)) for shard in shards}
        self.assertEqual({0, 1, 2}, homes)

    async def test_scripts_stay_in_their_slot(self) -> None:
        """
        The servers themselves refuse a script that looks into another one.
        """
        connection = await self.connect()
        with self.assertRaises(ReplyError):
            await connection.eval_script(ELSEWHERE, ["{s0}"], [])

    async def test_calls_in_flight_answer_in_order(self) -> None:
        """
        A hundred first calls, sent without waiting, keep their order.
        """
        connection = await self.connect()
        calls = [
            Deferred.fromCoroutine(connection.eval_script(BUMP, ["{s0}"], [1]))
            for _ in range(100)
        ]
        self.assertEqual(list(range(1, 101)), await gatherResults(calls))

    async def test_moved_slot(self) -> None:
        """
        While a slot moves its calls are Unavailable; then they find it, unasked.
        """
        connection = await self.connect()
        slot = slot_of("{s0}")
        source = self.cluster.home(slot)
        target = (source + 1) % 3
        self.assertEqual(1, await connection.eval_script(BUMP, ["{s0}:n"], [1]))
        self.cluster.begin_move(slot, source, target)
        with self.assertRaises(Unavailable):
            await connection.eval_script(BUMP, ["{s0}"], [1])
        self.assertEqual(1, self.cluster.carry(slot, source, target))
        try:
            calls = [
                Deferred.fromCoroutine(connection.eval_script(BUMP, ["{s0}:n"], [1]))
                for _ in range(50)
            ]
            self.assertEqual(list(range(2, 52)), await gatherResults(calls))
        finally:
            self.cluster.empty()
            self.cluster.move(slot, source)

    async def test_killed_master(self) -> None:
        """
        Its shards are Unavailable, the others go on; it comes back with its data.
        """
        connection = await self.connect()
        shards = [f"{{s{n}}}" for n in range(8)]
        for shard in shards:
            await connection.eval_script(BUMP, [shard], [1])
        dead = self.cluster.masters[0]
        dead.kill()
        try:
            for shard in shards:
                call = connection.eval_script(BUMP, [shard], [1])
                if self.cluster.home(slot_of(shard)) == 0:
                    with self.assertRaises(Unavailable):
                        await call
                else:
                    self.assertEqual(2, await call)
        finally:
            dead.start()
        lost = next(s for s in shards if self.cluster.home(slot_of(s)) == 0)
        self.assertEqual(2, await self.insist(connection, lost))

    async def insist(self, connection: ClusterConnection, shard: str) -> Any:
        """
        Ask until it is taken.
        """
        for _ in range(200):
            try:
                return await connection.eval_script(BUMP, [shard], [1])
            except Unavailable:
                await deferLater(reactor, 0.05)
        return self.fail("never came back")

    async def test_nobody_there(self) -> None:
        """
        Without a cluster the wait and the calls are Unavailable.
        """
        connection = ClusterConnection(
            [("127.0.0.1", 1)],
            lambda place: RedisConnection(TCP4ClientEndpoint(reactor, *place), reactor),
            reactor,
        )
        connection.start()
        self.addCleanup(lambda: Deferred.fromCoroutine(connection.stop()))
        with self.assertRaises(Unavailable):
            await connection.connected(0.05)
        with self.assertRaises(Unavailable):
            await connection.command("GET", "{s0}")
