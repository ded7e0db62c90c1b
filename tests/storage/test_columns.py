"""
Columns have their portable types, and their empty values their sentinel.
"""

import pytest
from sqlalchemy import BigInteger, Column, LargeBinary, SmallInteger, String, Text

from smsgw.storage import columns


@pytest.mark.parametrize(
    ("column", "kind", "nullable"),
    [
        (columns.word("w", "c"), String, False),
        (columns.document("d", "c"), Text, True),
        (columns.blob("b", "c"), LargeBinary, True),
        (columns.millis("m", "c"), BigInteger, False),
        (columns.count("n", "c"), BigInteger, False),
        (columns.flag("f", "c"), SmallInteger, False),
    ],
)
def test_kinds(column: Column[object], kind: type, nullable: bool) -> None:
    """
    Each kind is one portable type.
    """
    assert isinstance(column.type, kind)
    assert nullable == column.nullable


def test_unnull() -> None:
    """
    The sentinel is '' to callers, any other text is itself.
    """
    assert ["", "x"] == [columns.unnull("-"), columns.unnull("x")]
