"""
Who has seen a critical message, and said so.
"""

from smsgw.storage.migrations.build import count, key, table, word

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table(
        "acknowledgements",
        "critical messages that somebody acknowledged 危急值确认",
        key("message_id", "the message"),
        word("account", "its account"),
        word("source", "how: page"),
        word("address", "from which address"),
        count("at_ms", "when, epoch ms"),
    )
