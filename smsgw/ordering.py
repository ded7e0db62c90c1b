"""
Following what people order channels to do, and writing down why channels switched
and how they were.
"""

from collections.abc import Iterable, Mapping

import attrs
from twisted.logger import Logger

from smsgw.channels.care import Care
from smsgw.errors import Unavailable
from smsgw.ports import Clock
from smsgw.storage.channel_history import History, note_history
from smsgw.storage.channel_orders import (
    Decided,
    Order,
    channel_orders_of,
    decisions_of,
    note_decisions,
)
from smsgw.storage.database import Database

__all__ = ["Ordering"]

STANDING = ("paused", "draining")
RESTARTED = "the gateway was started anew"
_NEWEST = 1000


@attrs.define(eq=False)
class Ordering:
    """
    Looks every second. Without the database channels go on as they are, and what was
    decided is written down when it is back.
    """

    node: str
    care: Care
    database: Database
    clock: Clock
    trouble: str = ""
    _known: dict[str, Order] = attrs.field(factory=dict, init=False)
    _begun: bool = attrs.field(default=False, init=False)

    log = Logger()

    async def look(self) -> int:
        """
        How many decisions were written down.
        """
        try:
            self._follow(await self.database.read(channel_orders_of))
            if not self._begun:
                await self._begin()
            written = await self._write()
            await self._keep_history()
        except Unavailable as trouble:
            self._troubled(trouble.detail)
            return 0
        self._troubled("")
        return written

    def _follow(self, orders: Mapping[str, Order]) -> None:
        """
        Tell what is new. Of what was ordered before this process began, only a
        pause still matters.
        """
        for channel, order in orders.items():
            if self._known.get(channel) == order:
                continue
            self._known[channel] = order
            if self._begun or order.state in STANDING:
                self.care.order(channel, order.state, order.reason, order.who)

    async def _begin(self) -> None:
        """
        Channels that were not well when the last process ended are, for now.
        """
        lines = await self.database.read(decisions_of, [], _NEWEST)
        before = {one.channel: one for one in reversed(lines) if one.node == self.node}
        now = self.clock.now()
        await self._note(
            attrs.evolve(
                one, at=now, before=one.after, after="well", why=RESTARTED, who="health"
            )
            for one in before.values()
            if one.after not in ("well", *STANDING)
        )
        self._begun = True

    async def _write(self) -> int:
        decided = list(self.care.decided)
        await self._note(
            Decided(
                change.at,
                channel,
                self.node,
                change.before,
                change.after,
                change.why,
                change.who,
            )
            for channel, change in decided
        )
        for one in decided:
            if self.care.decided and self.care.decided[0] is one:
                self.care.decided.popleft()
        return len(decided)

    async def _keep_history(self) -> None:
        """
        What is written goes from the list, and nothing else.
        """
        done = self.care.history.done
        lines = [History(node=self.node, **attrs.asdict(one)) for one in done]
        if lines:
            await self.database.write(note_history, lines)
            for _ in lines:
                done.popleft()

    async def _note(self, lines: Iterable[Decided]) -> None:
        decided = list(lines)
        if decided:
            await self.database.write(note_decisions, decided)

    def _troubled(self, why: str) -> None:
        if why and why != self.trouble:
            self.log.warn("orders for channels wait: {why}", why=why)
        self.trouble = why
