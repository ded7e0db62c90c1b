"""
Tests of L{smsgw.rules.retry}.
"""

import pytest

from smsgw.rules.retry import Again, Stop, retry


@pytest.mark.parametrize(
    ("class_", "category", "attempt", "others", "expected"),
    [
        ("throttle", "bulk", 1, True, Again(1.0)),
        ("throttle", "bulk", 4, False, Again(8.0)),
        ("throttle", "otp", 5000, True, Again(30.0)),
        ("carrier_fault", "otp", 1, True, Again(0.0, True)),
        ("carrier_fault", "critical", 2, False, Again(2.0, False)),
        ("carrier_fault", "report", 1, True, Again(30.0, True)),
        ("carrier_fault", "bulk", 2, True, Again(300.0, True)),
        ("carrier_fault", "bulk", 3, True, Stop("tries")),
        ("config", "bulk", 1, True, Again(0.0, True)),
        ("config", "bulk", 1, False, Stop("tries")),
        ("ported", "otp", 2, True, Again(0.0, True)),
        ("ported", "otp", 3, True, Stop("tries")),
        ("permanent", "critical", 1, True, Stop("permanent")),
        ("content", "bulk", 1, True, Stop("content")),
        ("blacklist", "bulk", 1, True, Stop("blacklist")),
        ("quota", "bulk", 1, True, Stop("quota")),
        ("handset_temp", "bulk", 1, True, Stop("handset_temp")),
        ("unknown_outcome", "critical", 1, True, Stop("unknown_outcome")),
        ("never heard of", "bulk", 1, True, Stop("never heard of")),
    ],
)
def test_decision(
    class_: str, category: str, attempt: int, others: bool, expected: Again | Stop
) -> None:
    """
    The class decides whether, the lane when, the group where.
    """
    assert expected == retry(class_, category, attempt, others)
