"""
Tests of how bodies are read.
"""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.errors import Refused
from smsgw.frontends.http.schema import (
    Reading,
    read_acknowledgement,
    read_batch,
    read_empty,
    read_preview,
    read_send,
)

READERS = [read_send, read_batch, read_preview]
_names = st.sampled_from(
    ["to", "text", "items", "client_ref", "category", "send_at", "biz", "reply", "x"]
)
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=4)
    ),
    max_leaves=12,
)


def json(**fields: Any) -> bytes:
    """
    A body.
    """
    return msgspec.json.encode(fields)


def refused(body: bytes, read: Any = read_send) -> Refused:
    """
    What is said about a body.
    """
    with pytest.raises(Refused) as caught:
        read(body)
    return caught.value


def outcome(read: Any, body: bytes) -> int:
    """
    0 for a reading, or the refusal's code.
    """
    try:
        assert isinstance(read(body), Reading)
    except Refused as fault:
        return fault.code
    return 0


def test_one_text_to_many() -> None:
    """
    Every field finds its place.
    """
    reading = read_send(
        json(
            to=["13800138000", "13800138001"],
            text="你好",
            category="report",
            signature="医院",
            client_ref="a-1",
            send_at="2027-01-15T16:00:00+08:00",
            expire_at="2027-01-15T17:00:00+08:00",
            callback_data="x",
            biz={"patient_id": "p1", "department": "心内科"},
            reply={"extension": "07"},
        )
    )
    submission = reading.submission

    assert ["13800138000", "13800138001"] == [item.to for item in submission.items]
    assert {"a-1"} == {item.client_ref for item in submission.items}
    assert [None, None] == [item.text for item in submission.items]
    assert ("你好", "report", "医院", "07", "x") == (
        submission.text,
        submission.category,
        submission.signature,
        submission.extension,
        submission.callback_data,
    )
    assert (1_800_000_000.0, 1_800_003_600.0) == (
        submission.send_at,
        submission.expire_at,
    )
    assert {"patient_id": "p1", "department": "心内科"} == submission.biz
    assert not submission.batch
    assert (reading.faults, reading.places) == ((), None)


def test_a_single_number_needs_no_list() -> None:
    """
    C{to} may be a text.
    """
    items = read_send(json(to="13800138000", text="x")).submission.items

    assert ["13800138000"] == [item.to for item in items]


def test_a_mark_of_byte_order_is_passed_over() -> None:
    """
    Windows programs put one in front.
    """
    body = b"\xef\xbb\xbf" + json(to="13800138000", text="x")

    assert "x" == read_send(body).submission.text
    assert "x" == read_preview(body).submission.text


def test_a_batch_is_read() -> None:
    """
    Each item with its own text, or the one that all share.
    """
    reading = read_batch(
        json(items=[{"to": "13800138000", "text": "a"}, {"to": "2"}], text="b")
    )

    assert [("13800138000", "a"), ("2", None)] == [
        (item.to, item.text) for item in reading.submission.items
    ]
    assert reading.submission.batch
    assert "b" == reading.submission.text


def test_a_wrong_item_is_that_items_fault() -> None:
    """
    The others are read, and remember where they were.
    """
    items = [{"to": 1}, {"to": "2", "text": "a"}, {"text": "b"}, {"to": "3", "x": 1}]
    reading = read_batch(json(items=items))

    assert ["2"] == [item.to for item in reading.submission.items]
    assert [1] == reading.places
    assert [
        (0, 2002, "items[0].to"),
        (2, 2003, "items[2].to"),
        (3, 2001, "items[3].x"),
    ] == [(fault.index, fault.code, fault.field) for fault in reading.faults]


def test_a_fault_outside_the_items_is_the_whole_batchs() -> None:
    """
    Only items are answered one by one.
    """
    fault = refused(json(items=[{"to": 1}], category=1), read_batch)

    assert (2002, "category") == (fault.code, fault.field)


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"x": 1}, 2001, "x"),
        ({"text": 5}, 2002, "text"),
        ({"to": ["1", 2]}, 2002, "to[1]"),
        ({"client_ref": "a" * 65}, 2002, "client_ref"),
        ({"callback_data": "中" * 400}, 2002, "callback_data"),
        ({"reply": {"extension": "1a"}}, 2002, "reply.extension"),
        ({"reply": {"extension": "1" * 13}}, 2002, "reply.extension"),
        ({"biz": {"name": "x"}}, 2001, "biz.name"),
        ({"biz": {"type": "x" * 65}}, 2002, "biz.type"),
        ({"send_at": "soon"}, 2011, "send_at"),
        ({"expire_at": "2027-13-01T00:00:00Z"}, 2011, "expire_at"),
    ],
)
def test_each_field_is_watched(fields: Any, code: int, field: str) -> None:
    """
    Its code and its name.
    """
    fault = refused(json(**{"to": "13800138000", "text": "x", **fields}))

    assert (code, field) == (fault.code, fault.field)


@pytest.mark.parametrize("missing", ["to", "text"])
def test_what_must_be_there_is_named(missing: str) -> None:
    """
    2003 and the field.
    """
    whole = {"to": "13800138000", "text": "x"}
    del whole[missing]

    assert (2003, missing) == (refused(json(**whole)).code, missing)


def test_a_preview_is_either() -> None:
    """
    A batch has items.
    """
    assert read_preview(json(items=[{"to": "1"}])).submission.batch
    assert not read_preview(json(to="1", text="x")).submission.batch
    assert 2008 == refused(b'{"items":[', read_preview).code


def test_halves_of_characters_are_no_text() -> None:
    """
    A lone surrogate in an escape never gets in.
    """
    assert 2008 == refused(b'{"to":"1","text":"\\ud83d x"}').code


def test_a_tower_of_brackets_falls() -> None:
    """
    Deep nesting is refused, not run into.
    """
    deep = b'{"items":' + b"[" * 100_000 + b"]" * 100_000 + b"}"

    assert refused(deep, read_batch).code in (2002, 2008)
    assert refused(deep, read_preview).code in (2002, 2008)


@given(st.binary(max_size=200))
def test_any_octets_are_read_or_refused(body: bytes) -> None:
    """
    A submission or L{Refused}, nothing else.
    """
    for read in READERS:
        assert outcome(read, body) in (0, *range(2001, 2014))


@given(st.dictionaries(_names, _values, max_size=6))
def test_any_json_is_read_or_refused(fields: dict[str, Any]) -> None:
    """
    The same for what is JSON at least.
    """
    body = msgspec.json.encode(fields)
    for read in READERS:
        assert outcome(read, body) in (0, *range(2001, 2014))


@given(st.lists(_values, max_size=5))
def test_every_item_of_a_batch_is_answered(items: list[Any]) -> None:
    """
    Read or at fault, in its place.
    """
    reading = read_batch(msgspec.json.encode({"items": items}))
    places = reading.places
    if places is None:
        places = range(len(items))

    answered = sorted([*places, *(fault.index for fault in reading.faults)])
    assert list(range(len(items))) == answered


def test_acknowledgements() -> None:
    """
    A list of ids, not empty.
    """
    assert ["a", "b"] == read_acknowledgement(json(event_ids=["a", "b"]))
    assert 2002 == refused(json(event_ids=[]), read_acknowledgement).code
    assert 2003 == refused(b"{}", read_acknowledgement).code


def test_an_empty_body_is_empty() -> None:
    """
    Nothing or an empty object.
    """
    read_empty(b"")
    read_empty(b"{}")
    assert 2001 == refused(b'{"a":1}', read_empty).code
