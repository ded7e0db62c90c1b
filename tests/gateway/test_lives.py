"""
Random lives of a shard: nothing lost, nothing doubled unmarked, every end once.
"""

from collections import Counter
from random import Random

import attrs
import pytest

from smsgw.gateway import settlement
from smsgw.gateway.flight import Flight
from tests.support.shards import LONG, World, directory

CATEGORIES = ("critical", "otp", "notice", "bulk")
RECEIPTS = [
    *[("delivered", "DELIVRD")] * 7,
    ("undelivered", "UNDELIV"),
    *[("undelivered", "MA:0051")] * 2,
]


@attrs.define(eq=False)
class Life:
    """
    A world that things happen to, and what its carriers saw of it.

    C{seen} counts copies of each segment that a carrier may have taken; C{out}
    are segments without an answer.
    """

    chance: Random
    world: World = attrs.field(factory=lambda: World(directory("cm", "cu")))
    ids: dict[str, str] = attrs.field(factory=dict)
    seen: Counter[tuple[str, int]] = attrs.field(factory=Counter)
    out: list[tuple[Flight, int]] = attrs.field(factory=list)
    names: list[tuple[str, str, str]] = attrs.field(factory=list)

    def leased(self, flight: Flight) -> bool:
        """
        Its channel still cares for it.
        """
        return self.world.shard.settlement.flights.get(flight.message.id) is flight

    def accept(self) -> None:
        """
        A short or a long message of any category.
        """
        category = self.chance.choice(CATEGORIES)
        number = f"1380013{self.chance.randrange(20):04}"
        text = self.chance.choice(["你好", LONG])
        [item] = self.world.accept(number, text=text, category=category).items
        self.ids[item.id] = category

    def move(self) -> None:
        """
        Exchanges, after a while; sometimes the store's answer is lost.
        """
        self.world.queue.failures = self.chance.choice([0, 0, 1])
        self.world.move(self.chance.choice([0, 0, 1, 30, 61]))

    def send(self) -> None:
        """
        All that is granted goes to the sockets.
        """
        for carrier in self.world.carriers.values():
            carrier.segments = self.chance.choice([1, 2, 100])
            carrier.flights = [
                one
                for one in carrier.flights
                if self.leased(one)
                and one.message.id not in self.world.shard.settlement.parked
                and not one.complete()
            ]
            for flight, part in carrier.send():
                self.seen[flight.message.id, part] += 1
                self.out.append((flight, part))
            for flight in carrier.flights:
                if flight.attempt.upto < flight.message.segments and (
                    flight.asked <= flight.attempt.upto and not flight.sendable()
                ):
                    flight.asked = flight.attempt.upto + 1
                    self.world.shard.outbox.extend(flight)

    def answer(self) -> None:
        """
        The carrier answers one, mostly well.
        """
        if not self.out:
            return
        flight, part = self.out.pop(self.chance.randrange(len(self.out)))
        settlement = self.world.shard.settlement
        name, key = f"c{len(self.names)}", (flight.message.id, part)
        channel = flight.attempt.channel
        if not self.leased(flight):
            return
        if part not in flight.unanswered():
            settlement.belated(flight, part, name, self.world.clock.now())
            return
        if self.chance.random() < 0.8:
            self.names.append((channel, name, flight.message.to))
            if self.chance.random() < 0.3:
                self.receipt(-1)
            self.world.take(flight, part, name)
            return
        self.seen[key] -= 1
        class_ = self.chance.choice(["permanent", "carrier_fault", "config"])
        now = self.world.clock.now()
        settlement.refused(flight, part, "9", class_, now)

    def receipt(self, which: int | None = None) -> None:
        """
        A receipt for any segment ever taken, maybe once more.
        """
        if not self.names:
            return
        channel, name, number = (
            self.chance.choice(self.names) if which is None else self.names[which]
        )
        state, code = self.chance.choice(RECEIPTS)
        self.world.deliver(name, state, channel=channel, number=number, code=code)

    def lose(self) -> None:
        """
        A channel's line breaks.
        """
        name = self.chance.choice(["cm", "cu"])
        self.out = [one for one in self.out if one[0].attempt.channel != name]
        carrier = self.world.carriers[name]
        carrier.break_off(self.world.shard.settlement, self.world.clock.now())

    def crash(self) -> None:
        """
        The process is killed; what piled up in it is gone.
        """
        self.out.clear()
        self.world.restart()

    def happen(self) -> None:
        """
        One of these.
        """
        acts = [self.accept, self.move, self.send, self.answer, self.receipt]
        weights = [3, 6, 6, 8, 3, 1, 1]
        [act] = self.chance.choices([*acts, self.lose, self.crash], weights)
        act()

    def finish(self) -> None:
        """
        Calm weather, then the days in which everything has to end.
        """
        for _ in range(60):
            self.world.move(120)
            self.send()
            for flight, part in self.out:
                if self.leased(flight) and part in flight.unanswered():
                    self.names.append((flight.attempt.channel, "x", ""))
                    self.world.take(flight, part, f"z{len(self.names)}")
            self.out.clear()
        for _ in range(4):
            self.world.move(86400)


@pytest.mark.parametrize("kept", [0, 2, settlement.KEPT])
@pytest.mark.parametrize("seed", range(40))
def test_invariants_hold(seed: int, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Whatever happens: counters balance at any time, each message ends once, and
    a segment that may have been doubled is marked, unless a receipt said that it
    failed before.
    """
    monkeypatch.setattr(settlement, "KEPT", kept)
    life = Life(Random(seed))
    for _ in range(150):
        life.happen()
        life.world.counts()
    life.finish()
    doubted = {fact.message for fact in life.world.facts("uncertain")}

    assert set(life.world.finals()) == set(life.ids)
    assert life.world.counts() == {"accepted": len(life.ids), "ended": len(life.ids)}
    doubled = {name for (name, _), copies in life.seen.items() if copies > 1}
    resent = {fact.message for fact in life.world.facts("again") if fact.code}
    assert doubled <= doubted | resent
    assert not {life.ids[name] for name in resent} & {"bulk"}
