"""
Both queues do the same, whatever is asked of them in whatever order.
"""

import random
from collections.abc import Awaitable, Callable
from typing import Any

import attrs
import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import UNIXClientEndpoint
from twisted.trial.unittest import TestCase

from smsgw.ports import (
    Admission,
    Dispatched,
    Put,
    Queue,
    Recovered,
    Settle,
    Stored,
    Up,
    Want,
)
from smsgw.queues.memory import MemoryQueue
from smsgw.queues.redis import RedisConnection
from smsgw.queues.redis_queue import RedisQueue
from tests.queues.contract import NOW, TALLY, entry
from tests.support.valkey import valkey_server

LANES = ("code", "notice")
QUEUES = ("a:code", "a:notice", "b:notice")
Step = Callable[[Queue], Awaitable[Any]]


@attrs.define(eq=False)
class Chance:
    """
    Random steps over few names, so that they meet.

    C{messages} are the ids that chunks were dispatched into.
    """

    dice: random.Random
    now: float = NOW
    epoch: int = 1
    number: int = 0
    made: int = 0
    chunks: list[tuple[str, str, int]] = attrs.field(factory=list)
    messages: list[str] = attrs.field(factory=lambda: ["none"])

    def name(self) -> str:
        """
        A name that was not used.
        """
        self.made += 1
        return f"{self.made:05}"

    def not_before(self) -> float:
        """
        Mostly at once.
        """
        return self.dice.choice([0.0, 0.0, self.now + self.dice.randrange(9000)])

    def step(self) -> Step:
        """
        Time passes and something is called.
        """
        self.now += self.dice.choice([0, 1, 1, 60, 700, 4000])
        kinds = [self.accept, self.dispatch, self.exchange, self.exchange]
        kinds += [self.exchange, self.cancel, self.trim, self.recover, self.aged]
        kinds += [self.grant]
        return self.dice.choice(kinds)()

    def accept(self) -> Step:
        """
        Up to three admissions with nonces, keys and references of few names.
        """
        admissions = [self.admission() for _ in range(self.dice.randrange(1, 4))]
        return lambda queue: queue.accept(admissions, self.now)

    def admission(self) -> Admission:
        """
        Up to two chunks.
        """
        dice, chunks = self.dice, []
        for _ in range(dice.randrange(3)):
            name, lane, count = self.name(), dice.choice(LANES), dice.randrange(1, 5)
            chunks.append(Stored(name, lane, count, b"body", self.not_before()))
            self.chunks.append((name, lane, count))
        keyed = dice.random() < 0.2
        return Admission(
            TALLY,
            chunks,
            self.name(),
            dice.choice(["", "", f"n{dice.randrange(9)}"]),
            f"k{dice.randrange(9)}" if keyed else "",
            dice.choice([b"h1", b"h2"]),
            b"answer",
            [(f"r{dice.randrange(30)}", self.name(), dice.choice([b"c1", b"c2"]))]
            if dice.random() < 0.3
            else [],
            dice.choice(["", "his", "lis"]),
            dice.choice([0, 0, 40, 700]),
            dice.choice([0, 0, -2000]),
            self.limits() if dice.random() < 0.3 else [],
        )

    def limits(self) -> list[tuple[str, int, int]]:
        """
        One of few counters of this hour.
        """
        return [(f"his|{int(self.now // 3600)}", self.dice.randrange(20), 9000)]

    def grant(self) -> Step:
        """
        Money, with a number that may have been used.
        """
        wallet, ledger_id = self.dice.choice(["his", "lis"]), self.dice.randrange(9)
        amount = self.dice.choice([-100, 500, 3000])
        return lambda queue: queue.grant(wallet, self.made + ledger_id, amount)

    def dispatch(self) -> Step:
        """
        A chunk that may be in intake, waiting, finished or refused.
        """
        if not self.chunks:
            return self.accept()
        chunk, lane, count = self.dice.choice(self.chunks[-6:])
        entries = [self.entry() for _ in range(self.dice.randrange(count + 1))]
        queue = self.dice.choice(QUEUES)
        done = Dispatched(
            chunk,
            lane,
            [Put(queue, entries, self.not_before())] if entries else [],
            b"facts",
            count - len(entries),
            TALLY,
            self.dice.choice([0, 0, 50]),
        )
        return lambda queue: queue.dispatch(self.epoch, [done], self.now)

    def entry(self, name: str = "") -> bytes:
        """
        An entry that may expire soon.
        """
        if not name:
            name = self.name()
            self.messages.append(name)
        after = self.dice.choice([100, 10_000, 900_000])
        segments, price = self.dice.randrange(1, 4), self.dice.choice([0, 40])
        return entry(name, self.now + after, segments, price)

    def carrier_id(self) -> str:
        """
        One of few.
        """
        return f"cm|{self.dice.randrange(12)}"

    def settle(self) -> Settle:
        """
        A settle that may or may not fit where the message is.
        """
        name = self.dice.choice(self.messages[-30:])
        kind = self.dice.choice(["progress", "open", "open", "update", "end", "again"])
        keys = [(self.carrier_id(), n) for n in range(self.dice.randrange(3))]
        return Settle(
            kind,
            name,
            TALLY,
            b"state" + self.name().encode(),
            keys,
            self.dice.choice(QUEUES),
            self.entry(name),
            self.not_before(),
            self.dice.random() < 0.5,
            self.dice.choice([0, 30, 99]),
        )

    def exchange(self) -> Step:
        """
        Some of everything.
        """
        dice = self.dice
        self.number += 1
        up = Up(
            self.epoch,
            self.number,
            [self.settle() for _ in range(dice.randrange(5))],
            [(self.name(), self.carrier_id(), b"r") for _ in range(dice.randrange(4))],
            [(self.name(), b"reply")] if dice.random() < 0.2 else [],
            [f"{dice.randrange(self.made + 1):05}" for _ in range(dice.randrange(20))],
            [self.carrier_id()] if dice.random() < 0.1 else [],
            [b"facts"] * dice.randrange(2),
            [self.want() for _ in range(dice.randrange(3))],
            [("20260921", "all|cm", dice.randrange(1, 9))] * dice.randrange(3),
        )
        return lambda queue: queue.exchange(up, self.now)

    def want(self) -> Want:
        """
        Room for a few.
        """
        dice = self.dice
        queues = dice.sample(QUEUES, dice.randrange(1, 4))
        room, messages, reserve = (dice.randrange(n) for n in (9, 5, 3))
        return Want("cm", room, messages, queues, reserve, dice.randrange(3))

    def cancel(self) -> Step:
        """
        Messages that may be anywhere.
        """
        ids = [self.dice.choice(self.messages[-20:])]
        return lambda queue: queue.cancel(ids, self.now)

    def trim(self) -> Step:
        """
        Some way on.
        """
        position = self.dice.randrange(self.made + 1) // 2
        return lambda queue: queue.trim(position)

    def recover(self) -> Step:
        """
        As after a start.
        """
        return lambda queue: queue.recover(self.epoch, self.now)

    def aged(self) -> Step:
        """
        All that is some hours old.
        """
        before = self.now - self.dice.choice([0, 30_000, 90_000])
        return lambda queue: queue.aged(self.epoch, before, 10_000)


