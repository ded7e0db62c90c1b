"""
Tests for L{smsgw.admin.steps}.
"""

import pytest

from smsgw.admin.steps import kind_of, timed, words_of
from smsgw.views import Step


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (Step(1.0, "accepted", "accepted"), "info"),
        (Step(1.0, "answered"), "info"),
        (Step(1.0, "submitted", "submitted"), "info"),
        (Step(1.0, "receipt", note="delivered"), "good"),
        (Step(1.0, "receipt", note="undelivered"), "bad"),
        (Step(1.0, "final", "delivered"), "good"),
        (Step(1.0, "final", "expired"), "bad"),
        (Step(1.0, "refused"), "bad"),
        (Step(1.0, "uncertain"), "wait"),
        (Step(1.0, "again", "queued"), "wait"),
    ],
)
def test_looks(step: Step, expected: str) -> None:
    """
    By what became of it.
    """
    (one,) = timed([step])
    assert expected == one.kind


def test_times() -> None:
    """
    Since the step before; never negative, though clocks step.
    """
    steps = [Step(5.0, "accepted"), Step(6.5, "answered"), Step(6.0, "receipt")]
    assert [0.0, 1.5, 0.0] == [one.after for one in timed(steps)]
    assert [] == timed([])


def test_words() -> None:
    """
    An unknown kind is its own word.
    """
    assert ("已受理", "accepted") == words_of(Step(1.0, "accepted"))
    assert ("odd", "odd") == words_of(Step(1.0, "odd"))
    assert "wait" == kind_of("queued")
