"""
From intake to out queues: what depends on the recipient.

The backlog waits in intake as chunks; only so much is dispatched that every
live channel finds work, so that decisions are made late and memory stays small.
"""

from collections.abc import Callable, Mapping

import attrs

from smsgw.gateway.brakes import UNFILED, end_of, stop_of
from smsgw.gateway.counting import Counting
from smsgw.gateway.flight import entry_of
from smsgw.gateway.plan import tally_of
from smsgw.gateway.sets import set_name
from smsgw.message import LANES, Chunk, Fact, Message, decode_chunk, encode
from smsgw.ports import Dispatched, Put, Queue
from smsgw.rules.book import Rulebook
from smsgw.rules.hours import opens_at
from smsgw.rules.routing import Choice, Decision

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


def dispatch_chunk(
    chunk: Chunk, book: Rulebook, counting: Counting, now: float
) -> Dispatched:
    """
    Decide for each message of a chunk.
    """
    sorting = _Sorting(chunk, book, counting, now)
    message = _message_of(chunk)
    texts, segments, prices = chunk.texts, chunk.segments, chunk.prices
    for index, (message_id, number) in enumerate(zip(chunk.ids, chunk.to, strict=True)):
        message.id, message.to, message.segments = message_id, number, segments[index]
        if texts:
            message.text = texts[index]
        price = prices[index] if prices else 0
        if not sorting.place(message, price):
            sorting.refund += price
    return sorting.done()


