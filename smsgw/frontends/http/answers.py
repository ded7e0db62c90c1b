"""
What callers read: views and results as the JSON of version 1.
"""

from collections.abc import Sequence

import msgspec

from smsgw.frontends.http.amounts import yuan
from smsgw.frontends.http.problem import detail_of, number_words
from smsgw.frontends.http.schema import Reading
from smsgw.frontends.http.times import write_time
from smsgw.gateway.gateway import PreviewItem
from smsgw.message import FINAL, Accepted, ItemResult
from smsgw.views import EventView, MessageView, Step

__all__ = [
    "BAD_NUMBER",
    "AcceptedOut",
    "ItemOut",
    "MessageOut",
    "accepted_out",
    "event_out",
    "message_out",
    "preview_out",
    "step_out",
    "whole_results",
]

BAD_NUMBER = 2006


class Error(msgspec.Struct, omit_defaults=True):
    """
    Why an item was refused.
    """

    code: int
    detail: str
    field: str = ""


class ItemOut(msgspec.Struct, omit_defaults=True, gc=False):
    """
    An item's answer: taken, or refused with an error.
    """

    index: int | None = None
    id: str = ""
    to: str = ""
    client_ref: str = ""
    state: str = ""
    segments: int = 0
    category: str = ""
    duplicate: bool = False
    error: Error | None = None
    warnings: tuple[str, ...] = ()


class AcceptedOut(msgspec.Struct):
    """
    The answer to a send or a batch.
    """

    request_id: str
    batch_id: str
    accepted: int
    rejected: int
    segments: int
    items: list[ItemOut]


class MessageOut(msgspec.Struct, omit_defaults=True):
    """
    A message in its newest recorded state.
    """

    id: str
    batch_id: str
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
    final: bool = False
    attempts: int = 0
    accepted_at: str | None = None
    submitted_at: str | None = None
    final_at: str | None = None
    callback_data: str = ""
    biz: dict[str, str] = msgspec.field(default_factory=dict)


def accepted_out(
    accepted: Accepted, reading: Reading, language: str, request_id: str
) -> AcceptedOut:
    """
    The whole answer; items of a batch carry their place in the request.
    """
    batch = reading.submission.batch
    results = whole_results(accepted.items, reading)
    if not batch and not accepted.rejected:
        items = [
            ItemOut(
                None, r.id, r.to, r.client_ref, r.state, r.segments, r.category,
                r.duplicate, warnings=r.warnings,
            )
            for r in results
        ]  # fmt: skip
    else:
        items = [_item_out(one, batch, language) for one in results]
    return AcceptedOut(
        request_id,
        accepted.batch_id,
        accepted.accepted,
        accepted.rejected + len(reading.faults),
        accepted.segments,
        items,
    )


def whole_results(results: list[ItemResult], reading: Reading) -> list[ItemResult]:
    """
    Results by their places in the request, with the items that were not read.
    """
    if reading.places is None:
        return results
    moved = list(reading.faults)
    for result in results:
        old, result.index = result.index, reading.places[result.index]
        result.field = result.field.replace(
            f"items[{old}]", f"items[{result.index}]", 1
        )
        moved.append(result)
    return sorted(moved, key=lambda result: result.index)


def _item_out(result: ItemResult, batch: bool, language: str) -> ItemOut:
    out = ItemOut(result.index if batch else None, result.id, result.to)
    out.client_ref, out.duplicate = result.client_ref, result.duplicate
    if result.code:
        out.id = ""
        out.error = _error(
            result.code, result.detail, result.field, result.to, language
        )
        return out
    out.state, out.segments = result.state, result.segments
    out.category, out.warnings = result.category, result.warnings
    return out


def _error(code: int, detail: str, field: str, to: str, language: str) -> Error:
    if code == BAD_NUMBER and not detail:
        detail = number_words(to)
    return Error(code, detail_of(code, detail, language), field)


def preview_out(
    items: Sequence[PreviewItem], reading: Reading, language: str
) -> list[dict[str, object]]:
    """
    What would become of each item, by its place in the request.
    """
    told: list[tuple[int, dict[str, object]]] = []
    for fault in reading.faults:
        error = _error(fault.code, fault.detail, fault.field, "", language)
        told.append((fault.index, {"index": fault.index, "error": error}))
    for item in items:
        one: dict[str, object] = msgspec.to_builtins(item)
        place = item.index if reading.places is None else reading.places[item.index]
        one["index"] = place
        if item.price:
            one["price"] = yuan(item.price)
        if item.code:
            field = item.field.replace(f"items[{item.index}]", f"items[{place}]", 1)
            for name in ("code", "detail", "field"):
                one.pop(name, None)
            one["error"] = _error(item.code, item.detail, field, item.to, language)
        told.append((place, one))
    return [one for _, one in sorted(told, key=lambda pair: pair[0])]


def message_out(view: MessageView) -> MessageOut:
    """
    A message of the record.
    """
    return MessageOut(
        view.id,
        view.batch_id,
        view.to,
        view.text,
        view.category,
        view.state,
        view.segments,
        view.client_ref,
        view.signature,
        view.channel,
        view.code,
        view.uncertain,
        view.late,
        view.state in FINAL,
        view.attempts,
        write_time(view.accepted_at),
        write_time(view.submitted_at),
        write_time(view.final_at),
        view.callback_data,
        view.biz,
    )


def step_out(step: Step) -> dict[str, object]:
    """
    A line of a message's history.
    """
    told: dict[str, object] = {"at": write_time(step.at), "kind": step.kind}
    for name in ("state", "channel", "part", "code", "carrier_id", "note"):
        if value := getattr(step, name):
            told[name] = value
    return told


def event_out(event: EventView) -> dict[str, object]:
    """
    An event, for readers and for callbacks alike.
    """
    return {
        **event.body,
        "event_id": event.event_id,
        "type": event.type,
        "seq": event.seq,
        "message_id": event.message_id,
        "occurred_at": write_time(event.occurred_at),
    }
