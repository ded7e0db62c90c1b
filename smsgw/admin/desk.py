"""
What the console's pages work with: the record, the gateway, the looks.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

import attrs

from smsgw.admin.live import Live
from smsgw.admin.pulse import Pulse
from smsgw.admin.recent import Recent
from smsgw.admin.status import Status
from smsgw.channels.recordings import Recordings
from smsgw.channels.seats import Line
from smsgw.channels.trial import Trial
from smsgw.config import Admin
from smsgw.directory import Channel, Directory
from smsgw.errors import Unavailable
from smsgw.gateway.gateway import Entrance
from smsgw.ports import Clock
from smsgw.security.fields import Fields
from smsgw.storage.database import Database
from smsgw.storage.reader import StoreReader

__all__ = ["Desk", "Sessions"]

T = TypeVar("T")
_FRESH = 1.0


class Sessions(Protocol):
    """
    Where sessions are kept (L{smsgw.queues.sessions.RedisSessions}).
    """

    async def keep(self, name: str, person: str, body: bytes, seconds: int) -> None: ...
    async def find(self, name: str) -> bytes: ...
    async def renew(self, name: str, seconds: int) -> None: ...
    async def drop(self, names: list[str], person: str) -> None: ...
    async def of(self, person: str) -> dict[str, bytes]: ...


@attrs.define(eq=False)
class Desk:
    """
    One for all visitors. Pages ask the record by query functions, send through the
    gateway as every door does, and change objects by the same plan as C{apply}.
    """

    gateway: Entrance
    database: Database
    fields: Fields
    reader: StoreReader
    clock: Clock
    sessions: Sessions
    settings: Admin
    read_status: Callable[[], Awaitable[Status]]
    try_channel: Callable[[Channel], Awaitable[Trial]]
    read_lines: Callable[[str], Awaitable[Sequence[Line]]]
    recordings: Recordings
    pulse: Pulse = attrs.field(factory=Pulse, init=False)
    live: Live = attrs.field(init=False)
    recent: Recent = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.live = Live(self.clock, self.look)
        self.recent = Recent(self.clock)

    async def look(self) -> None:
        """
        Take the gateway's pulse; what cannot be read now stays as it was.
        """
        now = self.clock.now()
        if now - self.pulse.at < _FRESH:
            return
        try:
            self.pulse.beat(await self.read_status(), now)
        except Unavailable:
            self.pulse.status = None

    @property
    def directory(self) -> Directory:
        """
        The newest version.
        """
        return self.gateway.directory

    async def read(self, query: Callable[..., T], *args: Any) -> T:
        """
        A query function's answer.
        """
        return await self.database.read(query, *args)

    async def write(self, query: Callable[..., T], *args: Any) -> T:
        """
        A query function that changes the record, in one transaction.
        """
        return await self.database.write(query, *args)

    async def aside(self, call: Callable[..., T], *args: Any) -> T:
        """
        What takes long and is no query, while others are served.
        """
        return await self.database.read(lambda _: call(*args))
