"""
What carriers' codes mean on one channel, and those that nobody knows.
"""

from smsgw.storage.migrations.build import count, key, table, word

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table(
        "channel_codes",
        "what codes mean on one channel 通道状态码",
        key("channel", "channel it is for"),
        key("code", "the carrier's code"),
        word("class", "class of the failure", 32),
        word("zh", "words in Chinese", 200),
        word("en", "words in English", 200),
    )
    table(
        "seen_codes",
        "codes that no table knows 未知状态码",
        key("channel", "channel it came by"),
        key("code", "the carrier's code, * for all beyond a limit"),
        word("kind", "receipt, or refused for an answer", 16),
        count("first_ms", "first seen, epoch ms"),
        count("last_ms", "last seen, epoch ms"),
        count("seen_count", "how often"),
    )
