"""
Tests of L{smsgw.text.clusters}.
"""

import pytest

from smsgw.text.clusters import steps_back

_FAMILY = "👨\u200d👩\u200d👧\u200d👦"


@pytest.mark.parametrize(
    ("text", "cut", "back"),
    [
        ("abcd", 2, 0),
        ("abc\u0301d", 3, 1),
        ("abc\r\nd", 4, 1),
        ("abcdefghijk" + _FAMILY, 12, 1),
        ("abcdefghijk" + _FAMILY, 14, 3),
        ("abc👍🏽", 4, 1),
        ("abc❤\ufe0f", 4, 1),
        ("abc🇨🇳🇨🇳", 4, 1),
        ("abc🇨🇳🇨🇳", 5, 0),
        ("abcdef1\ufe0f\u20e3", 8, 2),
        (_FAMILY, 4, 0),
    ],
)
def test_steps_back(text: str, cut: int, back: int) -> None:
    """
    A cut moves back to before what is seen as one, but never over half the way.
    """
    assert back == steps_back(text[:cut], text[cut])
