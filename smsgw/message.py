"""
The nouns that travel: submissions, chunks, messages, facts.

Values that cross the queue are C{msgspec} structs encoded as arrays; a first
field C{version} lets a newer release read what an older one queued.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

import attrs
import msgspec

__all__ = [
    "FINAL",
    "HELD",
    "LANES",
    "Accepted",
    "Attempt",
    "Chunk",
    "Fact",
    "Inbound",
    "Item",
    "ItemResult",
    "Message",
    "Part",
    "Piece",
    "Receipt",
    "Submission",
    "decode_chunk",
    "encode",
]

LANES = ("critical", "code", "notice", "bulk")
HELD = "held"  # intake of what waits for consent
FINAL = frozenset(
    {"delivered", "undelivered", "expired", "unknown", "rejected", "canceled"}
)

encode = msgspec.msgpack.Encoder().encode


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """
    One recipient as a caller wrote it; C{text} or the C{vars} of the submission's
    template only when personalised.

    Doors that read JSON decode straight into it.
    """

    to: str
    text: str | None = None
    client_ref: Annotated[str, msgspec.Meta(max_length=64)] = ""
    vars: dict[str, str] | None = None


@attrs.frozen
class Submission:
    """
    What a door read: one text to many numbers, or many personalised items.

    Times are epoch seconds, 0 for "not given". C{idempotency_key} is already
    scoped by credential, method and path; C{body_hash} tells the same body.
    C{any_hour}: it is sent outside the send windows too. C{batch} makes faults per
    item instead of refusing the whole. C{maker} is who wrote it, '' for the account.
    C{template} and its C{vars} stand for a text. C{whole} is how many items are sent
    at once where this is a part of them, 0 for these alone.
    """

    items: Sequence[Item]
    text: str = ""
    category: str = ""
    signature: str | None = None
    extension: str = ""
    send_at: float = 0.0
    expire_at: float = 0.0
    callback_data: str = ""
    biz: Mapping[str, str] = attrs.field(factory=dict)
    idempotency_key: str = ""
    body_hash: bytes = b""
    nonce: str = ""
    batch: bool = False
    any_hour: bool = False
    maker: str = ""
    template: str = ""
    vars: Mapping[str, str] = attrs.field(factory=dict)
    whole: int = 0


class ItemResult(msgspec.Struct, omit_defaults=True, gc=False):
    """
    The answer for one item: an id, or a fault with the field it is about.

    C{index} is the item's place in the request; C{duplicate} means C{id} is the
    message that carried this C{client_ref} before.
    """

    index: int
    to: str
    id: str = ""
    client_ref: str = ""
    state: str = "accepted"
    segments: int = 0
    category: str = ""
    duplicate: bool = False
    code: int = 0
    detail: str = ""
    field: str = ""
    warnings: tuple[str, ...] = ()


class Accepted(msgspec.Struct, gc=False):
    """
    The answer to a submission: durably stored, or refused per item.
    """

    batch_id: str
    accepted: int
    rejected: int
    segments: int
    items: list[ItemResult]
    replayed: bool = False


class Chunk(msgspec.Struct, array_like=True, gc=False):
    """
    Up to 200 recipients of one accepted submission, on the way to dispatch.

    Columns, not rows: C{texts}, C{refs} are empty when all share C{text} or have
    no reference. C{segments} is the count per message at accept, same rule.
    C{any_hour}: send windows do not hold for it. C{held} says why it waits for
    consent, by somebody else than C{maker}. C{prices} are empty when nothing is
    billed. C{why} says how the category came about where that is not plain.
    """

    version: int
    id: str
    account: str
    batch: str
    lane: str
    category: str
    signature: str
    extension: str
    accepted_at: float
    not_before: float
    expires_at: float
    callback_data: str
    biz: dict[str, str]
    text: str
    ids: list[str]
    to: list[str]
    texts: list[str]
    refs: list[str]
    segments: list[int]
    any_hour: bool = False
    held: str = ""
    maker: str = ""
    template: str = ""
    prices: list[int] = msgspec.field(default_factory=list)
    why: str = ""


_chunk_decoder = msgspec.msgpack.Decoder(Chunk)
decode_chunk = _chunk_decoder.decode


class Part(msgspec.Struct, array_like=True):
    """
    One segment of the running attempt.

    C{state}: '' unsent, 'sent', 'uncertain' (sent, its answer never came),
    'taken' (carrier id known), 'refused', then by receipt 'delivered',
    'undelivered', 'expired', 'unknown'.
    """

    state: str = ""
    carrier_id: str = ""
    code: str = ""


class Attempt(msgspec.Struct, array_like=True):
    """
    The state of a leased or submitted message, kept beside its entry.

    C{upto} segments may have reached a socket (leased); C{reference} is the
    concatenation reference. C{uncertain} stays set once a segment was doubled
    or may be; C{resends} counts how often that was risked.
    """

    channel: str = ""
    number: int = 1
    upto: int = 0
    reference: int = 0
    uncertain: bool = False
    parts: list[Part] = msgspec.field(default_factory=list)
    resends: int = 0


class Message(msgspec.Struct, array_like=True):
    """
    One message to one recipient, as it waits in an out queue.

    C{attempt} counts from 1; C{failed} names channels not to be tried again.
    """

    version: int
    id: str
    account: str
    batch: str
    category: str
    lane: str
    to: str
    text: str
    signature: str
    extension: str
    accepted_at: float
    expires_at: float
    segments: int
    group: str
    attempt: int = 1
    uncertain: bool = False
    failed: list[str] = msgspec.field(default_factory=list)
    resends: int = 0


class Receipt(msgspec.Struct, array_like=True, gc=False):
    """
    A status report as a carrier gave it; C{state} is a final message state.
    """

    channel: str
    carrier_id: str
    state: str
    code: str
    number: str
    at: float
    done_at: str = ""


class Inbound(msgspec.Struct, array_like=True, gc=False):
    """
    A reply (MO), or one part of a long one (C{parts} > 1).

    C{payload} is without its user data header; C{coding} is the carrier's.
    """

    channel: str
    delivery_id: str
    number: str
    access_number: str
    payload: bytes
    coding: int
    at: float
    part: int = 1
    parts: int = 1
    reference: int = 0
    text: str = ""


class Piece(msgspec.Struct, array_like=True, gc=False):
    """
    A part of a long message from a system that splits; C{key} is its message's.

    C{note} goes with the body, the newest if the same body comes again.
    """

    key: str
    part: int
    parts: int
    body: bytes
    note: bytes = b""


class Fact(msgspec.Struct, array_like=True, gc=False):
    """
    Something that happened to a message; the record is made of these.

    C{kind}: routed, rejected, submitting, answered, refused, uncertain, again,
    submitted, receipt, final, cancel, inbound, orphan. C{state} is the message's
    new state, '' for no change. C{code} is the carrier's or ours.
    """

    kind: str
    message: str
    at: float
    state: str = ""
    channel: str = ""
    part: int = 0
    code: str = ""
    carrier_id: str = ""
    note: str = ""
    account: str = ""
    inbound: Inbound | None = None
    receipt: Receipt | None = None
