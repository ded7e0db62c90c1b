"""
Tests of L{smsgw.rules.blame}.
"""

from fractions import Fraction

import pytest

from smsgw.codes import CODES
from smsgw.protocols.codes import CLASSES
from smsgw.rules.blame import WORDS, counts, responsible, success_rate


@pytest.mark.parametrize(
    ("code", "class_", "who", "counted"),
    [
        ("DELIVRD", "success", "", True),
        ("MA:0001", "carrier_fault", "carrier", False),
        ("MI:0008", "handset_temp", "handset", False),
        ("MK:0001", "permanent", "subscriber", True),
        ("69", "blacklist", "policy", False),
        ("REJECTD", "content", "policy", False),
        ("75", "quota", "policy", True),
        ("8", "throttle", "platform", True),
        ("11", "config", "platform", True),
        ("9", "ported", "platform", True),
        ("MC:0055", "unknown_outcome", "unknown", True),
        ("", "expired", "platform", True),
        ("", "unknown", "unknown", True),
        ("", "canceled", "policy", False),
        ("4101", "", "policy", False),
        ("4103", "", "policy", True),
        ("4106", "", "policy", False),
        ("5001", "", "platform", True),
        ("9000", "", "platform", True),
        ("", "", "unknown", True),
        ("5", "", "unknown", True),
        ("?", "never heard of", "unknown", True),
    ],
)
def test_whose_it_is(code: str, class_: str, who: str, counted: bool) -> None:
    """
    Who has to answer for a failure, and whether it counts.
    """
    assert (who, counted) == (responsible(code, class_), counts(code, class_))


def test_everything_has_words() -> None:
    """
    No class and none of our codes about messages is left without an answer.
    """
    told = {responsible("", name) for name in CLASSES if name != "success"}
    ours = {responsible(str(n), "") for n in CODES if str(n)[0] in "459"}

    assert set(WORDS) == told | ours
    assert all(zh and en for zh, en in WORDS.values())


_PROMISED = {
    ("DELIVRD", "success"): 949_700,
    ("MA:0001", "carrier_fault"): 20_000,
    ("MI:0008", "handset_temp"): 15_000,
    ("69", "blacklist"): 4_000,
    ("4101", ""): 500,
    ("4106", ""): 300,
    ("REJECTD", "content"): 200,
    ("MK:0001", "permanent"): 9_820,
    ("5002", ""): 480,
}


@pytest.mark.parametrize(
    ("ended", "percent", "plain"),
    [
        (_PROMISED, "99.9500", "94.9700"),
        (_PROMISED | {("", "expired"): 1}, "99.9498", "94.9699"),
        ({("DELIVRD", "success"): 3, ("11", "config"): 1}, "75.0000", "75.0000"),
        ({("DELIVRD", "success"): 2, ("8", "throttle"): 1}, "66.6666", "66.6666"),
        ({("MA:0001", "carrier_fault"): 9}, "100.0000", "0.0000"),
        ({("", "canceled"): 9, ("9000", ""): 1}, "0.0000", "0.0000"),
        ({}, "100.0000", "0.0000"),
    ],
)
def test_the_rate(ended: dict[tuple[str, str], int], percent: str, plain: str) -> None:
    """
    Four decimals, worked out by hand, never rounded up.
    """
    rate = success_rate(ended)

    assert (percent, plain) == (rate.percent, rate.plain)


def test_it_is_exact() -> None:
    """
    One in a hundred million is not lost.
    """
    rate = success_rate({("D", "success"): 10**8 - 1, ("9000", ""): 1})

    assert Fraction(10**8 - 1, 10**8) == rate.exact
    assert "99.9999" == rate.percent
