"""
Many timers as one: what falls due together is handed over together.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Generic, TypeVar

import attrs
from twisted.internet.interfaces import IDelayedCall, IReactorTime

__all__ = ["Wheel"]

T = TypeVar("T")


@attrs.define(eq=False)
class Wheel(Generic[T]):
    """
    Items in slots of C{tick} seconds; C{run} gets a slot's list when it is over.

    An item is never early, and at most two ticks late.
    """

    _clock: IReactorTime
    _run: Callable[[list[T]], None]
    _tick: float = 0.005
    _slots: dict[int, list[T]] = attrs.field(factory=dict, init=False)
    _order: list[int] = attrs.field(factory=list, init=False)
    _timer: IDelayedCall | None = attrs.field(default=None, init=False)
    _stopped: bool = attrs.field(default=False, init=False)

    def add(self, due: float, item: T) -> None:
        """
        Hand the item over at C{due}, by the clock's C{seconds}.
        """
        slot = int(due / self._tick) + 1
        items = self._slots.get(slot)
        if items is not None:
            items.append(item)
            return
        self._slots[slot] = [item]
        heappush(self._order, slot)
        if self._order[0] == slot:
            self._set()

    def __len__(self) -> int:
        return sum(map(len, self._slots.values()))

    def stop(self) -> None:
        """
        Hand over nothing more.
        """
        self._stopped = True
        self._cancel()

    def _cancel(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None

    def _set(self) -> None:
        self._cancel()
        if self._order and not self._stopped:
            wait = self._order[0] * self._tick - self._clock.seconds()
            self._timer = self._clock.callLater(max(0.0, wait), self._turn)

    def _turn(self) -> None:
        self._timer = None
        now = self._clock.seconds() + 1e-6
        due: list[T] = []
        while self._order and self._order[0] * self._tick <= now:
            due += self._slots.pop(heappop(self._order))
        if due:
            self._run(due)
        if self._timer is None:
            self._set()
