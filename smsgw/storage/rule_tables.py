"""
The tables of the rules: what an operator lays down, and the long lists.
"""

from sqlalchemy import Column, Index, Table

from smsgw.storage.columns import audit, blob, count, flag, identifier, millis, word
from smsgw.storage.tables import metadata, object_table

__all__ = [
    "RULE_OBJECTS",
    "batch_stops",
    "blocked",
    "channel_decisions",
    "channel_orders",
    "frequencies",
    "keywords",
    "ledger",
    "metadata",
    "people",
    "prices",
    "retry_rules",
    "reviews",
    "roles",
    "schedule_states",
    "schedules",
    "send_windows",
    "signatures",
    "templates",
    "words",
]

signatures = object_table(
    "signatures", "signatures 签名", word("account", "account it is for")
)
templates = object_table(
    "templates",
    "templates 模板",
    word("name", "name shown", 200),
    word("account", "account it is for"),
)
retry_rules = object_table("retry_rules", "what follows a failure 重发策略")
prices = object_table(
    "prices", "prices of a segment 价格", word("account", "account it is for")
)
schedules = object_table(
    "schedules", "repeated submissions 定时任务", word("account", "account it is for")
)
keywords = object_table("keywords", "what replies do 上行指令")
frequencies = object_table("frequencies", "most messages to a number 频次限制")
send_windows = object_table("send_windows", "when messages may go out 发送时段")
roles = object_table("roles", "roles 角色", word("name", "name shown", 200))
people = object_table(
    "people",
    "people who use the console 人员",
    word("name", "name shown", 200),
    word("department", "department they belong to"),
)

RULE_OBJECTS = (
    signatures,
    templates,
    retry_rules,
    prices,
    schedules,
    keywords,
    frequencies,
    send_windows,
    roles,
    people,
)

words = Table(
    "words",
    metadata,
    identifier("id", "the word and its scope, hashed", 32),
    word("text", "the word", 100),
    word("severity", "refuse, review, replace or mark", 16),
    word("replacement", "what stands in its place", 100),
    word("scope", "account or department it is for"),
    flag("active", "1 in use, 0 switched off"),
    count("seq", "grows with each change of the list"),
    *audit(),
    Index("ix_words_seq", "seq"),
    comment="sensitive words 敏感词",
)

blocked = Table(
    "blocked",
    metadata,
    identifier("phone_index", "blind index of the number", 32),
    identifier("scope", "all, or account, department or category"),
    blob("phone_blob", "number, protected"),
    word("reason", "why", 200),
    word("source", "who asked: operator, reply, import", 32),
    millis("until_ms", "until when, epoch ms, 0 for ever"),
    flag("active", "1 in use, 0 lifted"),
    count("seq", "grows with each change of the list"),
    *audit(),
    Index("ix_blocked_seq", "seq"),
    comment="numbers that get no messages 黑名单",
)

reviews = Table(
    "reviews",
    metadata,
    identifier("id", "first message of what is held", 13),
    word("batch_id", "submission it came in", 13),
    word("account", "account"),
    word("category", "category"),
    word("reason", "why it is held", 200),
    word("maker", "who wrote it"),
    count("message_count", "messages held"),
    word("state", "waiting, approved, refused, expired", 16),
    word("checker", "who decided"),
    word("note", "what the checker said", 200),
    flag("done", "1 the gateway acted on it"),
    millis("expires_ms", "when it is too late, epoch ms"),
    millis("at_ms", "accepted, epoch ms"),
    *audit(),
    Index("ix_reviews_done", "done", "id"),
    Index("ix_reviews_batch", "batch_id"),
    comment="what waits for consent 审核",
)

ledger = Table(
    "ledger",
    metadata,
    Column(
        "id",
        count("id", "").type,
        primary_key=True,
        autoincrement=False,
        comment="order of entries, never used twice",
    ),
    word("account", "account"),
    word("kind", "grant, or correction", 16),
    count("amount", "0.0001 yuan, negative for a correction downward"),
    word("note", "what it is for", 200),
    word("made_key", "whoever repeats a request names it the same", 64),
    millis("at_ms", "when, epoch ms"),
    *audit(),
    Index("ix_ledger_account", "account", "id"),
    comment="money given to accounts, never changed 账本",
)

schedule_states = Table(
    "schedule_states",
    metadata,
    identifier("id", "schedule"),
    millis("last_ms", "fired or passed over up to then, epoch ms"),
    flag("paused", "1 somebody paused it"),
    count("missed", "times it was too late"),
    word("note", "what became of it last", 200),
    word("cron", "expression it was looked at by", 200),
    word("paused_by", "who paused it"),
    millis("fired_ms", "fired last, epoch ms"),
    millis("asked_ms", "somebody asked to fire it then, epoch ms, 0 nobody"),
    *audit(),
    comment="how far each schedule is 定时任务进度",
)

batch_stops = Table(
    "batch_stops",
    metadata,
    identifier("id", "batch", 13),
    word("account", "account"),
    word("state", "running, paused, canceled", 16),
    count("seq", "grows with each change of the list"),
    millis("at_ms", "first word about it, epoch ms"),
    *audit(),
    comment="batches that were paused or canceled 批次控制",
)

channel_orders = Table(
    "channel_orders",
    metadata,
    identifier("id", "channel"),
    word("state", "paused, draining, tripped, or - for none", 16),
    word("reason", "why", 200),
    millis("at_ms", "ordered, epoch ms"),
    *audit(),
    comment="what people ordered channels to do 通道指令",
)

channel_decisions = Table(
    "channel_decisions",
    metadata,
    Column(
        "at_ms",
        millis("at_ms", "").type,
        primary_key=True,
        autoincrement=False,
        comment="when, epoch ms",
    ),
    identifier("channel", "channel"),
    identifier("node", "node that decided for itself"),
    word("state_before", "well, tripped, canary, paused, draining", 16),
    word("state_after", "the same kinds", 16),
    word("why", "why, in words", 200),
    word("who", "person, or health"),
    *audit(),
    comment="why channels were switched 通道切换记录",
)
