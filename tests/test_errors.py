"""
The families carry what doors need to answer.
"""

from smsgw.errors import Refused, Unavailable, Violation


def test_refused_names_code_and_field() -> None:
    """A refusal tells its code, its words and the field."""
    refusal = Refused(2006, "not a number", "to[3]")

    assert (2006, "not a number", "to[3]") == (
        refusal.code,
        refusal.detail,
        refusal.field,
    )


def test_unavailable_says_when_to_come_back() -> None:
    """An outage tells after how many seconds to try again."""
    assert 5.0 == Unavailable("full", 5.0).retry_after


def test_violation_is_its_own_family() -> None:
    """A peer's fault is never taken for the caller's."""
    assert not issubclass(Violation, Refused)
