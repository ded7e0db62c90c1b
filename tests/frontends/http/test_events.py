"""
Tests of the stream of events.
"""

import pytest

from smsgw.views import EventView
from tests.support.doors import NOW, Front


def front() -> Front:
    """
    With two reports and a reply.
    """
    one = Front()
    one.shown.stream = [
        EventView(1, "e1", "message.submitted", "M", NOW, {}),
        EventView(2, "e2", "inbound.received", "M", NOW, {"text": "收到"}),
        EventView(3, "e3", "message.delivered", "M", NOW, {"state": "delivered"}),
    ]
    return one


@pytest.mark.parametrize(
    ("query", "seqs", "cursor"),
    [
        ("", [1, 2, 3], "3"),
        ("?cursor=1", [2, 3], "3"),
        ("?limit=1", [1], "1"),
        ("?types=report", [1, 3], "3"),
        ("?types=inbound", [2], "2"),
        ("?types=inbound,message.delivered", [2, 3], "3"),
        ("?cursor=9", [], "9"),
    ],
)
def test_events_are_read_by_cursor(query: str, seqs: list[int], cursor: str) -> None:
    """
    As often as asked; the cursor stays where nothing follows.
    """
    told = front().ask("GET", f"/v1/events{query}").json

    assert seqs == [event["seq"] for event in told["events"]]
    assert cursor == told["cursor"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("types=all", "types"),
        ("cursor=-1", "cursor"),
        ("cursor=99999999999999999999", "cursor"),
        ("limit=x", "limit"),
    ],
)
def test_a_bad_question_is_refused(query: str, field: str) -> None:
    """
    By the name of what is wrong.
    """
    told = Front().ask("GET", f"/v1/events?{query}")

    assert (400, 2002, field) == (told.status, told.json["code"], told.json["field"])


def test_an_acknowledgement_is_noted() -> None:
    """
    Under the credential's name, counting what is new.
    """
    one = front()
    ids = {"event_ids": ["e1", "e2"]}

    assert 2 == one.ask("POST", "/v1/events/ack", ids).json["acknowledged"]
    assert 0 == one.ask("POST", "/v1/events/ack", ids).json["acknowledged"]
    assert {("his", "api:his"): ["e1", "e2"]} == one.shown.acknowledged
