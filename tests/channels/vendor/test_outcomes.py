"""
What answers say: taken, refused, too fast, or nobody knows.
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.channels.vendor.outcomes import Doubt, Handed, OutcomeReader, Result, plain
from smsgw.channels.vendor.settings import SubmitAnswer
from smsgw.outgoing import Response
from smsgw.protocols.neutral import Rejected, Sent, Throttled

ONE = [Handed("13800138000", "M1")]
TWO = [*ONE, Handed("13800138001", "M2")]
PLAIN: dict[str, Any] = {
    "code": "code",
    "success": ("0", "OK"),
    "id": "id",
    "classes": {"7": "throttle", "8": "unknown_outcome", "9": "content"},
    "throttle_seconds": 3.0,
}


def read(answer: Any, told: Any, handed: Any = ONE, status: int = 200) -> list[Result]:
    """
    The results of an answer.
    """
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    reader = OutcomeReader.of(SubmitAnswer(**answer), "utf-8")
    return reader.read(Response(status, {}, body), handed)


@pytest.mark.parametrize(
    ("told", "status", "result"),
    [
        ({"code": 0, "id": 77}, 200, Sent("77")),
        ({"code": "OK"}, 200, Sent("")),
        ({"code": 7}, 200, Throttled(3.0, "7")),
        ({"code": 8}, 200, Doubt("code 8")),
        ({"code": 9}, 200, Rejected("9", "content")),
        ({"code": -1}, 200, Rejected("-1", "permanent")),
        ({"id": 1}, 200, Doubt("no code in the answer")),
        (b"<html>", 200, Doubt("not JSON")),
        (b"", 200, Doubt("not JSON")),
        ({"code": 0}, 500, Doubt("code http-500")),
        (b"", 401, Rejected("http-401", "config")),
        (b"", 429, Throttled(3.0, "http-429")),
        (b"", 302, Doubt("code http-302")),
    ],
)
def test_one(told: Any, status: int, result: Result) -> None:
    """
    Only a clear word is believed.
    """
    assert [result] == read(PLAIN, told, status=status)


def test_any_other_code() -> None:
    """
    A table may say what a stranger means.
    """
    answer = PLAIN | {"classes": {"*": "carrier_fault"}, "http_classes": {"*": "quota"}}
    assert [Rejected("5", "carrier_fault")] == read(answer, {"code": 5})
    assert [Rejected("http-500", "quota")] == read(answer, b"", status=500)


def test_id_of_the_request() -> None:
    """
    With the number it names one message.
    """
    answer = PLAIN | {"id_per": "request"}
    ids = ["5/13800138000", "5/13800138001"]
    assert ids == [one.carrier_id for one in read(answer, {"code": 0, "id": 5}, TWO)]  # type: ignore[union-attr]


def test_own_id() -> None:
    """
    Receipts name what we gave.
    """
    answer = {"status": (200, 204), "id_per": "own"}
    assert [Sent("M1"), Sent("M2")] == read(answer, b"{}", TWO)


ITEMS = {
    **PLAIN,
    "items": "list",
    "item_code": "c",
    "item_success": ("0",),
    "item_id": "i",
}


def test_items_by_order() -> None:
    """
    What is missing at the end is doubtful.
    """
    told = {"code": 0, "list": [{"c": 9}]}
    results = [Rejected("9", "content"), Doubt("no result for this one")]
    assert results == read(ITEMS, told, TWO)


def test_items_by_number() -> None:
    """
    In any order and any form of the number.
    """
    told = {
        "code": 0,
        "id": 4,
        "list": [
            {"c": 0, "i": "b", "n": "+8613800138001"},
            {"n": "8613800138000"},
        ],
    }
    results = [Doubt("no c in a result"), Sent("b")]
    assert results == read(ITEMS | {"item_number": "n"}, told, TWO)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["code", "id", "list", "c", "n"]), inner)
        ),
        max_leaves=12,
    )
)
def test_any_answer(told: Any) -> None:
    """
    Each message gets a result, whatever is said.
    """
    assert 2 == len(read(ITEMS | {"item_number": "n"}, told, TWO))


def test_plain() -> None:
    """
    Ours in our form, others as they are.
    """
    assert "13800138000" == plain("+86 138-0013-8000")
    assert "10086" == plain("10086")
