"""
Templates say what they say, and nothing a value holds is read as one.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.channels.vendor.template import Structure, Template

VALUES: dict[str, Any] = {
    "number": "13800138000",
    "text": "{number}",
    "time": 1_790_000_000.0,
    "numbers": ["1", "2"],
    "params": {"code": "12"},
    "raw": b"\x00\xff",
    "field.a[0].b-c": "deep",
}


def made(source: str) -> str:
    """
    The text of a template.
    """
    return Template.parse(source).text(VALUES.__getitem__)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("{number}", "13800138000"),
        ("a{number}b{text}", "a13800138000b{number}"),
        ("{{{number}}}", "{13800138000}"),
        ('{{"n":"{number}"}}', '{"n":"13800138000"}'),
        ("{time}", "1790000000"),
        ("{numbers}", '["1","2"]'),
        ("{numbers|join:,}", "1,2"),
        ("{numbers|prefix:+86|join:%7C}", "+861|+862"),
        ("{field.a[0].b-c}", "deep"),
    ],
)
def test_text(source: str, text: str) -> None:
    """
    Places are filled once.
    """
    assert text == made(source)


@pytest.mark.parametrize(
    "source",
    [
        "{",
        "}",
        "{}",
        "{a",
        "a}",
        "{1}",
        "{a|}",
        "{a|none}",
        "{a|utc}",
        "{a|md5:x}",
        "{{a}",
        "{a|upper:}",
        "{a-}",
    ],
)
def test_mistakes(source: str) -> None:
    """
    A brace alone, a bad name, an unknown filter, an argument too many or few.
    """
    with pytest.raises(ValueError, match=r"."):
        Template.parse(source)


@given(st.text())
def test_doubled_braces_are_text(text: str) -> None:
    """
    Any text can be said.
    """
    assert text == made(text.replace("{", "{{").replace("}", "}}"))


@given(st.text(alphabet="{}|:.ab1[]~", max_size=20))
def test_parses_or_says_why(source: str) -> None:
    """
    Nothing else is raised, and what parses is filled.
    """
    try:
        template = Template.parse(source)
    except ValueError:
        return
    template.text(lambda _: "x")


@given(st.text(), st.text())
def test_values_are_not_read(first: str, second: str) -> None:
    """
    Braces in values are text.
    """
    values = {"a": first, "b": second}
    assert f"{first}-{second}" == Template.parse("{a}-{b}").text(values.__getitem__)


def test_value_of_one_place() -> None:
    """
    It keeps its kind; octets stay octets among text.
    """
    assert ["1", "2"] == Template.parse("{numbers}").value(VALUES.__getitem__)
    assert b"a\x00\xff" == Template.parse("a{raw}").octets(VALUES.__getitem__)


def test_structure() -> None:
    """
    Kinds other than text are themselves.
    """
    source = {"to": "{numbers}", "n": [1, True, None, "{number}"], "t": "{time|int}"}
    structure = Structure.parse(source)
    assert {
        "to": ["1", "2"],
        "n": [1, True, None, "13800138000"],
        "t": 1_790_000_000,
    } == structure.value(VALUES.__getitem__)
    assert {"numbers", "number", "time"} == structure.names


def test_structure_names_the_place() -> None:
    """
    Of a mistake.
    """
    with pytest.raises(ValueError, match=r"at a\.1\.b"):
        Structure.parse({"a": ["x", {"b": "{"}]})
    with pytest.raises(ValueError, match=r"at a\.0"):
        Structure.parse({"a": [{1, 2}]})
