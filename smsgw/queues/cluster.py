"""
One typed connection to a Redis or Valkey Cluster: finds the master of each shard.
"""

from binascii import crc_hqx
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import attrs
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater
from twisted.logger import Logger

from smsgw.errors import Unavailable
from smsgw.queues.redis import Moved, RedisConnection, ReplyError, Script

__all__ = ["SLOTS", "ClusterConnection", "Place", "slot_of", "tag_of"]

SLOTS = 16_384
LOOK_EVERY = 0.5
OPENING = 2.0

Arg = bytes | str | int
Key = bytes | str
Place = tuple[str, int]
Name = tuple[bytes, Place]


def tag_of(key: Key) -> bytes:
    """
    What is between a key's braces; empty without.
    """
    whole = key.encode() if isinstance(key, str) else key
    _, brace, rest = whole.partition(b"{")
    tag, closed, _ = rest.partition(b"}")
    return tag if brace and closed else b""


def slot_of(key: Key) -> int:
    """
    The slot of a key, as every cluster counts them.
    """
    whole = key.encode() if isinstance(key, str) else key
    return crc_hqx(tag_of(whole) or whole, 0) % SLOTS


@attrs.define(eq=False)
class ClusterConnection:
    """
    L{smsgw.queues.redis.Connection} to a cluster that C{seeds} are nodes of.

    Each shard has a connection of its own, which C{open_to} makes. A call goes to the
    master that holds its key's slot, and once more after MOVED, for then nothing was
    done. While a slot moves or has no master, its calls raise L{Unavailable}.
    """

    _seeds: Sequence[Place]
    _open_to: Callable[[Place], RedisConnection] = attrs.field(repr=False)
    _clock: IReactorTime = attrs.field(repr=False)
    _ranges: list[tuple[int, int, Place]] = attrs.field(init=False, factory=list)
    _scouts: list[Place] = attrs.field(init=False)
    _links: dict[Name, RedisConnection] = attrs.field(
        init=False, factory=dict, repr=False
    )
    _opening: set[Name] = attrs.field(init=False, factory=set)
    _leaving: list[Deferred[None]] = attrs.field(init=False, factory=list, repr=False)
    _waiting: list[Deferred[bool]] = attrs.field(init=False, factory=list, repr=False)
    _around: Deferred[Any] | None = attrs.field(init=False, default=None, repr=False)
    _version: int = attrs.field(init=False, default=0)
    _looked_at: float = attrs.field(init=False, default=float("-inf"))
    _stopped: bool = attrs.field(init=False, default=False)

    log = Logger()

    @_scouts.default
    def _sown(self) -> list[Place]:
        return list(self._seeds)

    def start(self) -> None:
        """
        Look for the cluster.
        """
        self._look_soon()

    async def stop(self) -> None:
        """
        Disconnect for good; unanswered calls raise L{Unavailable}.
        """
        self._stopped = True
        for name in list(self._links):
            self._leave(name)
        await gatherResults(self._leaving)

    async def connected(self, timeout: float = 10.0) -> None:
        """
        Wait until it is known who has which slots.
        """
        until = self._clock.seconds() + timeout
        while not self._ranges:
            try:
                await self._look()
            except Unavailable:
                if self._stopped or self._clock.seconds() >= until:
                    raise
                await deferLater(self._clock, LOOK_EVERY)

    async def command(self, *args: Arg) -> Any:
        """
        One command; what follows its name is the key that decides where it goes.
        """
        if len(args) < 2 or isinstance(args[1], int):
            raise ValueError(f"{args[0]!r} names no key")
        return await self._ask(args[1], lambda link: link.command(*args))

    async def eval_script(
        self, script: Script, keys: Sequence[Key], args: Iterable[Arg]
    ) -> Any:
        """
        Run a script where its keys lie, which all are in one slot.
        """
        if len({slot_of(key) for key in keys}) != 1:
            raise ValueError(f"{script.name}: its keys are not in one slot")
        values = tuple(args)
        return await self._ask(
            keys[0], lambda link: link.eval_script(script, keys, values)
        )

    async def info(self, key: str) -> dict[str, str]:
        """
        What the server that has a key tells of itself.
        """
        found: dict[str, str] = await self._ask(key, lambda link: link.info(key))
        return found

    async def _ask(
        self, key: Key, call: Callable[[RedisConnection], Awaitable[Any]]
    ) -> Any:
        version = self._version
        try:
            return await call(await self._link_for(key))
        except Moved as moved:
            if version == self._version:
                self._prefer(moved.detail)
                await self._look()
        except Unavailable:
            self._look_soon()
            raise
        return await call(await self._link_for(key))

    # Connections.

    async def _link_for(self, key: Key) -> RedisConnection:
        slot = slot_of(key)
        place = self._master_of(slot)
        if place is None:
            raise Unavailable(f"queue cluster: nobody has slot {slot}")
        return await self._link((tag_of(key), place))

    async def _link(self, name: Name, timeout: float = OPENING) -> RedisConnection:
        if self._stopped:
            raise Unavailable("queue cluster: not connected")
        link = self._links.get(name)
        if link is None:
            link = self._links[name] = self._open_to(name[1])
            self._opening.add(name)
            link.start()
        if name in self._opening:
            await link.connected(timeout)
            self._opening.discard(name)
        return link

    def _master_of(self, slot: int) -> Place | None:
        return next((at for a, z, at in self._ranges if a <= slot <= z), None)

    def _leave(self, name: Name) -> None:
        leaving = Deferred.fromCoroutine(self._links.pop(name).stop())
        self._opening.discard(name)
        self._leaving = [one for one in self._leaving if not one.called]
        self._leaving.append(leaving)

    # The map.

    def _prefer(self, detail: str) -> None:
        """
        Ask first whom a MOVED answer names (its last word, host:port).
        """
        host, _, port = detail.rpartition(" ")[2].rpartition(":")
        if host and port.isdigit():
            self._scouts.insert(0, (host, int(port)))

    def _look_soon(self) -> None:
        """
        In the background, at most so often.
        """
        if self._clock.seconds() >= self._looked_at + LOOK_EVERY:
            looking = Deferred.fromCoroutine(self._look())
            self._around = looking.addErrback(self._missed)

    def _missed(self, failure: Any) -> None:
        failure.trap(Unavailable)
        self.log.info("{why}", why=failure.value.detail)

    async def _look(self) -> None:
        """
        Who has which slots now; those who ask meanwhile wait for the same answer.
        """
        waiting: Deferred[bool] = Deferred()
        self._waiting.append(waiting)
        if len(self._waiting) == 1:
            self._around = Deferred.fromCoroutine(self._look_around())
        if not await waiting:
            raise Unavailable("queue cluster: no node of it answers")

    async def _look_around(self) -> None:
        ranges = None
        try:
            ranges = await self._scouted()
        finally:
            if ranges:
                self._learn(ranges)
            self._looked_at = self._clock.seconds()
            waiting, self._waiting = self._waiting, []
            for one in waiting:
                one.callback(bool(ranges))

    async def _scouted(self) -> list[tuple[int, int, Place]] | None:
        for place in list(dict.fromkeys(self._scouts)):
            # Another one is asked first next time: this one's view may be old.
            self._scouts = [one for one in self._scouts if one != place] + [place]
            try:
                link = await self._link((b"", place))
                return _ranges(await link.command("CLUSTER", "SLOTS"), place[0])
            except (Unavailable, ReplyError) as error:
                self.log.info("{place}: {why}", place=place, why=error)
        return None

    def _learn(self, ranges: list[tuple[int, int, Place]]) -> None:
        self._ranges = ranges
        self._version += 1
        masters = {place for _, _, place in ranges}
        self._scouts = [
            *(one for one in self._scouts if one in masters),
            *(one for one in sorted(masters) if one not in self._scouts),
            *(one for one in self._seeds if one not in masters),
        ]
        for tag, place in list(self._links):
            if place not in masters or (tag and place != self._master_of(slot_of(tag))):
                self._leave((tag, place))


def _ranges(answer: list[Any], host: str) -> list[tuple[int, int, Place]]:
    """
    From CLUSTER SLOTS; a node that does not know its address is where we asked.
    """
    return [
        (first, last, ((master[0] or host.encode()).decode(), int(master[1])))
        for first, last, master, *_ in answer
    ]
