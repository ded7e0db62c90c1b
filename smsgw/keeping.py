"""
Keeping shards on lease: which of them this process holds, second by second.
"""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from secrets import token_hex
from typing import Any

import attrs
from twisted.logger import Logger

from smsgw.errors import Unavailable
from smsgw.gateway.outbox import Outbox
from smsgw.holding import Holding, House
from smsgw.ports import Clock
from smsgw.queues.leases import RedisLeases
from smsgw.queues.redis import Connection
from smsgw.queues.sealed import SealedQueue
from smsgw.queues.strays import RedisStrays
from smsgw.tasks import Tasks
from smsgw.tenure import SHARD, Tenure

__all__ = ["Keeper", "Keepers"]

LOOK = 1.0
SOON = 0.5


@attrs.define(eq=False)
class Keeper:
    """
    One shard's lease. Free shards are taken up to this process' fair part, which is
    counted by who else has leases; what is above it is given up politely.

    C{changed} is told after this process began or ended to hold the shard.
    """

    holding: Holding
    tenure: Tenure
    all: "Keepers"
    busy: bool = attrs.field(default=False, init=False)
    taking: bool = attrs.field(default=False, init=False)
    trouble: str = attrs.field(default="", init=False)
    asked: bool = attrs.field(default=False, init=False)

    log = Logger()

    @property
    def engaged(self) -> bool:
        """
        Held, or about to be.
        """
        return self.holding.held or self.busy or self.taking

    async def look(self) -> None:
        """
        Renew what we have, take what we may, begin or end accordingly.
        """
        tenure, holding = self.tenure, self.holding
        wanted = self.engaged or (self.asked and self.all.may_take(tenure))
        self.taking = wanted and not (holding.held or self.busy)
        try:
            await tenure.renew([SHARD, *holding.fleet.lines()] if wanted else [])
            self.asked = True
            if tenure.lane >= 0 and tenure.lane != holding.lane:
                await holding.number_ids(tenure.lane)
            self._tell("")
        except Unavailable as trouble:
            self._tell(trouble.detail)
            return
        finally:
            self.taking = False
        await self._act(tenure.has(SHARD))

    async def _act(self, has: bool) -> None:
        holding = self.holding
        if self.busy:
            return
        if has and not holding.held:
            self._spawn("begins", self._begin())
        elif holding.held and not has:
            self.log.error("shard {n}: another node has it", n=holding.number)
            self._spawn("dropped", self._drop())
        elif holding.broken:
            self.log.critical("shard {n}: a loop of it ended", n=holding.number)
            self._spawn("dropped", self._drop())
        elif holding.held and self.all.too_many(self):
            self._spawn("given up", self.give_up())
        elif holding.held:
            holding.fleet.sit(self.tenure.has)

    def _spawn(self, what: str, work: Coroutine[Any, Any, None]) -> None:
        self.busy = True
        self.all.tasks.spawn(f"shard {self.holding.number} {what}", self._busy(work))

    async def _busy(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        finally:
            self.busy = False
            await self.all.changed()

    async def _begin(self) -> None:
        holding = self.holding
        try:
            await holding.follow(holding.gateway.directory)
            await holding.begin()
        except Unavailable as trouble:
            self._tell(trouble.detail)
        finally:
            if not holding.held:
                await self._drop()
        if holding.held:
            self.log.info("shard {n} is ours", n=holding.number)
            await self.tenure.renew([SHARD, *holding.fleet.lines()])
            holding.fleet.sit(self.tenure.has)

    async def _drop(self) -> None:
        lines = self.holding.fleet.lines()
        await self.holding.drop()
        await self._leave(lines)

    async def give_up(self) -> None:
        """
        Politely: carriers are left, what was under way is through, then it is free.
        """
        lines = self.holding.fleet.lines()
        await self.holding.quiet()
        await self.holding.end()
        await self._leave(lines)
        self.log.info("shard {n} given up", n=self.holding.number)

    async def _leave(self, lines: list[str]) -> None:
        self.holding.renew()
        try:
            await self.tenure.leave([SHARD, *lines])
        except Unavailable as trouble:
            self._tell(trouble.detail)

    def _tell(self, trouble: str) -> None:
        """
        Log the beginning and the end of trouble, not every look.
        """
        if trouble and not self.trouble:
            self.log.error("leases are not renewed: {why}", why=trouble)
        elif self.trouble and not trouble:
            self.log.info("leases are renewed again")
        self.trouble = trouble


@attrs.define(eq=False)
class Keepers:
    """
    All shards' keepers of a process.
    """

    clock: Clock
    changed: Callable[[], Awaitable[None]]
    all: list[Keeper] = attrs.field(factory=list)
    tasks: Tasks = attrs.field(factory=Tasks, init=False)
    _loops: Tasks = attrs.field(factory=Tasks, init=False)

    @classmethod
    def over(
        cls,
        house: House,
        queues: Sequence[SealedQueue],
        connection: Connection,
        changed: Callable[[], Awaitable[None]],
    ) -> "Keepers":
        """
        For all shards of a queue, in the order of their numbers.
        """
        made = cls(house.clock, changed)
        who = f"{house.settings.node}.{token_hex(4)}"
        strays = [
            RedisStrays(connection, f"s{number}", queue.sealed, queue.opened)
            for number, queue in enumerate(queues)
        ]
        for number, queue in enumerate(queues):
            leases = RedisLeases(connection, f"s{number}")
            tenure = Tenure(leases, house.clock, who, number, len(queues))
            first = partial(made.is_first, number)
            sort = partial(made.home_of, number)
            holding = Holding(house, queue, number, tenure, first, strays, sort)
            made.all.append(Keeper(holding, tenure, made))
        return made

    @property
    def holdings(self) -> list[Holding]:
        return [one.holding for one in self.all]

    def home_of(self, number: int, key: str) -> Outbox | None:
        """
        Where a receipt belongs that came to a shard: another one that is held here
        and knows the message, else it is for L{smsgw.forwarding}.
        """
        shards = [one.shard for one in self.holdings if one.held]
        knowing = [one for one in shards if key in one.settlement.places]
        own = self.holdings[number].shard
        return knowing[0].outbox if knowing and own not in knowing else None

    def is_first(self, number: int) -> bool:
        """
        The first shard that is held here, if any is.
        """
        held = [one.number for one in self.holdings if one.held]
        return held[:1] in ([], [number])

    async def start(self) -> None:
        """
        Ask who else is there; from now on take and keep what is this process' part.
        """
        for keeper in self.all:
            await keeper.look()
            self._loops.spawn(f"keeper {keeper.holding.number}", self._run(keeper))

    async def _run(self, keeper: Keeper) -> None:
        while True:
            await self.clock.sleep(LOOK if keeper.holding.held else SOON)
            await keeper.look()

    def may_take(self, tenure: Tenure) -> bool:
        """
        Another shard is this process' part.
        """
        return sum(one.engaged for one in self.all) < self._part(tenure)

    def too_many(self, keeper: Keeper) -> bool:
        """
        There are too many, and this is the last of them.
        """
        held = [one for one in self.all if one.engaged]
        return len(held) > self._part(keeper.tenure) and held[-1] is keeper

    def _part(self, tenure: Tenure) -> int:
        return -(-len(self.all) // tenure.holders)

    async def stop(self) -> None:
        """
        Give up everything, for others to take at once.
        """
        await self._loops.stop()
        await self.tasks.stop()
        for keeper in self.all:
            if keeper.holding.held:
                await keeper.give_up()
            with suppress(Unavailable):
                await keeper.tenure.give_back()
