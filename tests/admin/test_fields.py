"""
Fields: what is shown comes back as it was.
"""

from typing import Any

import pytest

from smsgw.admin.fields import Field, read_value, shown_value
from smsgw.errors import Refused
from tests.support.console import HOSPITAL


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "短信"),
        ("whole", 12),
        ("decimal", 0.5),
        ("money", 425),
        ("time", 1_800_000_000.0),
        ("time", 0.0),
        ("lines", ["a", "b"]),
        ("pairs", {"cmcc": "filed", "名": "值=值"}),
        ("toml", {"a": 1, "b": "x", "c": True}),
        ("variables", [{"name": "姓名", "kind": "name", "longest": 4}]),
        ("shares", [{"channel": "a", "weight": 2, "cap": 0}]),
        ("shares", [{"channel": "a", "weight": 1, "cap": 500}]),
    ],
)
def test_there_and_back(kind: str, value: Any) -> None:
    """
    Each kind.
    """
    field = Field("x", ("x", "x"), kind)
    assert value == read_value(field, str(shown_value(field, value)), ())


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("whole", "1.5"),
        ("decimal", "x"),
        ("money", "¥"),
        ("time", "gestern"),
        ("pairs", "no mark"),
        ("toml", "= 1"),
        ("variables", "a,b,c"),
        ("shares", "a b"),
    ],
)
def test_wrong_ones_are_refused(kind: str, text: str) -> None:
    """
    With words and the field's name.
    """
    with pytest.raises(Refused) as caught:
        read_value(Field("x", ("x", "x"), kind), text, ())
    assert "x" == caught.value.field
    assert " / " in caught.value.detail


def test_flags_and_choices() -> None:
    """
    What is not sent is not chosen; secrets are not shown.
    """
    assert read_value(Field("x", ("", ""), "flag"), "1", ()) is True
    assert read_value(Field("x", ("", ""), "flag"), "", ()) is False
    assert ["a"] == read_value(Field("x", ("", ""), "choices"), "", ["a"])
    assert "" == shown_value(Field("x", ("", ""), "secret"), "hush")
    account = Field("account", ("账号", "Account"), "one", place="accounts")
    assert ["", "his", "ward"] == [one for one, _ in account.choices(HOSPITAL)]
    with pytest.raises(Refused):
        read_value(Field("x", ("", ""), required=True), " ", ())
