"""
What people sent from the console, of however many batches.
"""

import sqlalchemy as sa
from alembic import op

from smsgw.storage.migrations.build import count, document, key, table, word

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table(
        "sendings",
        "what people sent from the console 控制台发送",
        key("id", "id given by us", 32),
        word("account", "account"),
        word("maker", "person who sent it"),
        document("text_blob", "text as it was written, protected", sa.LargeBinary),
        word("template", "template"),
        count("recipients", "recipients that were to get it"),
        count("refused", "recipients that a door refused"),
        count("held", "messages that wait for consent"),
        count("segments", "segments charged at accept"),
        count("price", "what it may cost at most, 0.0001 yuan"),
        count("rest", "recipients that wait for a word after a trial"),
        count("rest_until_ms", "until when they do, epoch ms"),
        count("send_ms", "when the first goes, epoch ms"),
        count("ends_ms", "when the last goes, epoch ms"),
        document("batches", "ids of its batches, JSON"),
    )
    op.create_index("ix_sendings_time", "sendings", ["created_at", "id"])