def plain(found: Any) -> Any:
    """
    Values that compare; what has no order is sorted.
    """
    if attrs.has(type(found)):
        found = attrs.asdict(found)
        return {
            name: value if name in ("leases", "promoted") else sorted_(value)
            for name, value in found.items()
        }
    return sorted_(found)


def sorted_(value: Any) -> Any:
    """
    Lists by what they look like.
    """
    return sorted(map(repr, value)) if isinstance(value, list | tuple) else value


async def state(queue: Queue, now: float) -> list[Any]:
    """
    All that can be asked without changing anything.
    """
    return [
        await queue.counts(),
        plain(await queue.depths(now)),
        await queue.high_id(),
        await queue.taken("20260921"),
        await queue.wallets(["his", "lis", "pis"]),
        await queue.facts(0, 10_000),
        *[await queue.peek(lane, 1000) for lane in LANES],
    ]


@pytest.mark.real
class TwinTests(TestCase):
    """
    The same steps on both.
    """

    async def setUp(self) -> None:
        """
        One queue of each kind, with a mark that is reached at times.
        """
        context = valkey_server("no")
        server = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        connection = RedisConnection(
            UNIXClientEndpoint(reactor, server.socket), reactor
        )
        connection.start()
        self.addCleanup(lambda: Deferred.fromCoroutine(connection.stop()))
        await connection.connected()
        self.connection = connection

    async def run_steps(self, seed: int, steps: int) -> None:
        """
        Every step gives the same answer on both, and again when repeated.
        """
        await self.connection.command("FLUSHALL")
        twins: list[Queue] = [
            MemoryQueue(60),
            RedisQueue(self.connection, "s0", 60),
        ]
        chance = Chance(random.Random(seed))
        for queue in twins:
            await queue.claim("node")
        for _ in range(steps):
            step = chance.step()
            ours, theirs = [await step(queue) for queue in twins]
            self.assertEqual(plain(ours), plain(theirs), f"seed {seed}")
            found = [await state(queue, chance.now) for queue in twins]
            self.assertEqual(found[0], found[1], f"seed {seed}")
            self.add_up(found[0][0])
            for wallet in found[0][4].values():
                parts = wallet.available + wallet.reserved + wallet.spent
                self.assertEqual(wallet.granted, parts, f"seed {seed}")
            for queue in twins:
                again = await step(queue)
                self.assertEqual(found[0], await state(queue, chance.now))
                if not isinstance(again, Recovered):
                    self.assertEqual(plain(ours), plain(again), f"seed {seed}")

    def add_up(self, counts: dict[str, dict[str, int]]) -> None:
        """
        Every accepted message is somewhere.
        """
        for found in counts.values():
            rest = sum(many for name, many in found.items() if name != "accepted")
            self.assertEqual(found["accepted"], rest)

    async def test_random_steps(self) -> None:
        """
        Six lives of two hundred steps.
        """
        for seed in range(6):
            await self.run_steps(seed, 200)
