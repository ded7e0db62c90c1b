"""
Tests of amounts.
"""

import pytest

from smsgw.frontends.http.amounts import yuan


@pytest.mark.parametrize(
    ("units", "text"), [(0, "0.0000"), (-1, "-0.0001"), (-10_450, "-1.0450")]
)
def test_debts_are_shown_as_such(units: int, text: str) -> None:
    """
    The sign stands before the number.
    """
    assert text == yuan(units)
