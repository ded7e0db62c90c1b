"""
What the rules are made of: signatures, templates, prices, people, lists.
"""

import sqlalchemy as sa
from alembic import op

from smsgw.storage.migrations.build import (
    count,
    document,
    key,
    number_key,
    objects,
    table,
    word,
)

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _objects()
    _words()
    _blocked()
    _replies()
    _reviews()
    _ledger()
    _schedule_states()
    _batch_stops()


def _objects() -> None:
    objects("signatures", "signatures 签名", _account())
    objects("templates", "templates 模板", _name(), _account())
    objects("retry_rules", "what follows a failure 重发策略")
    objects("prices", "prices of a segment 价格", _account())
    objects("schedules", "repeated submissions 定时任务", _account())
    objects("keywords", "what replies do 上行指令")
    objects("frequencies", "most messages to a number 频次限制")
    objects("send_windows", "when messages may go out 发送时段")
    objects("roles", "roles 角色", _name())
    department = word("department", "department they belong to")
    objects("people", "people who use the console 人员", _name(), department)


def _name() -> sa.Column[str]:
    return word("name", "name shown", 200)


def _account() -> sa.Column[str]:
    return word("account", "account it is for")


def _words() -> None:
    table(
        "words",
        "sensitive words 敏感词",
        key("id", "the word and its scope, hashed", 32),
        word("text", "the word", 100),
        word("severity", "refuse, review, replace or mark", 16),
        word("replacement", "what stands in its place", 100),
        word("scope", "account or department it is for"),
        count("active", "1 in use, 0 switched off", sa.SmallInteger),
        count("seq", "grows with each change of the list"),
    )
    op.create_index("ix_words_seq", "words", ["seq"])


def _blocked() -> None:
    table(
        "blocked",
        "numbers that get no messages 黑名单",
        key("phone_index", "blind index of the number", 32),
        key("scope", "all, or account, department or category"),
        document("phone_blob", "number, protected", sa.LargeBinary),
        word("reason", "why", 200),
        word("source", "who asked: operator, reply, import", 32),
        count("until_ms", "until when, epoch ms, 0 for ever"),
        count("active", "1 in use, 0 lifted", sa.SmallInteger),
        count("seq", "grows with each change of the list"),
    )
    op.create_index("ix_blocked_seq", "blocked", ["seq"])


def _replies() -> None:
    asked = "what it asked for: opt_out, opt_in, confirm, cancel"
    op.add_column("inbound", word("action", asked, 16))
    op.add_column("inbound", word("answer", "template of the answer that is owed"))
    owed = sa.text("answer <> '-'")
    op.create_index(
        "ix_inbound_answer",
        "inbound",
        ["answer"],
        sqlite_where=owed,
        postgresql_where=owed,
    )


def _reviews() -> None:
    table(
        "reviews",
        "what waits for consent 审核",
        key("id", "first message of what is held", 13),
        word("batch_id", "submission it came in", 13),
        word("account", "account"),
        word("category", "category"),
        word("reason", "why it is held", 200),
        word("maker", "who wrote it"),
        count("message_count", "messages held"),
        word("state", "waiting, approved, refused, expired", 16),
        word("checker", "who decided"),
        word("note", "what the checker said", 200),
        count("done", "1 the gateway acted on it", sa.SmallInteger),
        count("expires_ms", "when it is too late, epoch ms"),
        count("at_ms", "accepted, epoch ms"),
    )
    op.create_index("ix_reviews_done", "reviews", ["done", "id"])
    op.create_index("ix_reviews_batch", "reviews", ["batch_id"])


def _ledger() -> None:
    table(
        "ledger",
        "money given to accounts, never changed 账本",
        number_key("id", "order of entries, never used twice"),
        word("account", "account"),
        word("kind", "grant, or correction", 16),
        count("amount", "0.0001 yuan, negative for a correction downward"),
        word("note", "what it is for", 200),
        word("made_key", "whoever repeats a request names it the same", 64),
        count("at_ms", "when, epoch ms"),
    )
    op.create_index("ix_ledger_account", "ledger", ["account", "id"])


def _schedule_states() -> None:
    table(
        "schedule_states",
        "how far each schedule is 定时任务进度",
        key("id", "schedule"),
        count("last_ms", "fired or passed over up to then, epoch ms"),
        count("paused", "1 somebody paused it", sa.SmallInteger),
        count("missed", "times it was too late"),
        word("note", "what became of it last", 200),
    )


def _batch_stops() -> None:
    table(
        "batch_stops",
        "batches that were paused or canceled 批次控制",
        key("id", "batch", 13),
        word("account", "account"),
        word("state", "running, paused, canceled", 16),
        count("seq", "grows with each change of the list"),
        count("at_ms", "first word about it, epoch ms"),
    )
