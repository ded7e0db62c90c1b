"""
Items that arrive together share one call: what comes while a call is under way
leaves with the next one.
"""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from smsgw.tasks import spawn

__all__ = ["Group"]

T = TypeVar("T")
R = TypeVar("R")


@attrs.define(eq=False)
class Group(Generic[T, R]):
    """
    Calls C{work} with lists; each caller gets its own item's result.

    A call takes at most C{most} items; a failed call fails all of its items.
    """

    work: Callable[[list[T]], Awaitable[list[R]]]
    clock: IReactorTime
    most: int = 256
    _waiting: list[tuple[T, "Deferred[R]"]] = attrs.field(factory=list, init=False)
    _busy: bool = attrs.field(default=False, init=False)

    def __call__(self, item: T) -> Awaitable[R]:
        """
        The item's result, when the call it went with has answered.
        """
        promise: Deferred[R] = Deferred()
        self._waiting.append((item, promise))
        if not self._busy:
            self._busy = True
            self.clock.callLater(0, self._begin)
        return promise

    def _begin(self) -> None:
        spawn("group", self._run())

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch = self._waiting[: self.most]
                del self._waiting[: self.most]
                await self._call(batch)
        finally:
            self._busy = False

    async def _call(self, batch: list[tuple[T, "Deferred[R]"]]) -> None:
        try:
            results = await self.work([item for item, _ in batch])
        except Exception as failure:  # handed to each caller, nothing is swallowed
            for _, promise in batch:
                promise.errback(failure)
            return
        for (_, promise), result in zip(batch, results, strict=True):
            promise.callback(result)
