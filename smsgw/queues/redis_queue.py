"""
L{smsgw.ports.Queue} in Redis or Valkey: one shard, one script per step.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import msgpack  # type: ignore[import-untyped]
import msgspec

from smsgw.message import LANES
from smsgw.ports import (
    Admission,
    Depths,
    Dispatched,
    Down,
    Lease,
    Match,
    Recovered,
    Up,
    Verdict,
)
from smsgw.queues.redis import RedisConnection, ReplyError, Script, load_script
from smsgw.queues.stale import Stale

__all__ = ["RedisQueue", "script"]

_PARTS = {
    "aged": ("matching",),
    "cancel": ("matching",),
    "depths": ("matching",),
    "exchange": ("matching", "settling", "granting"),
    "recover": ("matching",),
}
_COUNTERS = ("accepted", "waiting", "leased", "open", "ended")


def _encode(value: object) -> bytes:
    """
    As scripts read it: cmsgpack knows no "bin", so octets go as raw strings.
    """
    plain = msgspec.to_builtins(value, builtin_types=(bytes,))
    encoded: bytes = msgpack.packb(plain, use_bin_type=False)
    return encoded


def script(name: str) -> Script:
    """
    A script with what it shares with others before it.

    A server that is full refuses an accept; the rest makes room, or keeps what
    came from a carrier.
    """
    first = b"#!lua" if name == "accept" else b"#!lua flags=allow-oom"
    parts = ("prelude", *_PARTS.get(name, ()), name)
    return Script(name, b"\n".join([first, *(load_script(p).source for p in parts)]))


@attrs.define(eq=False)
class RedisQueue:
    """
    A shard behind one connection; all its keys begin with C{{tag}:}.

    C{high_water} is how many messages may wait in intake and due together.
    """

    connection: RedisConnection
    shard: str = "s0"
    high_water: int = 5_000_000
    _scripts: dict[str, Script] = attrs.field(factory=dict, init=False)

    async def _run(self, name: str, *arguments: bytes | str | int) -> Any:
        found = self._scripts.get(name)
        if found is None:
            found = self._scripts[name] = script(name)
        try:
            return await self.connection.eval_script(
                found, [f"{{{self.shard}}}"], arguments
            )
        except ReplyError as error:
            if error.code == "STALE":
                raise Stale(self.shard) from error
            raise

    async def claim(self, node: str) -> int:
        return int(await self._run("claim", node))

    async def high_id(self) -> str:
        found = await self.connection.command("GET", f"{{{self.shard}}}:high")
        return found.decode() if found else ""

    async def accept(
        self, admissions: Sequence[Admission], now: float
    ) -> list[Verdict]:
        answers = await self._run(
            "accept", _encode(list(admissions)), self.high_water, repr(now)
        )
        return [_verdict(answer) for answer in answers]

    async def peek(self, lane: str, count: int) -> list[tuple[str, bytes]]:
        tag = f"{{{self.shard}}}"
        ids = await self.connection.command(
            "LRANGE", f"{tag}:intake:{lane}", 0, count - 1
        )
        if not ids:
            return []
        bodies = await self.connection.command("HMGET", f"{tag}:chunks", *ids)
        return [
            (name.decode(), body)
            for name, body in zip(ids, bodies, strict=True)
            if body is not None
        ]

    async def dispatch(
        self, epoch: int, done: Sequence[Dispatched], now: float
    ) -> None:
        await self._run("dispatch", epoch, _encode(list(done)), repr(now))

    async def exchange(self, up: Up, now: float) -> Down:
        leases, matches, promoted = await self._run("exchange", _encode(up), repr(now))
        return Down(
            _leases(leases),
            _matches(matches),
            promoted,
        )

    async def recover(self, epoch: int, now: float) -> Recovered:
        leases, matches, replies, orphans = await self._run("recover", epoch, repr(now))
        return Recovered(
            _leases(leases),
            _matches(matches),
            [(name.decode(), body) for name, body in _grouped(replies, 2)],
            [(key.decode(), body) for key, body in _grouped(orphans, 2)],
        )

    async def aged(
        self, epoch: int, before: float, count: int
    ) -> list[tuple[str, bytes, bytes]]:
        found = await self._run("aged", epoch, count, repr(before))
        return [(name.decode(), state, entry) for name, state, entry in found]

    async def cancel(self, ids: Sequence[str], now: float) -> list[str]:
        answers = await self._run("cancel", _encode(list(ids)), repr(now))
        return [answer.decode() for answer in answers]

    async def facts(
        self, position: int, count: int
    ) -> tuple[int, list[tuple[str, bytes]]]:
        start, *items = await self._run("facts", position, count)
        return start, [(kind.decode(), body) for kind, body in items]

    async def trim(self, position: int) -> None:
        await self._run("trim", position)

    async def depths(self, now: float) -> Depths:
        depth, out, leased, opened, facts = await self._run("depths", repr(now))
        by_lane = _pairs(depth)
        return Depths(
            {lane: by_lane.get(lane, 0) for lane in LANES},
            _pairs(out),
            by_lane.get("due", 0),
            leased,
            opened,
            facts,
        )

    async def counts(self) -> dict[str, dict[str, int]]:
        flat = await self.connection.command("HGETALL", f"{{{self.shard}}}:counts")
        tallies: dict[str, dict[str, int]] = {}
        for field, value in _pairs(flat).items():
            tally, _, what = field.rpartition("|")
            found = tallies.setdefault(tally, dict.fromkeys(_COUNTERS, 0))
            found[what] = value
        return tallies

    async def save_snapshot(self, body: bytes) -> None:
        await self.connection.command("SET", f"{{{self.shard}}}:snapshot", body)

    async def load_snapshot(self) -> bytes:
        found = await self.connection.command("GET", f"{{{self.shard}}}:snapshot")
        return found or b""


def _pairs(flat: list[Any]) -> dict[str, int]:
    return {
        name.decode(): int(value)
        for name, value in zip(flat[::2], flat[1::2], strict=True)
    }


def _verdict(answer: list[Any]) -> Verdict:
    kind, *rest = answer
    verdict = Verdict(kind.decode())
    if rest:
        verdict.answer = rest[0]
    if len(rest) > 1:
        flat = rest[1]
        verdict.known = [
            (index, existing.decode(), bool(same))
            for index, existing, same in zip(
                flat[::3], flat[1::3], flat[2::3], strict=True
            )
        ]
    return verdict


def _grouped(flat: list[Any], size: int) -> Iterable[tuple[Any, ...]]:
    return zip(*[iter(flat)] * size, strict=True)


def _leases(flat: list[Any]) -> list[Lease]:
    return [
        Lease(channel.decode(), upto, reason.decode(), entry, state)
        for channel, upto, reason, entry, state in _grouped(flat, 5)
    ]


def _matches(flat: list[Any]) -> list[Match]:
    return [
        Match(
            inbox_id.decode(), kind.decode(), body, message.decode(), part, state, entry
        )
        for inbox_id, kind, body, message, part, state, entry in _grouped(flat, 7)
    ]
