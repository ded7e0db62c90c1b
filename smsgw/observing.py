"""
What a shard's exchanges tell monitoring: facts are counted once an exchange, its
calls to the queue are timed. Sending pays one loop over facts for it.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, cast

import attrs

from smsgw.ids import milliseconds_of
from smsgw.message import Fact
from smsgw.metrics import Metrics
from smsgw.ports import Clock, Dispatched, Down, Queue, Up

__all__ = ["Observer", "timed"]

_BY_CHANNEL = {
    "again": "smsgw_retries_total",
    "inbound": "smsgw_inbound_total",
    "orphan": "smsgw_orphans_total",
    "uncertain": "smsgw_uncertain_total",
}
_ENDS = frozenset({"final", "rejected", "cancel"})
_COUNTED = frozenset({*_BY_CHANNEL, *_ENDS, "refused"})
_SAMPLED = {"submitted": "smsgw_submit_seconds", "final": "smsgw_final_seconds"}


@attrs.frozen
class Observer:
    """
    Hears of the facts of each exchange.
    """

    metrics: Metrics
    clock: Clock

    def heard(self, facts: Sequence[Fact]) -> None:
        """
        Count them, by what matters of each kind.
        """
        kinds = Counter(
            [
                (one.kind, one.channel, one.state)
                for one in facts
                if one.kind in _COUNTED
            ]
        )
        for (kind, channel, state), number in kinds.items():
            if kind in _BY_CHANNEL:
                self.metrics.count(_BY_CHANNEL[kind], number, channel)
            elif kind in _ENDS:
                self.metrics.count("smsgw_ended_total", number, state)
        if any(kind == "refused" for kind, _, _ in kinds):
            self._refusals(facts)
        self._sample(facts)

    def _refusals(self, facts: Sequence[Fact]) -> None:
        for one in facts:
            if one.kind == "refused":
                self.metrics.count("smsgw_refusals_total", 1, one.channel, one.code)

    def _sample(self, facts: Sequence[Fact]) -> None:
        """
        One message of each exchange speaks for the others.
        """
        for kind, name in _SAMPLED.items():
            one = next((fact for fact in facts if fact.kind == kind), None)
            if one is not None:
                taken = one.at - milliseconds_of(one.message) / 1000
                self.metrics.took(name, max(0.0, taken))


@attrs.frozen
class _Timed:
    """
    Another queue, its two great calls timed; all others are its own.
    """

    queue: Queue
    metrics: Metrics
    clock: Clock

    def __getattr__(self, name: str) -> Any:
        return getattr(self.queue, name)

    async def exchange(self, up: Up, now: float) -> Down:
        begun = self.clock.monotonic()
        down = await self.queue.exchange(up, now)
        self.metrics.took("smsgw_exchange_seconds", self.clock.monotonic() - begun)
        return down

    async def dispatch(
        self, epoch: int, done: Sequence[Dispatched], now: float
    ) -> None:
        begun = self.clock.monotonic()
        await self.queue.dispatch(epoch, done, now)
        self.metrics.took("smsgw_dispatch_seconds", self.clock.monotonic() - begun)
        for one in done:
            number = sum(len(put.entries) for put in one.puts)
            self.metrics.count("smsgw_dispatched_total", number, one.lane)
            if one.ended:
                self.metrics.count("smsgw_ended_total", one.ended, "rejected")


def timed(queue: Queue, metrics: Metrics, clock: Clock) -> Queue:
    """
    The same queue, under watch.
    """
    return cast(Queue, _Timed(queue, metrics, clock))
