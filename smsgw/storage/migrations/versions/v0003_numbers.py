"""
Where numbers belong, and which have another carrier.
"""

import sqlalchemy as sa
from alembic import op

from smsgw.storage.migrations.build import count, document, key, table, word

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _regions()
    _ported()


def _regions() -> None:
    table(
        "regions",
        "where numbers belong 号码归属地",
        key("prefix", "first seven digits of the numbers", 8),
        word("province", "province"),
        word("city", "city"),
        word("carrier", "carrier, where the list names it", 16),
    )


def _ported() -> None:
    table(
        "ported",
        "numbers with another carrier 携号转网",
        key("phone_index", "blind index of the number", 32),
        document("phone_blob", "number, protected", sa.LargeBinary),
        word("carrier", "carrier it is with now", 16),
        word("source", "learned, loaded or set", 16),
        count("active", "1 in use, 0 forgotten", sa.SmallInteger),
        count("seq", "grows with each change of the list"),
    )
    op.create_index("ix_ported_seq", "ported", ["seq"])
