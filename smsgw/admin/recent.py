"""
What many ask for at the same time is found out once, and told for two seconds.
"""

from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

import attrs
from twisted.internet.defer import Deferred

from smsgw.ports import Clock

__all__ = ["FRESH", "Recent"]

T = TypeVar("T")
FRESH = 2.0


@attrs.define(eq=False)
class Recent:
    """
    Answers by key. Who asks while one is being found out waits for that; when it
    fails, the next who waits tries.
    """

    clock: Clock
    _kept: dict[Hashable, tuple[float, Any]] = attrs.field(factory=dict, init=False)
    _waiting: dict[Hashable, list["Deferred[None]"]] = attrs.field(
        factory=dict, init=False
    )

    async def get(self, key: Hashable, find: Callable[[], Awaitable[T]]) -> T:
        """
        The answer, not older than two seconds.
        """
        while True:
            at, value = self._kept.get(key, (0.0, None))
            if 0 <= self.clock.now() - at < FRESH and key in self._kept:
                found: T = value
                return found
            if key not in self._waiting:
                return await self._find(key, find)
            turn: Deferred[None] = Deferred()
            self._waiting[key].append(turn)
            await turn

    async def _find(self, key: Hashable, find: Callable[[], Awaitable[T]]) -> T:
        self._waiting[key] = []
        try:
            began = self.clock.now()
            found = await find()
            self._drop_old(began)
            self._kept[key] = (began, found)
            return found
        finally:
            for turn in self._waiting.pop(key):
                turn.callback(None)

    def _drop_old(self, now: float) -> None:
        old = [key for key, (at, _) in self._kept.items() if now - at >= FRESH]
        for key in old:
            del self._kept[key]

    def forget(self, key: Hashable) -> None:
        """
        It is something else from now on.
        """
        self._kept.pop(key, None)
