"""
What readers of the record see: a message, its history, an account's events; and
how they ask for it.

Times are epoch seconds, 0 for "not yet". Doors render them.
"""

from collections.abc import Sequence
from typing import Protocol

import attrs
import msgspec

__all__ = [
    "Batches",
    "EventView",
    "Inbox",
    "MessageView",
    "Progress",
    "Reader",
    "ReplyView",
    "Search",
    "Step",
    "Turn",
]


class MessageView(msgspec.Struct, gc=False):
    """
    A message in its newest recorded state.
    """

    id: str
    batch_id: str
    account: str
    to: str
    text: str
    category: str
    state: str
    segments: int
    client_ref: str = ""
    signature: str = ""
    channel: str = ""
    code: str = ""
    uncertain: bool = False
    late: bool = False
    attempts: int = 0
    accepted_at: float = 0.0
    submitted_at: float = 0.0
    final_at: float = 0.0
    callback_data: str = ""
    biz: dict[str, str] = msgspec.field(default_factory=dict)


class Step(msgspec.Struct, gc=False):
    """
    One line of a message's history; fields as in L{smsgw.message.Fact}.
    """

    at: float
    kind: str
    state: str = ""
    channel: str = ""
    part: int = 0
    code: str = ""
    carrier_id: str = ""
    note: str = ""


class EventView(msgspec.Struct, gc=False):
    """
    A fact an account may read, push or acknowledge; C{seq} is the cursor.

    C{type}: message.submitted, message.delivered, message.failed,
    message.expired, message.unknown, message.canceled, message.late,
    inbound.received. C{body} holds the type's own fields.
    """

    seq: int
    event_id: str
    type: str
    message_id: str
    occurred_at: float
    body: dict[str, object]


class ReplyView(msgspec.Struct, gc=False):
    """
    A reply; C{message_id} is what it answers by the rule C{matched_by}, '' for
    nothing. C{action} is what it asked for.
    """

    id: str
    number: str
    access_number: str
    text: str
    at: float
    message_id: str = ""
    matched_by: str = ""
    action: str = ""
    note: str = ""


class Progress(msgspec.Struct, gc=False):
    """
    How far a batch is: C{state} running, paused or canceled; its messages by their
    newest recorded C{states}.
    """

    batch: str
    state: str
    states: dict[str, int]
    segments: int = 0


class Turn(msgspec.Struct, gc=False):
    """
    One side's word in a conversation: C{out} is ours, with its C{state}; C{in} is
    theirs, with the message it C{answers}.
    """

    side: str
    id: str
    at: float
    text: str
    state: str = ""
    answers: str = ""


@attrs.frozen
class Search:
    """
    Which messages; empty fields match all. C{to} is a normalised number.
    """

    client_ref: str = ""
    to: str = ""
    state: str = ""
    batch: str = ""
    since: float = 0.0
    until: float = 0.0


class Reader(Protocol):
    """
    The record as doors may read it; everything is scoped to one account.
    """

    async def message(self, account: str, message_id: str) -> MessageView | None: ...

    async def timeline(self, account: str, message_id: str) -> list[Step]: ...

    async def search(
        self, account: str, wanted: Search, cursor: str, limit: int
    ) -> tuple[list[MessageView], str]:
        """
        Newest first; the second value is the next cursor, '' at the end.
        """
        ...

    async def events(
        self,
        account: str,
        types: Sequence[str],
        cursor: int,
        limit: int,
        unread: bool = False,
    ) -> list[EventView]:
        """
        Oldest first, those with C{seq} above C{cursor}; no C{types} are all.

        C{unread} leaves out what was acknowledged already.
        """
        ...

    async def acknowledge(
        self, account: str, by: str, event_ids: Sequence[str], now: float
    ) -> int:
        """
        Note that the customer's side has these (T5); how many were new.
        """
        ...


class Inbox(Protocol):
    """
    Replies as doors may read them; everything is scoped to one account.
    """

    async def replies(
        self, account: str, number: str, since: float, cursor: int, limit: int
    ) -> list[ReplyView]:
        """
        Oldest first, received after both C{since} (epoch seconds) and C{cursor}
        (epoch ms); C{number} '' is anybody's.
        """
        ...

    async def conversation(self, account: str, number: str, limit: int) -> list[Turn]:
        """
        The newest turns with a number, oldest first.
        """
        ...


class Batches(Protocol):
    """
    Batches as their callers may watch and steer them; each account its own.
    """

    async def progress(self, account: str, batch: str) -> Progress | None: ...

    async def steer(
        self, account: str, batch: str, state: str, who: str, now: float
    ) -> None:
        """
        C{state}: running, paused or canceled. L{Refused} for a batch that is not
        there, or was canceled.
        """
        ...
