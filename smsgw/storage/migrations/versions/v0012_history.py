"""
How channels were, five minutes at a time.
"""

from smsgw.storage.migrations.build import count, key, number_key, table

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table(
        "channel_history",
        "how channels were, by five minutes 通道健康历史",
        number_key("at_ms", "begin, epoch ms"),
        key("channel", "channel"),
        key("node", "node that counted"),
        count("links", "fewest connections at a time"),
        count("wanted", "connections that were wanted"),
        count("taken", "segments that the carrier took"),
        count("refused", "segments refused for a reason of the channel's"),
        count("other", "segments refused for a reason of their own"),
        count("lost", "segments without an answer"),
        count("delivered", "receipts that tell of a delivery"),
        count("failed", "receipts that tell of a failure"),
        count("median_ms", "half of the answers took no longer, ms"),
        count("slow_ms", "19 of 20 answers took no longer, ms"),
    )
