"""
What people look for in the console is found by an index: failures, codes, replies.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

HAS_CODE = sa.text("code NOT IN ('-', 'DELIVRD')")
HAS_FAILED = sa.text("state IN ('undelivered', 'rejected', 'expired', 'unknown')")


def upgrade() -> None:
    for name, columns, rows in (
        ("ix_messages_code", ["code", "id"], HAS_CODE),
        ("ix_messages_failed", ["id"], HAS_FAILED),
    ):
        op.create_index(
            name, "messages", columns, sqlite_where=rows, postgresql_where=rows
        )
    op.create_index("ix_inbound_time", "inbound", ["at_ms", "id"])
