"""
Tests of L{smsgw.rules.uncertain}.
"""

import pytest

from smsgw.message import LANES
from smsgw.rules.uncertain import POLICY, Hold, Resend, uncertain


@pytest.mark.parametrize(
    ("category", "resends", "left", "expected"),
    [
        ("critical", 0, None, Resend(0.0)),
        ("critical", 2, None, Resend(0.0)),
        ("critical", 3, None, Hold()),
        ("otp", 0, 10.0, Resend(0.0)),
        ("otp", 0, 0.0, Hold()),
        ("otp", 0, -5.0, Hold()),
        ("report", 0, 61.0, Resend(60.0)),
        ("report", 0, 60.0, Hold()),
        ("notice", 0, None, Resend(60.0)),
        ("bulk", 0, 1e6, Hold()),
        ("marketing", 0, None, Hold()),
    ],
)
def test_decision(
    category: str, resends: int, left: float | None, expected: Resend | Hold
) -> None:
    """
    The category decides; validity and the number of resends bound it.
    """
    assert expected == uncertain(category, resends, left)


def test_every_lane_has_a_policy() -> None:
    """
    No lane is forgotten.
    """
    assert set(LANES) == set(POLICY)
