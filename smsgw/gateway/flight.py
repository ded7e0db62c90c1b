"""
A leased message on its way over the air, and what its segments' outcomes mean.

Pure: outcomes and time go in, a L{Settle} and facts come out.
"""

import struct

import attrs
import msgspec

from smsgw.gateway.plan import tally_of
from smsgw.message import Attempt, Fact, Message, Part, encode
from smsgw.ports import Settle

__all__ = [
    "Flight",
    "decode_attempt",
    "decode_entry",
    "entry_of",
    "price_of",
    "worst",
]

_message = msgspec.msgpack.Decoder(Message)
decode_attempt = msgspec.msgpack.Decoder(Attempt).decode
_header = struct.Struct(">HIHIH").pack
_size = struct.Struct(">H").pack
_NEVER = 0xFFFF_FFFF
_UNKNOWN_FATE = frozenset({"", "sent", "uncertain"})
_FAILED_PART = frozenset({"refused", "undelivered", "expired"})
_BADNESS = {"delivered": 0, "unknown": 1, "expired": 2, "undelivered": 3}


def entry_of(message: Message, tally: str = "", price: int = 0) -> bytes:
    """
    The bytes of an out queue's entry: the header that scripts read
    (L{smsgw.ports.Put}), then the message.
    """
    name = message.id.encode()
    found = tally or tally_of(message.account, message.accepted_at)
    counted = found.encode()
    size, expires_at = len(name), min(int(message.expires_at), _NEVER)
    return b"%b%b%b%b%b" % (
        _header(14 + size + len(counted), expires_at, message.segments, price, size),
        name,
        _size(len(counted)),
        counted,
        encode(message),
    )


def decode_entry(entry: bytes) -> Message:
    """
    The message in an entry.
    """
    return _message.decode(memoryview(entry)[2 + (entry[0] << 8 | entry[1]) :])


def price_of(entry: bytes) -> int:
    """
    What is reserved for the message in an entry, in units of 0.0001 yuan.
    """
    return int.from_bytes(entry[8:12])


def worst(states: list[str]) -> str:
    """
    A message's state from its segments': delivered only if all are.
    """
    return max(states, key=_BADNESS.__getitem__)


