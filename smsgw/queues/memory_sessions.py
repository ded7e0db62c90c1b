"""
L{smsgw.queues.sessions.RedisSessions} in plain Python; nothing is durable.
"""

from collections.abc import Callable, Sequence

import attrs

__all__ = ["MemorySessions"]


@attrs.define(eq=False)
class MemorySessions:
    """
    Sessions by name, with person and end.
    """

    now: Callable[[], float]
    _kept: dict[str, tuple[str, bytes, float]] = attrs.field(factory=dict, init=False)

    async def keep(self, name: str, person: str, body: bytes, seconds: int) -> None:
        self._kept[name] = (person, body, self.now() + seconds)

    async def find(self, name: str) -> bytes:
        _, body, until = self._kept.get(name, ("", b"", 0.0))
        return body if self.now() < until else b""

    async def renew(self, name: str, seconds: int) -> None:
        if await self.find(name):
            person, body, _ = self._kept[name]
            await self.keep(name, person, body, seconds)

    async def drop(self, names: Sequence[str], person: str) -> None:
        for name in names:
            self._kept.pop(name, None)

    async def of(self, person: str) -> dict[str, bytes]:
        return {
            name: body
            for name, (whose, body, until) in self._kept.items()
            if whose == person and self.now() < until
        }
