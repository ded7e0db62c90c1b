"""
Paths into answers, whatever these hold.
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.channels.vendor.paths import FORMATS, Path, parse_body

DOCUMENT = {"a": {"b": [{"c": 5}, {"c": "x"}]}, "t": True, "n": None, "f": 1.5}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.b[0].c", "5"),
        ("a.b[1].c", "x"),
        ("a.b[2].c", ""),
        ("a.x.c", ""),
        ("t", "true"),
        ("n", ""),
        ("f", "1.5"),
        ("a.b[0]", '{"c":5}'),
        ("t.x", ""),
        ("a[0].b[1].c", "x"),
    ],
)
def test_text(path: str, text: str) -> None:
    """
    What is not there is ''.
    """
    assert text == Path.parse(path).text(DOCUMENT)


@pytest.mark.parametrize("path", ["a..b", "a.", ".a", "a[", "a[x]", "a]b", "~(~", "[]"])
def test_mistakes(path: str) -> None:
    """
    A path that leads nowhere is said so before it is used.
    """
    with pytest.raises(ValueError, match=r"."):
        Path.parse(path)


def test_rows() -> None:
    """
    A list, one thing as a list, or nothing.
    """
    assert [{"c": 5}, {"c": "x"}] == Path.parse("a.b").rows(DOCUMENT)
    assert [1.5] == Path.parse("f").rows(DOCUMENT)
    assert [] == Path.parse("n").rows(DOCUMENT)
    assert [1, 2] == Path.parse("").rows([1, 2])


def test_patterns() -> None:
    """
    For answers that are lines of text.
    """
    assert "12" == Path.parse(r"~^OK:(\d+)~").text("OK:12,rest")
    assert "" == Path.parse(r"~^OK:(\d+)~").text("ERR")
    assert ["a,1", "b,2"] == Path.parse(r"~\w,\d~").rows("a,1;b,2")


def test_xml() -> None:
    """
    Children by name, attributes with an @, no namespaces; one child is a list too.
    """
    body = """<?xml version="1.0" encoding="gb2312"?>
    <r xmlns="urn:x" code="0"><s><id>1</id></s><s><id>2</id></s><msg k="v">好</msg></r>
    """.encode("gb2312")
    document = parse_body(body.strip(), "xml")
    assert "0" == Path.parse("r.@code").text(document)
    assert ["1", "2"] == [
        Path.parse("id").text(one) for one in Path.parse("r.s").rows(document)
    ]
    assert "好" == Path.parse("r.msg").text(document)
    assert "v" == Path.parse("r.msg[0].@k").text(document)


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"{", "json"),
        (b"\xff", "json"),
        (b"[" * 100_000, "json"),
        (b"<a>", "xml"),
        (b"<a>" * 40 + b"</a>" * 40, "xml"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml"),
        (b"", "xml"),
    ],
)
def test_unreadable(body: bytes, form: str) -> None:
    """
    Only C{ValueError}.
    """
    with pytest.raises(ValueError, match=r"."):
        parse_body(body, form)


def test_form_lines_text() -> None:
    """
    The plainer forms, in another charset too.
    """
    assert {"a": "中", "b": ""} == parse_body(b"a=%D6%D0&b=", "form", "gbk")
    assert ["1", "2"] == parse_body(b"1\r\n\r\n2\n", "lines")
    assert "中" == parse_body(b"\xd6\xd0", "text", "gbk")
    assert {"a": "中"} == parse_body(b'{"a":"\xd6\xd0"}', "json", "gbk")


@given(JSON, st.sampled_from(["a", "a.b", "a[0]", "[1].b", "", "~(.)~", "a.b[0].c"]))
def test_any_document(document: Any, path: str) -> None:
    """
    Text and rows of anything; nothing is raised.
    """
    read = parse_body(json.dumps(document).encode(), "json")
    found = Path.parse(path)
    assert isinstance(found.text(read), str)
    assert isinstance(found.rows(read), list)


@given(st.binary(max_size=60), st.sampled_from(FORMATS))
def test_any_body(body: bytes, form: str) -> None:
    """
    It is read, or C{ValueError}.
    """
    try:
        parse_body(body, form)
    except ValueError:
        return


@given(st.text(alphabet="ab.[]01~", max_size=12))
def test_any_path(source: str) -> None:
    """
    A path parses or says why not; what parses finds.
    """
    try:
        path = Path.parse(source)
    except ValueError:
        return
    path.text(DOCUMENT)
