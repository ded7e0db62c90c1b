"""
Variables are found in a text with few tries.
"""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.rules.fitting import Fitting, Slot

ANY = re.compile(r"[^。]++")
DIGITS = re.compile(r"[0-9]++")


def slot(name: str, literal: str, form: re.Pattern[str] = ANY, most: int = 9) -> Slot:
    """
    A variable of a form.
    """
    return Slot(name, most, form.fullmatch, literal, form.match)


@pytest.mark.parametrize(
    ("slots", "text", "wanted"),
    [
        ([slot("a", "")], "甲", {"a": "甲"}),
        ([slot("a", "")], "", None),
        ([slot("a", "，"), slot("b", "")], "甲，乙", {"a": "甲", "b": "乙"}),
        ([slot("a", "，"), slot("b", "")], "甲，乙，丙", {"a": "甲", "b": "乙，丙"}),
        ([slot("a", "，"), slot("b", "", DIGITS)], "，，1", {"a": "，", "b": "1"}),
        ([slot("a", "，", most=1), slot("b", "")], "甲乙，丙", None),
        ([slot("a", "", DIGITS), slot("b", "")], "12甲", {"a": "12", "b": "甲"}),
        ([slot("a", ""), slot("b", "", DIGITS)], "甲12", {"a": "甲1", "b": "2"}),
        ([slot("a", "与"), slot("a", "")], "甲与乙与甲与乙", {"a": "甲与乙"}),
        ([slot("a", "与"), slot("a", "")], "甲与乙", None),
        (
            [slot("a", ""), slot("b", "一"), slot("a", "")],
            "12一1",
            {"a": "1", "b": "2"},
        ),
    ],
)
def test_where_variables_are(
    slots: list[Slot], text: str, wanted: dict[str, str] | None
) -> None:
    """
    Straight on, with other ways tried, and a variable that comes twice.
    """
    assert wanted == Fitting(100).fit(slots, text, 0, len(text))


def test_only_between_two_places() -> None:
    """
    What stands before and after is somebody else's.
    """
    slots = [slot("a", "，"), slot("b", "")]
    assert {"a": "甲", "b": "乙"} == Fitting(9).fit(slots, "，甲，乙，", 1, 4)
    assert Fitting(9).fit(slots, "甲，乙", 0, 2) is None


def test_tries_come_to_an_end() -> None:
    """
    However many ways there are; those left are for the next.
    """
    fitting = Fitting(50)
    slots = [slot(str(at), "甲", most=99) for at in range(20)]
    text = "甲" * 500
    assert fitting.fit([*slots, slot("z", "", DIGITS)], text, 0, 500) is None
    assert 0 == fitting.tries
    assert {"z": "1"} == fitting.fit([slot("z", "", DIGITS)], "1", 0, 1)


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["", "1", "甲", "甲1"])),
        min_size=1,
        max_size=4,
    ),
    st.text("1甲", max_size=8),
)
def test_a_way_is_found_where_there_is_one(
    shape: list[tuple[str, str]], text: str
) -> None:
    """
    As trying all values of all variables finds it.
    """
    shape[-1] = (shape[-1][0], "")
    slots = [slot(name, literal, most=4) for name, literal in shape]
    found = Fitting(10_000).fit(slots, text, 0, len(text))
    if found is not None:
        assert text == "".join(found[name] + literal for name, literal in shape)
        return
    names = sorted({name for name, _ in shape})
    parts = {
        text[at:end] for at in range(len(text)) for end in range(at + 1, at + 5)
    } | {"x"}
    for values in product(parts, repeat=len(names)):
        tried = dict(zip(names, values, strict=True))
        assert text != "".join(tried[name] + literal for name, literal in shape)
