"""
What schedules are asked for by hand, and which expression they were looked at by.
"""

from alembic import op

from smsgw.storage.migrations.build import count, word

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        word("cron", "expression it was looked at by", 200),
        word("paused_by", "who paused it"),
        count("fired_ms", "fired last, epoch ms"),
        count("asked_ms", "somebody asked to fire it then, epoch ms, 0 nobody"),
    ):
        op.add_column("schedule_states", column)
