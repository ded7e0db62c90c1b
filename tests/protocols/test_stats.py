"""
The seven letters of a message's end.
"""

import pytest

from smsgw.protocols.stats import stat_of


@pytest.mark.parametrize(
    ("code", "state", "expected"),
    [
        ("MK:0001", "undelivered", "MK:0001"),
        ("", "canceled", "DELETED"),
        ("UNDELIV/005", "undelivered", "UNDELIV"),
        ("超时", "expired", "EXPIRED"),
    ],
)
def test_stat_of(code: str, state: str, expected: str) -> None:
    """
    A code that is no Stat gives way to its state's.
    """
    assert expected == stat_of(code, state)
