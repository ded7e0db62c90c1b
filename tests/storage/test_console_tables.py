"""
The console's tables belong to the same record.
"""

from smsgw.storage.console_tables import (
    acknowledgements,
    contact_groups,
    contacts,
    logins,
    sendings,
)
from smsgw.storage.tables import metadata


def test_they_are_part_of_the_record() -> None:
    """
    Migrations and the data dictionary see them.
    """
    for table in (logins, contacts, contact_groups, sendings, acknowledgements):
        assert metadata.tables[table.name] is table
