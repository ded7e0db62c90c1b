"""
Tests of replies and conversations.
"""

import pytest

from smsgw.views import ReplyView, Turn
from tests.support.doors import NOW, Front

NUMBER = "13800138000"


def test_replies_are_read_by_time() -> None:
    """
    What they answer and what they asked for stands beside them; the cursor goes on.
    """
    front = Front()
    front.inbox.replied = [
        ReplyView("r1", NUMBER, "1069", "1 确认", NOW, "M1", "extension", "confirm")
    ]
    told = front.ask("GET", f"/v1/inbound?number=%2B86{NUMBER}&cursor=5&limit=2").json
    [item] = told["items"]
    assert (NUMBER, "1 确认", "M1", "extension", "confirm") == (
        item["from"],
        item["text"],
        item["message_id"],
        item["matched_by"],
        item["action"],
    )
    assert str(round(NOW * 1000)) == told["cursor"]
    assert [("his", NUMBER, 0.0, 5, 2)] == front.inbox.asked


def test_no_replies_leave_the_cursor() -> None:
    """
    The caller asks on from where it was.
    """
    assert "7" == Front().ask("GET", "/v1/inbound?cursor=7").json["cursor"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("inbound?cursor=x", "cursor"),
        ("inbound?limit=0", "limit"),
        ("inbound?number=12", "to"),
        ("inbound?from=yesterday", "from"),
        ("inbound?more=1", "more"),
        ("conversations/12", "to"),
        (f"conversations/{NUMBER}?limit=501", "limit"),
    ],
)
def test_a_bad_question_is_refused(path: str, field: str) -> None:
    """
    By the name of what is wrong.
    """
    told = Front().ask("GET", f"/v1/{path}")
    assert (400, field) == (told.status, told.json["field"])


def test_a_conversation_has_two_sides() -> None:
    """
    Ours with their state, theirs with what they answer.
    """
    front = Front()
    front.inbox.turns = [
        Turn("out", "M1", NOW, "请确认", "delivered"),
        Turn("in", "r1", NOW + 5, "1", answers="M1"),
    ]
    told = front.ask("GET", f"/v1/conversations/{NUMBER}").json
    assert NUMBER == told["number"]
    assert ["delivered", None] == [one.get("state") for one in told["turns"]]
    assert [None, "M1"] == [one.get("message_id") for one in told["turns"]]
