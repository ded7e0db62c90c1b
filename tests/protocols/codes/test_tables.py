"""
What the tables of codes have in common.
"""

from smsgw.protocols.codes.tables import CLASSES, UNKNOWN, by_number, meaning


def test_by_number() -> None:
    """
    A key names codes and ranges of codes.
    """
    row = {"zh": "甲", "en": "a", "class": "config"}
    assert {1: row, 4: row, 5: row, 6: row} == by_number({"1,4-6": row})


def test_meaning() -> None:
    """
    A row's state may be overridden; an unknown outcome has only one.
    """
    assert ("7", "permanent", "undelivered") == (
        meaning("7", UNKNOWN).code,
        meaning("7", UNKNOWN).class_.name,
        meaning("7", UNKNOWN).state,
    )
    assert "expired" == meaning("7", UNKNOWN, "expired").state
    lost = {**UNKNOWN, "class": "unknown_outcome"}
    assert "unknown" == meaning("7", lost, "expired").state
    assert "success" in CLASSES
