"""
Tests for L{smsgw.rules.bookings}.
"""

import pytest

from smsgw.rules.bookings import Booking, bookings_of


@pytest.mark.parametrize(
    ("state", "ended", "expected"),
    [
        ("queued", 0.0, [("reserved", 800)]),
        ("submitted", 0.0, [("reserved", 800)]),
        ("delivered", 9.0, [("reserved", 800), ("charged", 500), ("released", 300)]),
        ("unknown", 9.0, [("reserved", 800), ("charged", 500), ("released", 300)]),
        ("undelivered", 9.0, [("reserved", 800), ("released", 800)]),
        ("rejected", 9.0, [("reserved", 800), ("released", 800)]),
    ],
)
def test_what_is_set_aside_is_charged_or_given_back(
    state: str, ended: float, expected: list[tuple[str, int]]
) -> None:
    """
    Only what reached a phone, or may have, is paid for; the sum is what was reserved.
    """
    made = bookings_of(state, 1.0, ended, 800, 500)
    assert expected == [(one.kind, one.amount) for one in made]
    assert 1.0 == made[0].at
    assert all(ended == one.at for one in made[1:])


def test_nothing_that_costs_nothing() -> None:
    """
    No line of 0; nor one when nothing is left over.
    """
    assert [] == bookings_of("delivered", 1.0, 2.0, 0, 0)
    assert [Booking(1.0, "reserved", 5), Booking(2.0, "charged", 5)] == bookings_of(
        "delivered", 1.0, 2.0, 5, 5
    )
