"""
A shard in memory: a queue, a clock that stands still, a carrier that obeys.
"""

from collections.abc import Awaitable, Coroutine, Sequence
from typing import Any, TypeVar

import attrs
from msgspec.msgpack import Decoder

from smsgw.directory import Account, Channel, Directory, Group, Rule, Share
from smsgw.gateway.exchange import Room
from smsgw.gateway.flight import Flight
from smsgw.gateway.shard import Shard
from smsgw.message import Fact, Item, Submission
from smsgw.ports import Admission, Verdict
from smsgw.queues.memory import MemoryQueue
from smsgw.text import TextPolicy, split

__all__ = ["NOW", "FakeCarrier", "Still", "World", "directory", "run"]

T = TypeVar("T")
NOW = 1_790_000_000.0
_facts = Decoder(list[Fact]).decode


def run(work: Awaitable[T]) -> T:
    """
    The result of a coroutine that never has to wait.
    """
    assert isinstance(work, Coroutine)
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise AssertionError("it waits")


def directory(*channels: str) -> Directory:
    """
    One account, one group of the channels, one rule.
    """
    names = channels or ("cm1",)
    return Directory(
        1,
        accounts={"his": Account("his", "HIS", signature="示范医院")},
        channels={
            name: Channel(name, name, "mobile", "cmpp", "tcp:h:1", "sp", "secret")
            for name in names
        },
        groups={"all": Group("all", tuple(Share(name) for name in names))},
        rules=(Rule("r1", 1, "all"),),
    )


@attrs.define(eq=False)
class Still:
    """
    A clock that is moved by hand, and a latch nobody waits for.
    """

    at: float = NOW
    sets: int = 0

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds

    def set(self) -> None:
        self.sets += 1

    async def wait(self, timeout: float | None = None) -> None:
        self.at += timeout or 0.0


@attrs.define(eq=False)
class FakeCarrier:
    """
    Takes what it is given; C{send} puts all that is granted on the air.
    """

    id: str = "cm1"
    live: bool = True
    segments: int = 16
    carried: list[Flight] = attrs.field(factory=list)

    def room(self, now: float) -> Room:
        return Room(self.segments, self.segments, 0)

    def carry(self, flights: Sequence[Flight]) -> None:
        for flight in flights:
            message = flight.message
            parts = split(message.text, message.signature, TextPolicy(), 7)
            flight.prepare(len(parts))
            if flight not in self.carried:
                self.carried.append(flight)

    def send(self) -> list[tuple[Flight, int]]:
        """
        Every granted segment that was not sent yet.
        """
        sent = [(flight, part) for flight in self.carried for part in flight.sendable()]
        for flight, part in sent:
            flight.sent(part)
        return sent


@attrs.define(eq=False)
class World:
    """
    A shard with its carriers, moved step by step.
    """

    clock: Still = attrs.field(factory=Still)
    queue: MemoryQueue = attrs.field(factory=MemoryQueue)
    carriers: dict[str, FakeCarrier] = attrs.field(factory=dict)
    objects: Directory = attrs.field(factory=directory)
    troubles: list[str] = attrs.field(factory=list)
    shard: Shard = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        async def put(admission: Admission) -> Verdict:
            return (await self.queue.accept([admission], self.clock.now()))[0]

        self.shard = Shard(
            self.queue,
            self.clock,
            put,
            self.clock,
            self.clock,
            self.troubles.append,
            self.clock.now,
        )
        self.shard.gateway.directory = self.objects
        for name in self.objects.channels:
            self.carriers.setdefault(name, FakeCarrier(name))
        self.shard.carriers.update(self.carriers)
        run(self.shard.start("n1"))

    @property
    def carrier(self) -> FakeCarrier:
        return next(iter(self.carriers.values()))

    def accept(self, *texts: str, **more: Any) -> list[str]:
        """
        Personalised texts to one number each; the ids.
        """
        items = [
            Item(f"1380013{n:04d}", text, more.pop(f"ref{n}", ""))
            for n, text in enumerate(texts)
        ]
        more.setdefault("category", "notice")
        answer = run(
            self.shard.gateway.accept(
                self.objects.accounts["his"],
                Submission(items, batch=True, **more),
                self.clock.now(),
            )
        )
        return [item.id for item in answer.items]

    def turn(self, times: int = 1) -> None:
        """
        Dispatch and exchange.
        """
        for _ in range(times):
            run(self.shard.dispatcher.step(self.shard.exchange.epoch, self.clock.now()))
            run(self.shard.exchange.once())

    def facts(self) -> list[Fact]:
        """
        Everything that was kept as a fact.
        """
        _, items = run(self.queue.facts(0, 10_000))
        return [
            fact for kind, body in items if kind == "facts" for fact in _facts(body)
        ]

    def state(self, message_id: str) -> str:
        """
        A message's newest state among the facts, '' if none says it.
        """
        states = [f.state for f in self.facts() if f.message == message_id and f.state]
        return states[-1] if states else ""

    def counts(self) -> dict[str, int]:
        """
        The counters, which must balance.
        """
        (counts,) = run(self.queue.counts()).values()
        parts = sum(counts.get(n, 0) for n in ("waiting", "leased", "open", "ended"))
        assert counts["accepted"] == parts, counts
        return {name: count for name, count in counts.items() if count}

    def restart(self) -> "World":
        """
        Another process on the same queue.
        """
        return World(self.clock, self.queue, objects=self.objects)
