"""
Tests for L{smsgw.admin.words}.
"""

from smsgw.admin.words import WORDS, language, say
from smsgw.message import LANES
from smsgw.metrics import METRICS


def test_both_languages_are_there() -> None:
    """
    Every word has its Chinese and its English.
    """
    assert all(chinese and english for chinese, english in WORDS.values())


def test_lanes_and_totals_have_words() -> None:
    """
    What the page shows by name is put in words.
    """
    shown = [one.name for one in METRICS if one.kind == "counter"]

    assert set() == {*LANES, *shown} - WORDS.keys()


def test_language() -> None:
    """
    Chinese, unless English is asked for.
    """
    assert ["zh", "en", "zh"] == [language(asked) for asked in ("", "en", "fr")]


def test_say() -> None:
    """
    A name without words stays as it is.
    """
    assert "验证码" == say("code", "zh")
    assert "codes" == say("code", "en")
    assert "cmcc" == say("cmcc", "zh")
