"""
Two hundred spenders on one wallet while the queue server is killed again and again.
"""

import os
import random
import zlib
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import attrs
import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.endpoints import UNIXClientEndpoint
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from smsgw.errors import Unavailable
from smsgw.ports import Dispatched, Lease, Put, Settle, Stored, Up, Wallet
from smsgw.queues.entries import header_of
from smsgw.queues.redis import RedisConnection
from smsgw.queues.redis_queue import RedisQueue
from tests.queues.contract import NOW, TALLY, admission, entry
from tests.queues.contract_exchange import want
from tests.support.valkey import ValkeyServer, ask, valkey_server

SPENDERS = 200
LINES = 8
KILLS = int(os.environ.get("SMSGW_KILLS", "8"))
FLOOR = -5_000
PRICES = (0, 450, 450, 900, 1800)
LIMIT = ("his|day|1", 10**9, 86_400)
QUEUE = "all:notice"
T = TypeVar("T")


def sleep(seconds: float) -> Deferred[None]:
    """
    Others go on meanwhile.
    """
    return deferLater(reactor, seconds)


def fate(name: str) -> int:
    """
    What becomes of a message, the same whenever it is asked.
    """
    return zlib.crc32(name.encode()) % 4


def cost(name: str, price: int) -> int:
    """
    What a message costs: nothing when refused or dropped, half, or its price.
    """
    return (0, 0, price // 2, price)[fate(name)]


async def insist(connection: RedisConnection, step: Callable[[], Awaitable[T]]) -> T:
    """
    The same call until it is answered.
    """
    while True:
        try:
            return await step()
        except Unavailable:
            await sleep(0.01)
            await connection.connected(30)


@attrs.define(eq=False)
class Owner:
    """
    Who holds the shard: dispatches, leases and ends what was sold, at times as a new
    process.

    C{met} are prices by message, of all chunks that were dispatched.
    """

    queue: RedisQueue
    chance: random.Random
    epoch: int = 0
    number: int = 0
    met: dict[str, int] = attrs.field(factory=dict)

    async def run(self, ending: Callable[[], bool]) -> None:
        """
        Until nothing more is sold and all has ended.
        """
        leases = await self._take_over()
        while True:
            over = ending()
            chunks = await self.queue_call(lambda: self.queue.peek("notice", 20))
            done = [self._dispatched(name, body) for name, body in chunks]
            await self.queue_call(lambda done=done: self._dispatch(done))
            if self.chance.random() < 0.1:
                leases = await self._take_over()
            settles = [self._ended(one) for one in leases]
            self.number += 1
            up = Up(self.epoch, self.number, settles, wants=[want(500, messages=500)])
            down = await self.queue_call(lambda up=up: self.queue.exchange(up, NOW))
            if over and not (chunks or leases or down.leases):
                return
            leases = list(down.leases)
            await sleep(0.005)

    async def queue_call(self, step: Callable[[], Awaitable[T]]) -> T:
        """
        One step, whatever happens to the server.
        """
        return await insist(self.queue.connection, step)

    async def _take_over(self) -> list[Lease]:
        self.epoch = await self.queue_call(lambda: self.queue.claim("node"))
        self.number = 0
        found = await self.queue_call(lambda: self.queue.recover(self.epoch, NOW))
        return list(found.leases)

    async def _dispatch(self, done: list[Dispatched]) -> None:
        await self.queue.dispatch(self.epoch, done, NOW)

    def _dispatched(self, chunk: str, body: bytes) -> Dispatched:
        prices = {
            f"{chunk}.{n}": int(price) for n, price in enumerate(body.split(b","))
        }
        self.met |= prices
        gone = [name for name in prices if not fate(name)]
        entries = [
            entry(name, price=price) for name, price in prices.items() if fate(name)
        ]
        refund = sum(prices[name] for name in gone)
        puts = [Put(QUEUE, entries)]
        return Dispatched(chunk, "notice", puts, b"", len(gone), TALLY, refund)

    def _ended(self, lease: Lease) -> Settle:
        header = header_of(lease.entry)
        return Settle("end", header.id, TALLY, spent=cost(header.id, header.price))


@pytest.mark.real
class MoneyUnderKillsTests(TestCase):
    """
    One wallet, many connections, one server of this class's own.
    """

    timeout = 180
    server: ValkeyServer

    async def setUp(self) -> None:
        """
        A durable server and lines to it.
        """
        self.seed = int(os.environ.get("SMSGW_SEED", "20261124"))
        self.chance = random.Random(self.seed)
        context = valkey_server()
        self.server = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        self.lines = [await self.line() for _ in range(LINES + 3)]
        self.sold: dict[str, int] = {}
        self.poor = self.kills = self.looks = self.given = 0
        self.over = self.spent = False

    async def line(self) -> RedisQueue:
        """
        The shard over a connection of its own.
        """
        endpoint = UNIXClientEndpoint(reactor, self.server.socket)
        connection = RedisConnection(endpoint, reactor)
        connection.start()
        self.addCleanup(lambda: Deferred.fromCoroutine(connection.stop()))
        await connection.connected()
        return RedisQueue(connection)

    async def spend(self, number: int) -> None:
        """
        Submissions of a few messages, each repeated until it is answered.
        """
        queue, turn = self.lines[number % LINES], 0
        while not self.over:
            turn += 1
            name = f"{number:03}{turn:05}"
            prices = self.chance.choices(PRICES, k=self.chance.randrange(1, 4))
            body = ",".join(map(str, prices)).encode()
            one = admission(
                name,
                chunks=[Stored(f"c{name}", "notice", len(prices), body)],
                wallet="his",
                charge=sum(prices),
                floor=FLOOR,
                limits=[LIMIT],
            )
            (found,) = await insist(
                queue.connection, lambda one=one: queue.accept([one], NOW)
            )
            if found.kind == "accepted":
                parts = {f"c{name}.{n}": price for n, price in enumerate(prices)}
                self.sold |= parts
            else:
                self.assertEqual("funds", found.kind)
                self.poor += 1
            await sleep(self.chance.uniform(0.01, 0.1))

    async def give(self) -> None:
        """
        Grants in the order of their ids, some of them twice.
        """
        queue, ledger_id = self.lines[LINES], 0
        while not self.over:
            ledger_id += self.chance.randrange(1, 4)
            amount = self.chance.randrange(1, 40_000)
            for _ in range(self.chance.randrange(1, 3)):
                await insist(
                    queue.connection,
                    lambda number=ledger_id, amount=amount: queue.grant(
                        "his", number, amount
                    ),
                )
            self.given += amount
            await sleep(0.02)

    async def watch(self) -> None:
        """
        At every moment the wallet adds up.
        """
        queue = self.lines[LINES + 1]
        while not self.spent:
            found = await insist(queue.connection, lambda: queue.wallets(["his"]))
            self.check(found["his"])
            self.looks += 1
            await sleep(0.005)

    def check(self, found: Wallet) -> None:
        """
        What is granted is somewhere, and nobody overdrew it.
        """
        parts = found.available + found.reserved + found.spent
        self.assertEqual(found.granted, parts, f"seed {self.seed}")
        self.assertGreaterEqual(found.available, FLOOR, f"seed {self.seed}")
        self.assertGreaterEqual(found.reserved, 0, f"seed {self.seed}")

    async def kill(self) -> None:
        """
        kill -9 at any moment, and a new server on the same data.
        """
        for _ in range(KILLS):
            await sleep(self.chance.uniform(0.1, 0.5))
            await deferToThread(self.server.kill)
            self.kills += 1
            await deferToThread(self.server.start)
        await sleep(0.2)
        self.over = True

    async def work(self) -> None:
        """
        Sell, and end what was sold.
        """
        owner = Owner(self.lines[LINES + 2], self.chance)
        self.met: Mapping[str, int] = owner.met
        working = Deferred.fromCoroutine(owner.run(lambda: self.spent))
        spenders = [
            Deferred.fromCoroutine(self.spend(number)) for number in range(SPENDERS)
        ]
        others = [Deferred.fromCoroutine(one) for one in (self.give(), self.kill())]
        watching = Deferred.fromCoroutine(self.watch())
        await gatherResults([*spenders, *others])
        self.spent = True
        await gatherResults([working, watching])

    async def test_the_ledger_is_exact(self) -> None:
        """
        Never below the floor; all that was sold was charged once and settled once.
        """
        await self.work()
        found = (await self.lines[0].wallets(["his"]))["his"]
        spent = sum(cost(name, price) for name, price in self.sold.items())

        self.assertEqual(self.sold, self.met)
        self.check(found)
        self.assertEqual(
            (self.given, 0, spent), (found.granted, found.reserved, found.spent)
        )
        counter = ask(self.server.socket, "GET", f"{{s0}}:quota:{LIMIT[0]}")
        self.assertEqual(len(self.sold), int(counter.split()[1]))
        self.assertEqual(KILLS, self.kills)
        self.assertGreater(self.poor, 0)
        self.assertGreater(self.looks, KILLS)
