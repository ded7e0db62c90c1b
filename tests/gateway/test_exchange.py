"""
The exchange repeats what is unknown, and hands flights where they belong.
"""

from collections.abc import Callable
from typing import Any

from smsgw.errors import Unavailable
from smsgw.ports import Down, Up
from smsgw.queues.memory import MemoryQueue
from tests.support.worlds import FakeCarrier, World, run


class Shaky(MemoryQueue):
    """
    Does what it is asked, and loses the answer as often as told.
    """

    lose: int = 0

    async def exchange(self, up: Up, now: float) -> Down:
        down = await super().exchange(up, now)
        if self.lose:
            self.lose -= 1
            raise Unavailable("the answer is lost")
        return down


def test_an_unanswered_call_is_repeated_unchanged() -> None:
    """Lost answers neither lose a lease nor grant it twice."""
    queue = Shaky()
    world = World(queue=queue)
    (message_id,) = world.accept("您好")
    queue.lose = 3
    world.turn()

    assert [message_id] == [flight.message.id for flight in world.carrier.carried]
    assert ["the answer is lost", ""] == world.troubles
    assert {"accepted": 1, "leased": 1} == world.counts()


def test_a_channel_that_is_gone_gives_back() -> None:
    """A lease for a channel that was removed meanwhile returns to its group."""
    world = World()
    world.accept("您好")
    take: Callable[..., Any] = world.shard.outbox.take
    run(world.shard.dispatcher.step(world.shard.exchange.epoch, world.clock.now()))
    parcel = take(world.shard.exchange.epoch, 50, world.shard.exchange._wants(0.0))
    down = run(world.queue.exchange(parcel.up, world.clock.now()))
    world.shard.carriers.clear()
    world.shard.exchange._apply(parcel, down)
    world.turn()

    assert {"accepted": 1, "waiting": 1} == world.counts()


def test_an_idle_channel_is_not_asked_for() -> None:
    """No room, no lease."""
    world = World(carriers={"cm1": FakeCarrier(segments=0)})
    world.accept("您好")
    world.turn(2)

    assert {"accepted": 1, "waiting": 1} == world.counts()


def test_receipts_that_never_come_end_as_unknown() -> None:
    """After 72 hours a submitted message ends."""
    world = World()
    (message_id,) = world.accept("您好")
    world.turn()
    ((flight, part),) = world.carrier.send()
    world.shard.settlement.taken(flight, part, "X1", world.clock.now())
    world.turn()
    world.clock.at += 80 * 3600
    world.turn(3)

    assert "unknown" == world.state(message_id)
    assert {"accepted": 1, "ended": 1} == world.counts()


def test_what_piled_up_goes_up_at_the_end() -> None:
    """A stop waits for the last exchange."""
    world = World()
    world.accept("您好")
    world.turn()
    ((flight, part),) = world.carrier.send()
    world.shard.settlement.taken(flight, part, "X1", world.clock.now())
    world.shard.stop()
    run(world.shard.exchange.run())

    assert {"accepted": 1, "open": 1} == world.counts()