@attrs.define(eq=False)
class Flight:
    """
    One leased message at one channel.

    C{parts[k]} for k < C{attempt.upto} may go to a socket; C{asked} is the C{upto}
    that the next exchange makes durable. While parked it is looked at again at
    C{due}; C{held} means that nothing but a receipt may change it until then.
    """

    message: Message
    attempt: Attempt
    tally: str
    due: float = 0.0
    held: bool = False
    asked: int = 0
    dirty: bool = False
    fresh_ids: list[tuple[str, int]] = attrs.field(factory=list)

    @classmethod
    def of(cls, channel: str, upto: int, entry: bytes, state: bytes) -> "Flight":
        """
        From a lease; C{state} is not empty for one that is found again.
        """
        message = decode_entry(entry)
        number, doubt, resends = message.attempt, message.uncertain, message.resends
        if not state:
            attempt = Attempt(channel, number, upto, 0, doubt, [], resends)
        else:
            attempt = decode_attempt(state)
            attempt.channel = channel or attempt.channel
            attempt.number = number
            attempt.uncertain = attempt.uncertain or doubt
            attempt.resends = max(attempt.resends, resends)
        return cls(message, attempt, tally_of(message.account, message.accepted_at))

    def prepare(self, parts: int) -> None:
        """
        The channel says how many segments this message needs there.
        """
        if len(self.attempt.parts) != parts:
            self.attempt.parts = [Part() for _ in range(parts)]

    @property
    def untouched(self) -> bool:
        """
        No segment is known to be taken, so another channel may start anew.
        """
        return all(part.state in _UNKNOWN_FATE for part in self.attempt.parts)

    @property
    def begun(self) -> bool:
        """
        The carrier took a segment, whatever became of it.
        """
        answers = (part.state for part in self.attempt.parts)
        return any(one not in _UNKNOWN_FATE and one != "refused" for one in answers)

    def unanswered(self) -> list[int]:
        """
        Segments that were given to a socket and have no answer.
        """
        return self._in("sent")

    def uncertain(self) -> list[int]:
        """
        Segments that were given to a line that went; each may have been sent.
        """
        return self._in("uncertain")

    def _in(self, state: str) -> list[int]:
        parts = self.attempt.parts
        return [k for k, part in enumerate(parts) if part.state == state]

    def sendable(self) -> list[int]:
        """
        Segments that may go to a socket now.
        """
        attempt = self.attempt
        upto = min(attempt.upto, len(attempt.parts))
        return [k for k in range(upto) if not attempt.parts[k].state]

    def sent(self, part: int) -> None:
        """
        A segment went to a socket.
        """
        self.attempt.parts[part].state = "sent"

    def taken(self, part: int, carrier_id: str, now: float) -> Fact:
        """
        The carrier took a segment and named it.
        """
        place = self.attempt.parts[part]
        if place.state in _UNKNOWN_FATE:
            place.state = "taken"
        place.carrier_id = carrier_id
        if carrier_id:
            self.fresh_ids.append((f"{self.attempt.channel}|{carrier_id}", part))
        self.dirty = True
        return self.fact("answered", now, part=part + 1, carrier_id=carrier_id)

    def refused(self, part: int, code: str, now: float) -> Fact:
        """
        The carrier refused a segment for good; the rest is pointless.
        """
        place = self.attempt.parts[part]
        place.state, place.code = "refused", code
        self.dirty = True
        return self.fact("refused", now, part=part + 1, code=code)

    def doubted(self, now: float) -> list[Fact]:
        """
        The link went with segments unanswered: each may have been sent.
        """
        attempt = self.attempt
        facts = []
        for part in self.unanswered():
            attempt.parts[part].state = "uncertain"
            attempt.uncertain = self.message.uncertain = True
            facts.append(self.fact("uncertain", now, part=part + 1))
        self.dirty = self.dirty or bool(facts)
        return facts

    def resend(self) -> bool:
        """
        Uncertain segments may be sent once more; whether there were any.
        """
        parts = self.uncertain()
        for part in parts:
            self.attempt.parts[part].state = ""
        if parts:
            self.attempt.resends += 1
            self.message.resends = self.attempt.resends
        return bool(parts)

    def complete(self) -> bool:
        """
        All segments are answered, or one is refused.
        """
        answered = True
        for part in self.attempt.parts:
            if part.state == "refused":
                return True
            if part.state in _UNKNOWN_FATE:
                answered = False
        return answered

    def outcome(self) -> tuple[str, str]:
        """
        (final state or '' to wait for receipts, code) of a complete flight.
        """
        parts, waits = self.attempt.parts, False
        for part in parts:
            if part.state in _FAILED_PART:
                state = "undelivered" if part.state == "refused" else part.state
                return state, part.code
            waits = waits or part.state == "taken"
        if waits:
            return "", ""
        if len(parts) == 1:
            return parts[0].state, parts[0].code
        return worst([part.state for part in parts]), parts[-1].code

    def receipted(self, part: int, state: str, code: str, now: float) -> Fact:
        """
        A receipt of one segment.
        """
        place = self.attempt.parts[part]
        place.state, place.code = state, code
        self.dirty = True
        return self.fact(
            "receipt",
            now,
            part=part + 1,
            code=code,
            carrier_id=place.carrier_id,
            note=state,
        )

    def fact(
        self,
        kind: str,
        now: float,
        state: str = "",
        part: int = 0,
        code: str = "",
        carrier_id: str = "",
        note: str = "",
    ) -> Fact:
        """
        A fact about this message at this channel.
        """
        message = self.message
        return Fact(
            kind,
            message.id,
            now,
            state,
            self.attempt.channel,
            part,
            code,
            carrier_id,
            note,
            message.account,
        )

    def settle(self, kind: str) -> Settle:
        """
        The step for the next exchange: progress, open, update or end.
        """
        ids, self.fresh_ids, self.dirty = self.fresh_ids, [], False
        attempt, state = self.attempt, b""
        if kind != "end":
            granted, attempt.upto = attempt.upto, max(attempt.upto, self.asked)
            state = encode(attempt)
            attempt.upto = granted
        return Settle(kind, self.message.id, self.tally, state, ids)

    def all_ids(self) -> list[tuple[str, int]]:
        """
        Every carrier id of this attempt, for taking them out of the map.
        """
        return [
            (f"{self.attempt.channel}|{part.carrier_id}", k)
            for k, part in enumerate(self.attempt.parts)
            if part.carrier_id
        ]

    def again(self, queue: str, not_before: float, front: bool) -> Settle:
        """
        Back to an out queue as the next attempt.
        """
        message = self.message
        message.attempt += 1
        return Settle(
            "again",
            message.id,
            self.tally,
            carrier_ids=self.all_ids(),
            queue=queue,
            entry=entry_of(message),
            not_before=not_before,
            front=front,
        )
