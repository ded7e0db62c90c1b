"""
From intake to out queues: what depends on the recipient.

The backlog waits in intake as chunks; only so much is dispatched that every
live channel finds work, so that decisions are made late and memory stays small.
"""

from collections.abc import Callable, Mapping

import attrs

from smsgw.directory import Directory
from smsgw.gateway.flight import entry_of
from smsgw.gateway.plan import tally_of
from smsgw.message import LANES, Chunk, Fact, Message, decode_chunk, encode
from smsgw.numbering import carrier_of
from smsgw.ports import Dispatched, Put, Queue
from smsgw.rules.routing import Decision, route

__all__ = ["Depth", "Dispatcher", "dispatch_chunk"]

LOW_MARK = 2_000
CHUNKS_PER_STEP = 10
NO_ROUTE = 5001


@attrs.define(eq=False)
class Depth:
    """
    About how many messages wait in each out queue (C{set:lane}).

    Counted here as they come and go; put right from the store now and then.
    """

    queues: dict[str, int] = attrs.field(factory=dict)

    def change(self, queue: str, by: int) -> None:
        """
        Messages came (positive) or went.
        """
        self.queues[queue] = max(0, self.queues.get(queue, 0) + by)

    def correct(self, out: Mapping[str, int]) -> None:
        """
        The store's own figures; a queue all of whose messages are due later is
        still remembered.
        """
        self.queues = dict.fromkeys(self.queues, 0) | dict(out)

    def sets(self) -> set[str]:
        """
        Every set of channels that has, or had, messages.
        """
        return {queue.rpartition(":")[0] for queue in self.queues}


def dispatch_chunk(chunk: Chunk, directory: Directory, now: float) -> Dispatched:
    """
    Route each message of a chunk; pure.
    """
    puts: dict[str, list[bytes]] = {}
    facts: list[Fact] = []
    decisions: dict[str, Decision] = {}
    tally = tally_of(chunk.account, chunk.accepted_at)
    message = _message_of(chunk)
    texts, segments = chunk.texts, chunk.segments
    for index, (message_id, number) in enumerate(zip(chunk.ids, chunk.to, strict=True)):
        carrier = carrier_of(number)
        decision = decisions.get(carrier)
        if decision is None:
            decision = route(directory, chunk.account, carrier, chunk.category)
            decisions[carrier] = decision
        if not decision.group:
            facts.append(_no_route(chunk, message_id, decision, now))
            continue
        message.id, message.to, message.group = message_id, number, decision.group
        message.segments = segments[index]
        if texts:
            message.text = texts[index]
        entries = puts.get(decision.group)
        if entries is None:
            entries = puts[decision.group] = []
        entries.append(entry_of(message, tally))
    refused = len(facts)
    if decisions:
        facts.append(_routed(chunk, decisions, now))
    return Dispatched(
        chunk.id,
        chunk.lane,
        [Put(f"{group}:{chunk.lane}", entries) for group, entries in puts.items()],
        encode(facts),
        refused,
        tally,
    )


def _message_of(chunk: Chunk) -> Message:
    """
    What a chunk's messages have in common.
    """
    return Message(
        1,
        "",
        chunk.account,
        chunk.batch,
        chunk.category,
        chunk.lane,
        "",
        chunk.text,
        chunk.signature,
        chunk.extension,
        chunk.accepted_at,
        chunk.expires_at,
        0,
        "",
    )


def _no_route(chunk: Chunk, message_id: str, decision: Decision, now: float) -> Fact:
    return Fact(
        "rejected",
        message_id,
        now,
        "rejected",
        code=str(NO_ROUTE),
        note="; ".join(decision.tried),
        account=chunk.account,
    )


def _routed(chunk: Chunk, decisions: dict[str, Decision], now: float) -> Fact:
    """
    One fact for the chunk: the rule that chose, per carrier (I8).
    """
    note = "; ".join(
        f"{carrier or '?'}: {decision.why}" for carrier, decision in decisions.items()
    )
    return Fact("routed", chunk.batch, now, note=note, account=chunk.account)


@attrs.define(eq=False)
class Dispatcher:
    """
    Takes chunks, best lane first, while live channels want work.

    C{live} names the sets of which some channel can send now.
    """

    queue: Queue
    depth: Depth
    directory: Callable[[], Directory]
    live: Callable[[], set[str]]

    async def step(self, epoch: int, now: float) -> int:
        """
        Dispatch a few chunks; how many messages moved.
        """
        live = self.live()
        for lane in LANES:
            if not self._wanted(lane, live):
                continue
            found = await self.queue.peek(lane, CHUNKS_PER_STEP)
            if found:
                return await self._finish(epoch, lane, found, now)
        return 0

    def _wanted(self, lane: str, live: set[str]) -> bool:
        queues = self.depth.queues
        return any(queues.get(f"{name}:{lane}", 0) < LOW_MARK for name in live)

    async def _finish(
        self, epoch: int, lane: str, found: list[tuple[str, bytes]], now: float
    ) -> int:
        directory = self.directory()
        done = [
            dispatch_chunk(decode_chunk(body), directory, now) for _id, body in found
        ]
        await self.queue.dispatch(epoch, done, now)
        moved = 0
        for chunk in done:
            for put in chunk.puts:
                self.depth.change(put.queue, len(put.entries))
                moved += len(put.entries)
        return moved + sum(chunk.ended for chunk in done)
