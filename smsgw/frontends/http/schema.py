"""
What callers may write: bodies of requests, read strictly into a submission.

A batch is read whole; when something in it does not fit, item by item, so that
one wrong item is that item's fault alone.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import attrs
import msgspec

from smsgw.errors import Refused
from smsgw.frontends.http.faults import refusal
from smsgw.frontends.http.times import read_time
from smsgw.message import Item, ItemResult, Submission

__all__ = [
    "Reading",
    "read_acknowledgement",
    "read_batch",
    "read_empty",
    "read_preview",
    "read_send",
]

Ref = Annotated[str, msgspec.Meta(max_length=64)]
Short = Annotated[str, msgspec.Meta(max_length=64)]
Extension = Annotated[str, msgspec.Meta(max_length=12)]

CALLBACK_OCTETS = 1024
_BOM = b"\xef\xbb\xbf"


class Biz(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """
    What the message is about on the caller's side.
    """

    type: Short = ""
    patient_id: Short = ""
    visit_id: Short = ""
    order_id: Short = ""
    department: Short = ""
    campus: Short = ""


class Reply(msgspec.Struct, forbid_unknown_fields=True):
    """
    How replies come back.
    """

    extension: Extension = ""


class Shared(msgspec.Struct, forbid_unknown_fields=True):
    """
    The fields that one text to many and a batch have in common.
    """

    category: Short = ""
    signature: Short | None = None
    send_at: str = ""
    expire_at: str = ""
    callback_data: str = ""
    biz: Biz | None = None
    reply: Reply | None = None
    template_id: Short = ""
    vars: dict[str, str] | None = None
    quiet_hours: Literal["respect", "ignore"] = "respect"


class Send(Shared, forbid_unknown_fields=True, kw_only=True):
    """
    The body of POST /v1/messages.
    """

    to: list[str] | str
    text: str | None = None
    client_ref: Ref = ""


class Batch(Shared, forbid_unknown_fields=True, kw_only=True):
    """
    The body of POST /v1/messages/batch.
    """

    items: list[Item]
    text: str = ""


class LooseBatch(Shared, forbid_unknown_fields=True, kw_only=True):
    """
    A batch of which an item may not fit.
    """

    items: list[msgspec.Raw]
    text: str = ""


class Which(msgspec.Struct):
    """
    As much of a body as tells a batch from a send.
    """

    items: msgspec.Raw = msgspec.Raw()


class Acknowledgement(msgspec.Struct, forbid_unknown_fields=True):
    """
    The body of POST /v1/events/ack.
    """

    event_ids: Annotated[list[Short], msgspec.Meta(min_length=1, max_length=1000)]


@attrs.frozen
class Reading:
    """
    A submission, and the items that could not even be read.

    C{places} says where in the request each item of the submission was; C{None}
    when all of them could be read.
    """

    submission: Submission
    faults: Sequence[ItemResult] = ()
    places: Sequence[int] | None = None


_send = msgspec.json.Decoder(Send)
_batch = msgspec.json.Decoder(Batch)
_loose = msgspec.json.Decoder(LooseBatch)
_which = msgspec.json.Decoder(Which)
_item = msgspec.json.Decoder(Item)
_acknowledgement = msgspec.json.Decoder(Acknowledgement)
_BAD = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def read_send(body: bytes) -> Reading:
    """
    One text to one or many.
    """
    body = body.removeprefix(_BOM)
    try:
        read = _send.decode(body)
    except _BAD as error:
        raise refusal(error, body) from error
    if read.text is None and not read.template_id:
        raise Refused(2003, "text", "text")
    numbers = [read.to] if isinstance(read.to, str) else read.to
    ref = read.client_ref
    items = [Item(number, None, ref) for number in numbers]
    return Reading(_submission(read, items, read.text or "", batch=False))


def read_batch(body: bytes) -> Reading:
    """
    Personalised items.
    """
    body = body.removeprefix(_BOM)
    try:
        read = _batch.decode(body)
    except msgspec.ValidationError:
        return _read_loosely(body)
    except _BAD as error:
        raise refusal(error, body) from error
    return Reading(_submission(read, read.items, read.text, batch=True))


def _read_loosely(body: bytes) -> Reading:
    try:
        read = _loose.decode(body)
    except _BAD as error:
        raise refusal(error, body) from error
    items, places, faults = [], [], []
    for index, raw in enumerate(read.items):
        octets = bytes(raw)
        try:
            items.append(_item.decode(octets))
        except _BAD as error:
            refused = refusal(error, octets, f"items[{index}]")
            faults.append(_fault(index, refused))
            continue
        places.append(index)
    submission = _submission(read, items, read.text, batch=True)
    return Reading(submission, faults, places)


def read_preview(body: bytes) -> Reading:
    """
    Whichever of the two it is: a batch has C{items}.
    """
    body = body.removeprefix(_BOM)
    try:
        given = _which.decode(body)
    except _BAD as error:
        raise refusal(error, body) from error
    return read_batch(body) if bytes(given.items) else read_send(body)


def _fault(index: int, refused: Refused) -> ItemResult:
    return ItemResult(
        index,
        "",
        state="rejected",
        code=refused.code,
        detail=refused.detail,
        field=refused.field,
    )


def _submission(
    read: Shared, items: Sequence[Item], text: str, *, batch: bool
) -> Submission:
    if len(read.callback_data.encode()) > CALLBACK_OCTETS:
        limit = f"至多 {CALLBACK_OCTETS} 字节 / at most {CALLBACK_OCTETS} octets"
        raise Refused(2002, limit, "callback_data")
    if text and read.template_id:
        raise Refused(2002, "text, template_id", "template_id")
    if read.vars and not read.template_id:
        raise Refused(2003, "template_id", "template_id")
    extension = read.reply.extension if read.reply else ""
    if extension and not (extension.isascii() and extension.isdigit()):
        raise Refused(2002, "只能是数字 / digits only", "reply.extension")
    return Submission(
        items,
        text,
        read.category,
        read.signature,
        extension,
        read_time(read.send_at, "send_at"),
        read_time(read.expire_at, "expire_at"),
        read.callback_data,
        msgspec.to_builtins(read.biz) if read.biz else {},
        batch=batch,
        any_hour=read.quiet_hours == "ignore",
        template=read.template_id,
        vars=read.vars or {},
    )


def read_acknowledgement(body: bytes) -> list[str]:
    """
    Ids of events that the caller has.
    """
    try:
        return _acknowledgement.decode(body).event_ids
    except _BAD as error:
        raise refusal(error, body) from error


class Empty(msgspec.Struct, forbid_unknown_fields=True):
    """
    A body without fields.
    """


_empty = msgspec.json.Decoder(Empty)


def read_empty(body: bytes) -> None:
    """
    Nothing, or an object without fields.
    """
    if not body:
        return
    try:
        _empty.decode(body)
    except _BAD as error:
        raise refusal(error, body) from error
