"""
Tests of results and views as JSON.
"""

import msgspec

from smsgw.frontends.http.answers import (
    accepted_out,
    event_out,
    preview_out,
    whole_results,
)
from smsgw.frontends.http.schema import Reading
from smsgw.gateway.gateway import PreviewItem
from smsgw.message import Accepted, Item, ItemResult, Submission
from smsgw.views import EventView

FAULT = ItemResult(0, "", code=2002, detail="甲 / a", field="items[0].to")


def test_results_go_back_to_their_places() -> None:
    """
    Index and field are those of the request, not of what could be read.
    """
    reading = Reading(Submission([Item("1")] * 2, batch=True), [FAULT], [1, 2])
    results = [
        ItemResult(0, "138", code=2006, field="items[0].to"),
        ItemResult(1, "13800138000", "ID"),
    ]
    whole = whole_results(results, reading)

    assert [(0, "items[0].to"), (1, "items[1].to"), (2, "")] == [
        (result.index, result.field) for result in whole
    ]


def test_errors_are_in_the_callers_language() -> None:
    """
    Title and particulars both.
    """
    reading = Reading(Submission([], batch=True), [FAULT], [])
    out = accepted_out(Accepted("", 0, 0, 0, []), reading, "en", "r1")

    assert {
        "request_id": "r1",
        "batch_id": "",
        "accepted": 0,
        "rejected": 1,
        "segments": 0,
        "items": [
            {
                "index": 0,
                "error": {
                    "code": 2002,
                    "detail": "Wrong type or value: a",
                    "field": "items[0].to",
                },
            }
        ],
    } == msgspec.json.decode(msgspec.json.encode(out))


def test_previews_keep_their_order() -> None:
    """
    Also beyond nine.
    """
    items = [PreviewItem(index, "13800138000", "x", 1) for index in range(12)]
    reading = Reading(
        Submission([Item("1")] * 12, batch=True), [FAULT], [*range(1, 13)]
    )

    told = preview_out(items, reading, "zh")

    assert [*range(13)] == [one["index"] for one in told]


def test_an_events_own_fields_never_hide_its_name() -> None:
    """
    What all events have is what they all have.
    """
    body: dict[str, object] = {"state": "delivered", "type": "x"}
    event = EventView(3, "e3", "message.delivered", "ID", 1_800_000_000.0, body)

    assert {
        "event_id": "e3",
        "type": "message.delivered",
        "seq": 3,
        "message_id": "ID",
        "occurred_at": "2027-01-15T16:00:00.000+08:00",
        "state": "delivered",
    } == event_out(event)


def test_warnings_stand_beside_their_item() -> None:
    """
    In a send and in a batch; without any the field is not there.
    """
    results = [
        ItemResult(0, "138", "M1", warnings=("mark: 加微信 (1–3)",)),
        ItemResult(1, "139", "M2"),
    ]
    for batch in (False, True):
        reading = Reading(Submission([], "x", batch=batch))
        answer = Accepted("B", 2, 0, 2, results)
        told = msgspec.to_builtins(accepted_out(answer, reading, "zh", "r1"))
        assert [["mark: 加微信 (1–3)"], None] == [
            None if (some := item.get("warnings")) is None else list(some)
            for item in told["items"]
        ]


def test_a_price_is_told_in_yuan() -> None:
    """
    As text, for it is exact; what is free has none.
    """
    items = [PreviewItem(0, "138", price=450), PreviewItem(1, "139")]
    told = preview_out(items, Reading(Submission([], "x")), "zh")
    assert ["0.0450", None] == [one.get("price") for one in told]
