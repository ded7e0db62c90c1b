"""
What a stretch of the queue's facts does to the record, folded together; pure.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import attrs
import msgspec

from smsgw.directory import Directory
from smsgw.message import Chunk, Fact, decode_chunk
from smsgw.storage.columns import NONE
from smsgw.storage.line import Line, millis_of, step_of

__all__ = ["Event", "Fold", "Stretch", "Taken", "read_stretch"]

_facts = msgspec.msgpack.Decoder(list[Fact])
_HOUR = 3_600_000
_UNREADABLE = (msgspec.DecodeError, ValueError, TypeError, LookupError)
TallyKey = tuple[int, str, str, str, str, str, str]
Taken = tuple[str, str, str, int, int]
_Counted = tuple[int, str, str, str, str]


@attrs.frozen
class Stretch:
    """
    Items of the queue, decoded: chunks become messages, facts change them.
    C{spoiled} are the places of those that cannot be read.
    """

    chunks: list[Chunk]
    facts: list[Fact]
    spoiled: list[int] = attrs.field(factory=list)

    def fresh(self) -> set[str]:
        """
        Messages that these chunks bring.
        """
        return {one for chunk in self.chunks for one in chunk.ids}

    def wanted(self) -> set[str]:
        """
        Messages of earlier stretches that these facts are about.
        """
        about = {fact.message for fact in self.facts if fact.kind not in _ELSEWHERE}
        return about - self.fresh() if self.chunks else about


_ELSEWHERE = frozenset({"routed", "inbound", "orphan"})


def read_stretch(items: Iterable[tuple[str, bytes]]) -> Stretch:
    """
    Decode (kind, body) items; a chunk that is gone from the queue is empty.
    """
    stretch = Stretch([], [])
    for place, (kind, body) in enumerate(items):
        if not body:
            continue
        try:
            if kind == "chunk":
                stretch.chunks.append(_whole(decode_chunk(body)))
            else:
                stretch.facts.extend(_facts.decode(body))
        except _UNREADABLE:
            stretch.spoiled.append(place)
    return stretch


def _whole(chunk: Chunk) -> Chunk:
    """
    A chunk whose columns fit together.
    """
    count = len(chunk.ids)
    if not (0 < count == len(chunk.to) == len(chunk.segments)):
        raise ValueError("a chunk's columns differ")
    if not {len(chunk.texts), len(chunk.refs)} <= {0, count}:
        raise ValueError("a chunk's columns differ")
    return chunk


class Event(msgspec.Struct, array_like=True, gc=False):
    """
    A row of C{account_events}, without what the record adds to it.
    """

    event_id: str
    account: str
    event_type: str
    message_id: str
    occurred_ms: int
    body: str


_json = msgspec.json.Encoder().encode


@attrs.define(eq=False)
class Fold:
    """
    Rows to write. C{lines} holds known messages before anything is taken; those
    of them that a chunk brings again are not new. C{segments} are keys of that
    table, which has nothing else. C{held} are chunks that wait for consent.
    """

    directory: Directory
    lines: dict[str, Line] = attrs.field(factory=dict)
    fresh: list[tuple[Line, Chunk, int]] = attrs.field(factory=list)
    held: list[Chunk] = attrs.field(factory=list)
    touched: dict[str, Line] = attrs.field(factory=dict)
    segments: set[Taken] = attrs.field(factory=set)
    events: list[Event] = attrs.field(factory=list)
    routing: dict[str, list[list[object]]] = attrs.field(factory=dict)
    inbound: list[Fact] = attrs.field(factory=list)
    orphans: list[Fact] = attrs.field(factory=list)
    strays: int = 0
    _accepted: list[tuple[Line, int, int]] = attrs.field(factory=list)
    _tallied: dict[str, Line] = attrs.field(factory=dict)
    _takers: Mapping[str, Callable[[Fact], None]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._takers = {
            "routed": self._routed,
            "inbound": self.inbound.append,
            "orphan": self.orphans.append,
        }

    def take(self, stretch: Stretch) -> None:
        """
        Fold a whole stretch.
        """
        for chunk in stretch.chunks:
            self._chunk(chunk)
        takers = self._takers
        for fact in stretch.facts:
            taker = takers.get(fact.kind)
            if taker is not None:
                taker(fact)
            else:
                self.take_fact(fact)

    def _chunk(self, chunk: Chunk) -> None:
        at = millis_of(chunk.accepted_at)
        refs, state = chunk.refs, "scheduled" if chunk.not_before else "accepted"
        if chunk.held:
            state = "held"
        lines, count, parts = self.lines, 0, 0
        for index, message_id in enumerate(chunk.ids):
            if message_id in lines:
                continue
            line = Line(
                message_id,
                chunk.batch,
                chunk.account,
                chunk.category,
                refs[index] or NONE if refs else NONE,
                chunk.segments[index],
                at,
                state,
            )
            lines[message_id] = line
            self.fresh.append((line, chunk, index))
            count, parts = count + 1, parts + line.segments
        if count:
            self._accepted.append((line, count, parts))
            if chunk.held:
                self.held.append(chunk)

    def _routed(self, fact: Fact) -> None:
        self.routing.setdefault(fact.message, []).append(
            step_of(fact, millis_of(fact.at))
        )

    def take_fact(self, fact: Fact) -> None:
        """
        One fact about a message.
        """
        line = self.lines.get(fact.message)
        if line is None:
            self.strays += 1
            return
        if fact.kind == "answered" and fact.carrier_id:
            self.segments.add(
                (
                    fact.carrier_id,
                    fact.channel or NONE,
                    line.id,
                    line.attempts + 1,
                    fact.part,
                )
            )
        at = millis_of(fact.at)
        event = line.apply(fact, at)
        self.touched[line.id] = line
        if event:
            self._event(line, event, at)
            if line.rank:
                self._tallied[line.id] = line

    def _event(self, line: Line, event: str, at: int) -> None:
        account = self.directory.accounts.get(line.account)
        if account is not None and not account.events:
            return
        self.events.append(
            Event(
                _name(line),
                line.account,
                event,
                line.id,
                at,
                _body(line.state, line.code, line.uncertain > 0, line.late > 0),
            )
        )

    def tallies(self) -> dict[TallyKey, tuple[int, int]]:
        """
        (messages, segments) to add per key; see L{smsgw.storage.tables.tallies}.
        """
        counts: dict[_Counted, tuple[int, int]] = {}
        for line, count, segments in self._accepted:
            _add(counts, line, "accepted", NONE, count, segments)
        for line in self._tallied.values():
            if line.counted is not None:
                _add(counts, line, *line.counted, -1, -line.segments)
            _add(counts, line, line.state, line.channel, 1, line.segments)
        tallies: dict[TallyKey, tuple[int, int]] = {}
        for counted, (messages, parts) in counts.items():
            key = self._key(*counted)
            there = tallies.get(key, (0, 0))
            tallies[key] = (there[0] + messages, there[1] + parts)
        return tallies

    def _key(
        self, accepted_ms: int, owner: str, category: str, state: str, channel: str
    ) -> TallyKey:
        account = self.directory.accounts.get(owner)
        used = self.directory.channels.get(channel)
        return (
            accepted_ms - accepted_ms % _HOUR,
            owner,
            account.department or NONE if account is not None else NONE,
            channel,
            used.carrier if used is not None else NONE,
            category,
            state,
        )


def _add(
    counts: dict[_Counted, tuple[int, int]],
    line: Line,
    state: str,
    channel: str,
    messages: int,
    parts: int,
) -> None:
    key = (line.accepted_ms, line.account, line.category, state, channel)
    there = counts.get(key)
    if there is not None:
        messages, parts = messages + there[0], parts + there[1]
    counts[key] = (messages, parts)


def _name(line: Line) -> str:
    """
    An event's id: a message ends in each final state once, the others come once
    with each attempt; so the same fact has the same id whenever it is told.
    """
    ended = f"{line.id}.{line.state}"
    return ended if line.rank else f"{ended}.{line.attempts + 1}"


class _Body(msgspec.Struct, omit_defaults=True, gc=False):
    """
    What an event says itself; the rest is read with it, from its message.
    """

    state: str
    code: str = NONE
    uncertain: bool = False
    late: bool = False


@lru_cache(maxsize=1024)
def _body(state: str, code: str, uncertain: bool, late: bool) -> str:
    return _json(_Body(state, code, uncertain, late)).decode()
