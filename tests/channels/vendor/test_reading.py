"""
Reports as vendors write them.
"""

from typing import Any

import pytest

from smsgw.channels.vendor.reading import ReportReader
from smsgw.channels.vendor.settings import Push, Reports
from smsgw.message import Receipt

FIELDS: dict[str, Any] = {
    "number": "m",
    "id": "i",
    "code": "c",
    "states": {"DELIVRD": "delivered", "ACCEPTD": "pending"},
    "done": "t",
    "push": Push(token="t"),
}


def reader(per_request: bool = False, **fields: Any) -> ReportReader:
    """
    A reader of such reports.
    """
    return ReportReader.of(Reports(**{**FIELDS, **fields}), "utf-8", per_request)


def receipt(row: Any, **options: Any) -> Receipt | None:
    """
    What it makes of one.
    """
    return reader(**options).receipt(row, "v", 5.0)


def test_receipt() -> None:
    """
    With the vendor's own time.
    """
    row = {"m": "8613800138000", "i": 12, "c": "DELIVRD", "t": "2026"}
    known = Receipt("v", "12", "delivered", "DELIVRD", "13800138000", 5.0, "2026")
    assert known == receipt(row)
    per_request = receipt(row, per_request=True)
    assert per_request is not None
    assert "12/13800138000" == per_request.carrier_id


def test_state_beside_the_code() -> None:
    """
    One tells how it ended, the other why.
    """
    row = {"m": "13800138000", "i": 1, "c": "MK:1", "s": False}
    found = receipt(row, state="s", states={"true": "delivered", "*": "expired"})
    assert found is not None
    assert ("expired", "MK:1") == (found.state, found.code)
    bare = receipt(row | {"c": ""}, state="s")
    assert bare is not None
    assert ("undelivered", "false") == (bare.state, bare.code)


@pytest.mark.parametrize(
    "row",
    [
        {"m": "1", "i": "1", "c": "ACCEPTD"},
        {"m": "1", "c": "DELIVRD"},
        {"m": "1", "i": "1"},
        "text",
        None,
        7,
    ],
)
def test_no_receipt(row: Any) -> None:
    """
    What is not final, or of no message.
    """
    assert receipt(row) is None


def test_lines() -> None:
    """
    Paths may be patterns.
    """
    lines = reader(
        format="lines", id=r"~^(\d+),~", number=r"~,(1\d+),~", code=r"~,(\w+)$~"
    )
    rows = lines.rows(lines.document(b"7,13800138000,DELIVRD\n8,13800138001,ERR\n"))
    found = [lines.receipt(row, "v", 5.0) for row in rows]
    assert ["delivered", "undelivered"] == [one.state for one in found if one]


def test_inbound() -> None:
    """
    A reply without an id gets one that is the same for the same reply.
    """
    replies = reader(id="", text="x", access="a")
    row = {"m": "13800138000", "x": "你好😀", "a": "1069" * 9, "t": "1"}
    found, again = (replies.inbound(row, "v", 5.0) for _ in range(2))
    assert found is not None
    assert found == again
    assert "你好😀" == found.payload.decode("utf-16-be")
    assert 20 == len(found.access_number)
    other = replies.inbound(row | {"t": "2"}, "v", 5.0)
    assert other is not None
    assert other.delivery_id != found.delivery_id
    assert replies.inbound({"x": "nobody"}, "v", 5.0) is None
