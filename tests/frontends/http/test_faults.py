"""
Tests of what is said about a body that does not fit.
"""

import msgspec
import pytest

from smsgw.errors import Refused
from smsgw.frontends.http.faults import refusal


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    """
    An item.
    """

    to: str
    many: list[int] = msgspec.field(default_factory=list)
    name: str | None = None


class Outer(msgspec.Struct, forbid_unknown_fields=True):
    """
    A body.
    """

    items: list[Inner]


def refused(body: bytes, within: str = "") -> Refused:
    """
    What is said about a body.
    """
    try:
        msgspec.json.decode(body, type=Outer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return refusal(error, body, within)
    raise AssertionError(body)


@pytest.mark.parametrize(
    ("body", "code", "field", "words"),
    [
        (b'{"items":[],"x":1}', 2001, "x", "x"),
        (b'{"items":[{"to":"1","y":1}]}', 2001, "items[0].y", "y"),
        (b"{}", 2003, "items", "items"),
        (b'{"items":[{}]}', 2003, "items[0].to", "to"),
        (b'{"items":[{"to":1}]}', 2002, "items[0].to", "应为字符串，实为整数"),
        (b'{"items":[{"to":"1","many":["a"]}]}', 2002, "items[0].many[0]", "应为整数"),
        (b'{"items":[{"to":"1","name":1}]}', 2002, "items[0].name", "字符串或空值"),
        (b"[]", 2002, "", "应为对象，实为数组"),
        (b'{"items":', 2008, "", "第 9 字节"),
        (b'{"items":[]}}', 2008, "", "第 13 字节"),
        ('{"items":[{"to":"中"}]}'.encode("gbk"), 2009, "", "第 18 字节"),
    ],
)
def test_each_fault_has_code_field_and_words(
    body: bytes, code: int, field: str, words: str
) -> None:
    """
    What, where, and in Chinese.
    """
    fault = refused(body)

    assert (code, field) == (fault.code, fault.field)
    assert words in fault.detail


def test_a_path_starts_where_the_body_lies() -> None:
    """
    An item that is read by itself still knows its place.
    """
    assert "items[7].items" == refused(b"{}", "items[7]").field
    assert "items[7]" == refused(b"[]", "items[7]").field


def test_lengths_are_said() -> None:
    """
    A limit is named.
    """
    error = msgspec.ValidationError("Expected `str` of length <= 64 - at `$.ref`")
    fault = refusal(error, b"")

    assert (2002, "ref") == (fault.code, fault.field)
    assert "长度至多 64 / length must be <= 64" == fault.detail


def test_what_has_no_words_of_ours_is_passed_on() -> None:
    """
    An unforeseen message of the decoder is not lost.
    """
    assert "odd" in refusal(msgspec.ValidationError("odd"), b"").detail
