"""
A message's row in motion: what each fact does to it; pure.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from smsgw.message import FINAL, Fact
from smsgw.storage.columns import NONE

__all__ = [
    "EVENTS",
    "Line",
    "millis_of",
    "rank_of",
    "read_steps",
    "step_of",
    "steps_text",
]

EVENTS = {
    "submitted": "message.submitted",
    "delivered": "message.delivered",
    "undelivered": "message.failed",
    "rejected": "message.failed",
    "expired": "message.expired",
    "unknown": "message.unknown",
    "canceled": "message.canceled",
}
_ON_AIR = frozenset({"answered", "refused", "uncertain", "submitted", "receipt"})
_RANKS = dict.fromkeys(FINAL, 2) | {"unknown": 1, "delivered": 3}
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[list[Any]]).decode


def millis_of(at: float) -> int:
    """
    Epoch milliseconds of epoch seconds.
    """
    return int(at * 1000 + 0.5)


def rank_of(state: str) -> int:
    """
    How final a state is: 0 open, 1 unknown, 2 ended, 3 delivered.
    """
    return _RANKS.get(state, 0)


def step_of(fact: Fact, at: int) -> list[object]:
    """
    A fact as the history keeps it: a list, its empty tail cut off.
    """
    kind, state, channel, part = fact.kind, fact.state, fact.channel, fact.part
    if fact.note:
        values = fact.code, fact.carrier_id, fact.note
        return [at, kind, state, channel, part, *values]
    if fact.carrier_id:
        return [at, kind, state, channel, part, fact.code, fact.carrier_id]
    if fact.code:
        return [at, kind, state, channel, part, fact.code]
    if part:
        return [at, kind, state, channel, part]
    return [at, kind, state, channel]


def steps_text(steps: list[list[object]]) -> str:
    """
    Steps as one line of the history column.
    """
    return _encode(steps).decode()


def read_steps(history: str) -> Iterator[list[Any]]:
    """
    All steps of a history column, oldest first.
    """
    for line in history.splitlines():
        yield from _decode(line)


class Line(msgspec.Struct, eq=False, gc=False):
    """
    The columns of a message that facts change, and those that events repeat.

    C{history} holds only what is to be appended. C{counted} is the final
    (state, channel) that the tallies hold for it, None for none.
    """

    id: str
    batch_id: str
    account: str
    category: str
    client_ref: str
    segments: int
    accepted_ms: int
    state: str = "accepted"
    rank: int = 0
    channel: str = NONE
    attempts: int = 0
    code: str = NONE
    uncertain: int = 0
    late: int = 0
    submitted_ms: int = 0
    final_ms: int = 0
    history: list[list[object]] = []
    counted: tuple[str, str] | None = None

    def apply(self, fact: Fact, at: int) -> str:
        """
        Take a fact of that time (epoch ms); the type of the account's event it
        makes, '' for none.
        """
        self.history.append(step_of(fact, at))
        kind = fact.kind
        if kind in _ON_AIR:
            if self.rank == 0:
                self.channel = fact.channel or NONE
            if kind == "uncertain":
                self.uncertain = 1
        elif kind == "again":
            self.attempts += 1
            if self.rank == 0:
                self.channel = NONE
        return self._move(fact, at) if fact.state else ""

    def _move(self, fact: Fact, at: int) -> str:
        """
        A new state, unless it is no news or the message has ended otherwise.
        """
        state = fact.state
        rank = rank_of(state)
        if state == self.state or (self.rank and not self._yields(state, rank)):
            return ""
        event = "message.late" if self.rank else EVENTS.get(state, "")
        self.late = self.late or int(self.rank > 0)
        self.state, self.rank = state, rank
        self.code = fact.code or self.code
        if rank:
            self.final_ms = at
        elif state == "submitted":
            self.submitted_ms = at
        return event

    def _yields(self, state: str, rank: int) -> bool:
        """
        Whether an end gives way: unknown to every other, failure to delivery.
        """
        if self.state == "undelivered":
            return state == "delivered"
        return self.state == "unknown" and rank > self.rank
