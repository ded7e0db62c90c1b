"""
One shard at work: its queue, its loops, and the gateway on top.
"""

from collections.abc import Awaitable, Callable, Sequence

import attrs

from smsgw.directory import Directory
from smsgw.errors import Unavailable
from smsgw.gateway.accept import Acceptance
from smsgw.gateway.brakes import Brakes
from smsgw.gateway.caps import Caps
from smsgw.gateway.dispatch import Depth, Dispatcher
from smsgw.gateway.exchange import Carrier, Exchange
from smsgw.gateway.flight import Flight
from smsgw.gateway.gates import Gates
from smsgw.gateway.gateway import Gateway
from smsgw.gateway.lessons import Lessons
from smsgw.gateway.outbox import Outbox
from smsgw.gateway.receive import Reception
from smsgw.gateway.retrying import Retrying
from smsgw.gateway.sets import others, sets_of
from smsgw.gateway.settlement import Settlement
from smsgw.gateway.shares import Shares
from smsgw.ids import IdSource
from smsgw.message import Message
from smsgw.ports import Admission, Clock, Queue, Signal, Verdict
from smsgw.rules.book import Rulebook

__all__ = ["Shard"]

IDLE = 0.5
CORRECT_EVERY = 30.0


@attrs.define(eq=False)
class Shard:
    """
    Wires the use cases of one shard and runs its loops.

    C{put} groups admissions over callers; C{exchange_due} and C{chunks_due} wake
    the loops; C{failed} hears of trouble with the store ('' when it is over).
    """

    queue: Queue
    clock: Clock
    put: Callable[[Admission], Awaitable[Verdict]]
    exchange_due: Signal
    chunks_due: Signal
    failed: Callable[[str], None]
    recorded: Callable[[], float]
    number: int = 0
    carriers: dict[str, Carrier] = attrs.field(factory=dict)
    depth: Depth = attrs.field(factory=Depth)
    outbox: Outbox = attrs.field(init=False)
    lessons: Lessons = attrs.field(init=False)
    settlement: Settlement = attrs.field(init=False)
    gates: Gates = attrs.field(init=False)
    exchange: Exchange = attrs.field(init=False)
    dispatcher: Dispatcher = attrs.field(init=False)
    gateway: Gateway = attrs.field(init=False)
    ids: IdSource = attrs.field(init=False)
    stopped: bool = attrs.field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        self.ids = IdSource(self.number)
        self.outbox = Outbox(self.exchange_due.set)
        self.lessons = Lessons(lambda: self.gateway.book)
        self.settlement = Settlement(
            self.outbox,
            self.depth,
            self._carry_back,
            self._others,
            Retrying(lambda: self.gateway.book, self._others, self.lessons),
            self._cost_of,
        )
        brakes = Brakes(lambda: self.gateway.book)
        self.gates = Gates(lambda: self.gateway.directory, self._is_live, self.depth)
        caps = Caps(lambda: self.gateway.directory, self.depth)
        self.exchange = Exchange(
            self.queue,
            self.clock,
            self.exchange_due,
            self.depth,
            self.outbox,
            self.settlement,
            Reception(self.outbox, self.settlement, brakes.heard),
            self.carriers,
            self._sets_of,
            self.failed,
            brakes,
            Shares(lambda: self.gateway.directory, self.depth, caps),
            self.gates,
        )
        self.dispatcher = Dispatcher(
            self.queue, self.depth, lambda: self.gateway.book, self._live_sets
        )
        self.gateway = Gateway(
            Acceptance(self.ids, self.put, self.chunks_due.set),
            self.queue,
            self.outbox,
            Rulebook.of(Directory()),
            self.recorded,
        )

    def _carry_back(self, flights: list[Flight]) -> None:
        self.exchange.carry_back(flights)

    def _others(self, group: str, failed: Sequence[str]) -> bool:
        return others(self.gateway.directory, group, (*failed, *self.gates.off()))

    def _cost_of(self, message: Message, channel: str) -> int:
        return self.gateway.book.cost_of(message, channel)

    def _is_live(self, channel: str) -> bool:
        carrier = self.carriers.get(channel)
        return carrier is not None and carrier.live

    def _sets_of(self, channel: str) -> list[str]:
        gates = self.gates
        sets = sets_of(
            self.gateway.directory,
            self.depth.sets(),
            channel,
            gates.counts_on,
            self._is_full,
            gates.off(),
        )
        return gates.sets(channel, sets)

    def _is_full(self, group: str, channel: str) -> bool:
        return self.exchange.shares.caps.full(group, channel, self.clock.now())

    def _live_sets(self) -> set[str]:
        live = [name for name, carrier in self.carriers.items() if carrier.live]
        return {name for channel in live for name in self._sets_of(channel)}

    async def start(self, node: str) -> None:
        """
        Take the shard; ids go on above the highest that was ever accepted.
        """
        high = await self.queue.high_id()
        if high:
            self.ids.raise_floor(high)
        await self.exchange.start(node)

    async def run_dispatch(self) -> None:
        """
        Dispatch whenever live channels want more.
        """
        correct_at = self.clock.monotonic() + CORRECT_EVERY
        while not self.stopped:
            try:
                moved = await self._dispatch()
                if self.clock.monotonic() >= correct_at:
                    self.depth.correct((await self.queue.depths(self.clock.now())).out)
                    correct_at = self.clock.monotonic() + CORRECT_EVERY
            except Unavailable as trouble:
                self.failed(trouble.detail)
                await self.clock.sleep(IDLE)
                continue
            if not moved:
                await self.chunks_due.wait(IDLE)

    async def _dispatch(self) -> int:
        moved = await self.dispatcher.step(self.exchange.epoch, self.clock.now())
        if moved:
            self.exchange.hungry = True
            self.exchange_due.set()
        return moved

    def stop(self) -> None:
        """
        End the loops; what piled up goes up once more.
        """
        self.stopped = self.exchange.stopped = True
        self.chunks_due.set()
        self.exchange_due.set()
