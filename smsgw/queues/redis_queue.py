"""
L{smsgw.ports.Queue} in Redis or Valkey: one shard, one script per step.
"""

from collections.abc import Sequence
from typing import Any

import attrs

from smsgw.message import LANES
from smsgw.ports import (
    Admission,
    Depths,
    Dispatched,
    Down,
    Recovered,
    Up,
    Verdict,
    Wallet,
)
from smsgw.queues.redis import Connection, ReplyError, Script, load_script
from smsgw.queues.redis_values import (
    admitted,
    body_of,
    claims,
    granted,
    grouped,
    matches,
    pack,
    raised,
    recovered,
    verdict,
)
from smsgw.queues.stale import Stale

__all__ = ["RedisQueue", "script"]

_PARTS = {
    "accept": ("money",),
    "aged": ("matching",),
    "bring": ("matching",),
    "cancel": ("matching",),
    "depths": ("matching",),
    "dispatch": ("money",),
    "exchange": ("matching", "money", "settling", "granting"),
    "grant": ("money",),
    "recover": ("matching",),
}
_MONEY = ("available", "reserved", "spent", "granted", "ledger")
_COUNTERS = ("accepted", "waiting", "leased", "open", "ended")


def script(name: str) -> Script:
    """
    A script with what it shares with others before it.

    A server that is full refuses what doors bring; the rest makes room, or keeps what
    came from a carrier.
    """
    takes = name in ("accept", "parts")
    first = b"#!lua" if takes else b"#!lua flags=allow-oom"
    parts = ("prelude", *_PARTS.get(name, ()), name)
    return Script(name, b"\n".join([first, *(load_script(p).source for p in parts)]))


@attrs.define(eq=False)
class RedisQueue:
    """
    A shard behind one connection; all its keys begin with C{{tag}:}.

    C{high_water} is how many messages may wait in intake and due together.
    """

    connection: Connection
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
            "accept", admitted(admissions), self.high_water, repr(now)
        )
        return [verdict(answer) for answer in answers]

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
        await self._run("dispatch", epoch, pack(done), repr(now))

    async def exchange(self, up: Up, now: float) -> Down:
        leases, claimed, found, promoted = await self._run(
            "exchange", *raised(up), repr(now)
        )
        bodies = [(inbox_id, body) for inbox_id, _, body in up.receipts]
        return Down(
            granted(leases), [*claims(claimed), *matches(bodies, found)], promoted
        )

    async def recover(self, epoch: int, now: float) -> Recovered:
        leases, kept, replies, orphans = await self._run("recover", epoch, repr(now))
        return Recovered(
            [recovered(value) for value in leases],
            claims(kept),
            [(name.decode(), body) for name, body in grouped(replies, 2)],
            [(key.decode(), body_of(value)) for key, value in grouped(orphans, 2)],
        )

    async def aged(
        self, epoch: int, before: float, count: int
    ) -> list[tuple[str, bytes, bytes]]:
        found = await self._run("aged", epoch, count, repr(before))
        return [(name.decode(), state, entry) for name, state, entry in found]

    async def cancel(self, ids: Sequence[str], now: float) -> list[str]:
        answers = await self._run("cancel", pack(ids), repr(now))
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

    async def forget(self, before: str) -> int:
        """
        Drop the counters of days before (yyyymmdd) that are over; of how many.
        """
        return int(await self._run("forget", before))

    async def taken(self, day: str) -> dict[str, int]:
        key = f"{{{self.shard}}}:taken:{day}"
        return _pairs(await self.connection.command("HGETALL", key))

    async def grant(self, wallet: str, ledger_id: int, amount: int) -> int:
        return int(await self._run("grant", wallet, ledger_id, amount))

    async def wallets(self, names: Sequence[str]) -> dict[str, Wallet]:
        if not names:
            return {}
        fields = [f"{name}|{what}" for name in names for what in _MONEY]
        found = await self.connection.command(
            "HMGET", f"{{{self.shard}}}:money", *fields
        )
        rows = grouped([int(value or 0) for value in found], len(_MONEY))
        return {name: Wallet(*row) for name, row in zip(names, rows, strict=True)}

    async def save_snapshot(self, body: bytes) -> None:
        await self.connection.command("SET", f"{{{self.shard}}}:snapshot", body)

    async def load_snapshot(self) -> bytes:
        found = await self.connection.command("GET", f"{{{self.shard}}}:snapshot")
        return found or b""


def _pairs(flat: list[Any]) -> dict[str, int]:
    return {name.decode(): int(value) for name, value in grouped(flat, 2)}
