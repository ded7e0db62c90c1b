"""
What people order channels to do, and why channels were switched.
"""

from smsgw.storage.migrations.build import count, key, number_key, table, word

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table(
        "channel_orders",
        "what people ordered channels to do 通道指令",
        key("id", "channel"),
        word("state", "paused, draining, tripped, or - for none", 16),
        word("reason", "why", 200),
        count("at_ms", "ordered, epoch ms"),
    )
    table(
        "channel_decisions",
        "why channels were switched 通道切换记录",
        number_key("at_ms", "when, epoch ms"),
        key("channel", "channel"),
        key("node", "node that decided for itself"),
        word("state_before", "well, tripped, canary, paused, draining", 16),
        word("state_after", "the same kinds", 16),
        word("why", "why, in words", 200),
        word("who", "person, or health"),
    )
