"""
The tables of the rules belong to the same record.
"""

from smsgw.storage.rule_tables import RULE_OBJECTS, blocked, words
from smsgw.storage.tables import metadata


def test_they_are_part_of_the_record() -> None:
    """
    Migrations and the data dictionary see them.
    """
    for table in (*RULE_OBJECTS, blocked, words):
        assert metadata.tables[table.name] is table


def test_a_number_is_blocked_once_in_a_scope() -> None:
    """
    The index of the number and the scope are the row's name.
    """
    assert ["phone_index", "scope"] == [one.name for one in blocked.primary_key]
