"""
What readers of the record see: a message, its history, an account's events.

Times are epoch seconds, 0 for "not yet". Doors render them.
"""

import attrs
import msgspec

__all__ = ["EventView", "MessageView", "Search", "Step"]


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