@attrs.define(eq=False)
class _Sorting:
    """
    A chunk on its way: entries by queue, facts of those that end here.
    """

    chunk: Chunk
    book: Rulebook
    counting: Counting
    now: float
    tally: str = attrs.field(init=False)
    blocked: Mapping[str, object] = attrs.field(init=False)
    limited: bool = attrs.field(init=False)
    carrier_of: Callable[[str], str] = attrs.field(init=False)
    choice: Choice = attrs.field(init=False)
    choosy: bool = attrs.field(init=False)
    puts: dict[str, list[bytes]] = attrs.field(factory=dict, init=False)
    facts: list[Fact] = attrs.field(factory=list, init=False)
    refund: int = attrs.field(default=0, init=False)
    decisions: dict[str, Decision] = attrs.field(factory=dict, init=False)
    sets: dict[str, tuple[str, list[str]]] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        chunk, lists = self.chunk, self.book.lists
        self.tally = tally_of(chunk.account, chunk.accepted_at)
        self.blocked = lists.blocked.by_number
        limits = self.book.limits_for(chunk.account, chunk.category)
        self.limited = any(limits) or chunk.batch in lists.stops
        self.carrier_of = lists.numbers.carrier_of
        text = None if chunk.texts else chunk.text
        self.choice = choice = self.book.router.narrow(
            chunk.account, chunk.category, chunk.template, chunk.signature
        ).settle(text, self.now)
        self.choosy = choice.needs_region or choice.needs_kind or choice.needs_text

    def place(self, message: Message, price: int) -> bool:
        """
        Into the queue of its group; false if it ends here.
        """
        number = message.to
        if (number in self.blocked or self.limited) and self._stopped(message):
            return False
        if self.choosy:
            decision = self._choose(message)
        else:
            carrier = self.carrier_of(number)
            decision = self.decisions.get(carrier) or self._route(carrier)
        if not decision.group:
            self._end(message, NO_ROUTE, self._tried(message))
            return False
        message.group = decision.group
        name, message.failed = self.sets.get(decision.group) or self._set(decision)
        if not name:
            self._end(message, UNFILED, self.chunk.signature)
            return False
        entries = self.puts.get(name)
        if entries is None:
            entries = self.puts[name] = []
        entries.append(entry_of(message, self.tally, price))
        return True

    def _set(self, decision: Decision) -> tuple[str, list[str]]:
        """
        The set of a group's channels that may carry the signature, '' for none; and
        those that may not.
        """
        channels, signature = self.book.directory.channels, self.chunk.signature
        unfit = [
            name
            for name in decision.channels
            if self.book.signatures.on_channel(signature, name, channels[name].carrier)
            is None
        ]
        found = set_name(decision.group, unfit)
        if len(unfit) == len(decision.channels):
            found = ""
        self.sets[decision.group] = (found, unfit)
        return self.sets[decision.group]

    def _stopped(self, message: Message) -> bool:
        book, now = self.book, self.now
        stop = stop_of(book, message, now) or self.counting.stop_of(book, message, now)
        if stop:
            self._end(message, *stop)
        return stop is not None

    def _route(self, carrier: str) -> Decision:
        decision = self.choice.route(carrier)
        self.decisions[carrier] = decision
        return decision

    def _choose(self, message: Message) -> Decision:
        """
        Where more than the carrier decides: region, kind of number, own text.
        """
        choice, numbers = self.choice, self.book.lists.numbers
        carrier = self.carrier_of(message.to)
        region = numbers.region_of(message.to) if choice.needs_region else ""
        kind = numbers.kind_of(message.to) if choice.needs_kind else ""
        decision = choice.route(carrier, region, kind, message.text, self.now)
        where = " ".join(word for word in (carrier, region, kind) if word)
        self.decisions[f"{where} > {decision.group}"] = decision
        return decision

    def _tried(self, message: Message) -> str:
        facts = self.book.facts_of(message, self.chunk.template, self.now)
        return "; ".join(self.book.router.explain(facts).tried)

    def _end(self, message: Message, code: int, note: str) -> None:
        account = self.chunk.account
        self.facts.append(
            Fact(
                "rejected",
                message.id,
                self.now,
                end_of(code),
                code=str(code),
                note=note,
                account=account,
            )
        )

    def _opens_at(self) -> float:
        """
        When it is to go, and its account and category may send; 0 for now.
        """
        chunk = self.chunk
        at = max(self.now, chunk.not_before)
        windows = self.book.windows_for(chunk.account, chunk.category)
        if windows and not chunk.any_hour:
            at = opens_at(windows, at)
        return at if at > self.now else 0.0

    def done(self) -> Dispatched:
        """
        The chunk as the queue takes it.
        """
        chunk, ended = self.chunk, len(self.facts)
        if self.decisions:
            self.facts.append(_routed(chunk, self.decisions, self.now))
        later = self._opens_at()
        puts = [
            Put(f"{name}:{chunk.lane}", entries, later)
            for name, entries in self.puts.items()
        ]
        facts = encode(self.facts)
        refund = self.refund
        return Dispatched(chunk.id, chunk.lane, puts, facts, ended, self.tally, refund)


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


def _routed(chunk: Chunk, decisions: dict[str, Decision], now: float) -> Fact:
    """
    One fact for the chunk: the rule that chose, per carrier (I8), and why it has its
    category.
    """
    ways = [
        f"{carrier or '?'}: {decision.why}" for carrier, decision in decisions.items()
    ]
    note = "; ".join([chunk.why, *ways] if chunk.why else ways)
    return Fact("routed", chunk.batch, now, note=note, account=chunk.account)


@attrs.define(eq=False)
class Dispatcher:
    """
    Takes chunks, best lane first, while live channels want work.

    C{live} names the sets of which some channel can send now.
    """

    queue: Queue
    depth: Depth
    book: Callable[[], Rulebook]
    live: Callable[[], set[str]]
    counting: Counting = attrs.field(factory=Counting)

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
        book = self.book()
        done = [
            dispatch_chunk(decode_chunk(body), book, self.counting, now)
            for _id, body in found
        ]
        await self.queue.dispatch(epoch, done, now)
        moved = 0
        for chunk in done:
            for put in chunk.puts:
                self.depth.change(put.queue, len(put.entries))
                moved += len(put.entries)
        return moved + sum(chunk.ended for chunk in done)
