"""
Submits become submissions: texts read, parts of long messages joined first.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

import attrs
import msgspec

from smsgw.directory import Account, Peer
from smsgw.errors import Refused
from smsgw.frontends.carrier.ticket import Stub, Ticket, read_stub
from smsgw.message import Accepted, Item, Piece, Submission
from smsgw.numbering import normalise_many
from smsgw.protocols.neutral import OutSegment
from smsgw.text import UserData, join_payloads, parse_udh

__all__ = ["Intake", "Parts", "word_of"]

BAD_NUMBER = 2006
BRACKETS = ("【", "】")
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[bytes, int]).decode
_WORDS: Mapping[int, str] = MappingProxyType(
    {
        1005: "address",
        1006: "service",
        1007: "service",
        2004: "length",
        2005: "length",
        2006: "destination",
        2007: "destination",
        2013: "destination",
        3001: "throttled",
        5001: "destination",
        5002: "busy",
        7003: "busy",
    }
)


class Parts(Protocol):
    """
    What this needs of L{smsgw.queues.parts.RedisParts}.
    """

    async def keep(
        self, pieces: Sequence[Piece], now: float
    ) -> Sequence[Sequence[tuple[bytes, bytes]]]: ...

    async def drop(self, keys: Sequence[str]) -> None: ...


def word_of(refused: Refused) -> str:
    """
    A refusal of ours as one of L{smsgw.protocols.neutral.SUBMIT_WORDS}.
    """
    return _WORDS.get(refused.code, "format")


@attrs.define(eq=False)
class Intake:
    """
    The way from a submit to the one way in; what it returns from is durable.
    """

    accept: Callable[[Account, Submission, float], Awaitable[Accepted]]
    parts: Parts

    async def take(
        self,
        peer: Peer,
        account: Account,
        segments: Sequence[OutSegment],
        carrier_id: str,
        now: float,
    ) -> None:
        """
        One submit, to one or more numbers, known to the system as C{carrier_id}.

        Raises L{Refused} or C{Unavailable}: then nothing of it is kept.
        """
        first = segments[0]
        if None in normalise_many([one.to for one in segments]):
            raise Refused(BAD_NUMBER, "", "to")
        data = parse_udh(first.payload) if first.udhi else None
        if data is not None and data.parts > 1:
            await self._part(peer, account, segments, data, carrier_id, now)
            return
        body = first.payload if data is None else data.body
        text = join_payloads([(body, first.coding)])
        await self._accept(peer, account, segments, text, [carrier_id], "", now)

    async def _part(
        self,
        peer: Peer,
        account: Account,
        segments: Sequence[OutSegment],
        data: UserData,
        carrier_id: str,
        now: float,
    ) -> None:
        key = _key(peer, segments, data)
        first = segments[0]
        body = _encode((data.body, first.coding))
        stub = Stub(carrier_id, peer.id, first.src, first.to, first.registered)
        piece = Piece(key, data.part, data.parts, body, stub.written())
        (whole,) = await self.parts.keep([piece], now)
        if not whole:
            return
        text = join_payloads([_decode(body) for body, _ in whole])
        ids = [read_stub(note).carrier_id for _, note in whole]
        await self._accept(peer, account, segments, text, ids, key, now)
        await self.parts.drop([key])

    async def _accept(
        self,
        peer: Peer,
        account: Account,
        segments: Sequence[OutSegment],
        text: str,
        ids: list[str],
        key: str,
        now: float,
    ) -> None:
        """
        C{key} makes the joining of parts that is repeated after a crash the same.
        """
        first = segments[0]
        ticket = Ticket(peer.id, ids, first.src or peer.access, first.registered)
        await self.accept(
            account,
            Submission(
                items=[Item(one.to) for one in segments],
                text=text,
                signature="" if _signed(text) else None,
                extension=first.src.removeprefix(peer.access),
                send_at=first.at_time if first.at_time > now else 0.0,
                expire_at=first.valid_until if first.valid_until > now else 0.0,
                callback_data=ticket.written(),
                idempotency_key=f"peer:{key}:{ids[0]}" if key else "",
                body_hash=hashlib.sha256(text.encode()).digest() if key else b"",
            ),
            now,
        )


def _key(peer: Peer, segments: Sequence[OutSegment], data: UserData) -> str:
    """
    Parts with the same key are of one message.
    """
    told = [peer.id, segments[0].src, str(data.reference), f"{data.bits}/{data.parts}"]
    told += [one.to for one in segments]
    return hashlib.blake2b("|".join(told).encode(), digest_size=16).hexdigest()


def _signed(text: str) -> bool:
    """
    A text that has a signature of its own gets none of ours.
    """
    return text.startswith(BRACKETS[0]) or text.endswith(BRACKETS[1])
