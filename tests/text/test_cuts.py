"""
Tests of L{smsgw.text.cuts}.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.text.coding import CODECS, Coding
from smsgw.text.cuts import best_cuts, count_parts


@pytest.mark.parametrize(
    ("text", "coding", "room", "cuts"),
    [
        ("abcdef", Coding.ASCII, 4, [4, 6]),
        ("字字字", Coding.UCS2, 4, [4, 6]),
        ("字😀字", Coding.UCS2, 4, [2, 6, 8]),
        ("a字字", Coding.GB18030, 4, [3, 5]),
        ("a😀字", Coding.GB18030, 4, [1, 5, 7]),
        ("字字字e\u0301", Coding.UCS2, 8, [6, 10]),
        ("字字字e\u0301字字字", Coding.UCS2, 8, [8, 16]),
        ("字", Coding.UCS2, 4, [2]),
    ],
)
def test_cuts(text: str, coding: Coding, room: int, cuts: list[int]) -> None:
    """
    Characters stay whole, clusters too where that costs no part.
    """
    octets = text.encode(CODECS[coding])
    assert cuts == best_cuts(octets, coding, room)
    assert len(cuts) == count_parts(octets, coding, room)


@given(
    st.text(st.sampled_from("a字é\u0301\u200d😀👩🏽🇨🇳"), min_size=1, max_size=200),
    st.sampled_from([Coding.UCS2, Coding.GB18030]),
    st.integers(4, 70).map(lambda half: 2 * half),
)
def test_every_part_reads_alone(text: str, coding: Coding, room: int) -> None:
    """
    Each part fits and decodes by itself, and nothing is lost between.
    """
    octets = text.encode(CODECS[coding])
    cuts = best_cuts(octets, coding, room)
    bodies = [octets[a:b] for a, b in zip([0, *cuts], cuts, strict=False)]
    assert all(0 < len(body) <= room for body in bodies)
    assert text == "".join(body.decode(CODECS[coding]) for body in bodies)
    assert count_parts(octets, coding, room) == len(cuts)
