"""
Every table of the record.

Names are lower case, at most 30 characters, and reserved on no server.
"""

from sqlalchemy import Column, Index, Integer, MetaData, Table

from smsgw.storage.columns import (
    audit,
    blob,
    count,
    document,
    flag,
    identifier,
    millis,
    where,
    word,
)

__all__ = [
    "HAS_CODE",
    "HAS_FAILED",
    "HAS_REF",
    "OBJECTS",
    "OWES_ANSWER",
    "account_events",
    "accounts",
    "batches",
    "changes",
    "channel_codes",
    "channels",
    "credentials",
    "departments",
    "inbound",
    "messages",
    "metadata",
    "object_table",
    "orphans",
    "peers",
    "ported",
    "regions",
    "route_groups",
    "route_rules",
    "seen_codes",
    "segments",
    "tallies",
    "watermarks",
    "webhook_states",
    "webhooks",
]

metadata = MetaData()
HAS_REF = "client_ref <> '-'"
HAS_CODE = "code NOT IN ('-', 'DELIVRD')"
HAS_FAILED = "state IN ('undelivered', 'rejected', 'expired', 'unknown')"
OWES_ANSWER = "answer <> '-'"


def object_table(name: str, comment: str, *columns: Column[str]) -> Table:
    """
    A table of business objects: what is searched is a column, the rest is JSON.
    """
    return Table(
        name,
        metadata,
        identifier("id", "id given by the operator"),
        *columns,
        document("settings", "all fields, JSON"),
        flag("active", "1 in use, 0 switched off"),
        *audit(),
        comment=comment,
    )


def _ordinal(name: str, comment: str) -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False, comment=comment)


departments = object_table(
    "departments",
    "campuses and departments 院区与科室",
    word("name", "name shown", 200),
    word("parent", "department above"),
)
accounts = object_table(
    "accounts",
    "applications and departments that send 账号",
    word("name", "name shown", 200),
    word("department", "department it belongs to"),
)
credentials = object_table(
    "credentials",
    "credentials of business systems 接入凭据",
    word("account", "account it acts for"),
)
channels = object_table(
    "channels",
    "contracts with carriers 通道",
    word("name", "name shown", 200),
    word("carrier", "carrier"),
    word("protocol", "protocol spoken"),
)
route_groups = object_table("route_groups", "groups of channels 路由组")
route_rules = object_table(
    "route_rules",
    "routing rules 路由规则",
    word("route_group", "group it chooses"),
)
webhooks = object_table(
    "webhooks",
    "where events are pushed 事件推送",
    word("account", "account whose events are pushed"),
)
peers = object_table(
    "peers",
    "systems that log in to us in a carrier's protocol 协议接入",
    word("account", "account it acts for"),
    word("protocol", "protocol it speaks"),
)

OBJECTS = (
    departments,
    accounts,
    credentials,
    channels,
    route_groups,
    route_rules,
    webhooks,
    peers,
)

batches = Table(
    "batches",
    metadata,
    identifier("id", "id of the first message", 13),
    word("account", "account"),
    word("category", "category"),
    document("callback_data", "caller's own data, given back with events"),
    document("biz", "caller's business fields, JSON"),
    document("routing", "which rule chose, per carrier"),
    millis("accepted_ms", "accepted, epoch ms"),
    *audit(),
    comment="submissions 提交批次",
)

messages = Table(
    "messages",
    metadata,
    identifier("id", "message id, sorted by time", 13),
    word("batch_id", "submission it came in", 13),
    word("account", "account"),
    word("category", "category"),
    word("state", "newest state", 16),
    count("state_rank", "0 open, 1 unknown, 2 ended, 3 delivered; never goes down"),
    word("channel", "channel of the newest attempt"),
    count("segments", "segments charged at accept"),
    count("attempts", "attempts begun"),
    word("code", "newest code, the carrier's or ours"),
    flag("uncertain", "1 a segment may have been sent twice"),
    flag("late", "1 the final state was put right by a late receipt"),
    word("client_ref", "caller's reference", 128),
    blob("phone_blob", "recipient, protected"),
    word("phone_index", "blind index of the recipient", 32),
    blob("text_blob", "text, protected"),
    word("signature", "signature", 100),
    millis("accepted_ms", "accepted, epoch ms"),
    millis("submitted_ms", "all segments taken by the carrier, epoch ms"),
    millis("final_ms", "ended, epoch ms"),
    document("history", "lines of JSON lists of steps"),
    *audit(),
    Index("ix_messages_account", "account", "id"),
    Index("ix_messages_ref", "account", "client_ref", "id", **where(HAS_REF)),
    Index("ix_messages_phone", "phone_index", "id"),
    Index("ix_messages_code", "code", "id", **where(HAS_CODE)),
    Index("ix_messages_failed", "id", **where(HAS_FAILED)),
    comment="messages 短信",
)

segments = Table(
    "segments",
    metadata,
    identifier("carrier_id", "the carrier's id"),
    identifier("channel", "channel"),
    identifier("message_id", "message", 13),
    _ordinal("attempt", "attempt, from 1"),
    _ordinal("part", "segment, from 1"),
    *audit(),
    sqlite_with_rowid=False,
    comment="segments that carriers took, by their ids 分段",
)

inbound = Table(
    "inbound",
    metadata,
    identifier("id", "channel, delivery id and sender", 200),
    word("channel", "channel"),
    word("access_number", "number it was sent to"),
    word("account", "account it is for"),
    word("message_id", "message it answers", 13),
    word("matched_by", "which rule found the message", 32),
    blob("phone_blob", "sender, protected"),
    word("phone_index", "blind index of the sender", 32),
    blob("text_blob", "text, protected"),
    document("note", "what is special about it"),
    word("action", "what it asked for: opt_out, opt_in, confirm, cancel", 16),
    word("answer", "template of the answer that is owed"),
    millis("at_ms", "received, epoch ms"),
    *audit(),
    Index("ix_inbound_phone", "phone_index", "at_ms"),
    Index("ix_inbound_time", "at_ms", "id"),
    Index("ix_inbound_answer", "answer", **where(OWES_ANSWER)),
    comment="replies 上行短信",
)

account_events = Table(
    "account_events",
    metadata,
    identifier("account", "account"),
    Column(
        "seq",
        count("seq", "").type,
        primary_key=True,
        autoincrement=False,
        comment="order of recording; the cursor",
    ),
    word("event_id", "stable name of the event", 220),
    word("event_type", "type", 32),
    word("message_id", "message", 13),
    millis("occurred_ms", "when it happened, epoch ms"),
    document("body", "what the event itself says, JSON"),
    word("acked_by", "who has it"),
    millis("acked_ms", "noted as received, epoch ms"),
    *audit(),
    Index("ix_events_event_id", "event_id", unique=True),
    sqlite_with_rowid=False,
    comment="events of accounts 账号事件",
)

webhook_states = Table(
    "webhook_states",
    metadata,
    identifier("webhook_id", "webhook"),
    count("seq", "every event up to here was delivered"),
    count("failures", "failures in a row"),
    millis("due_ms", "next try, epoch ms"),
    word("note", "newest answer or error", 200),
    *audit(),
    comment="how far each webhook is 推送进度",
)

orphans = Table(
    "orphans",
    metadata,
    identifier("id", "channel, carrier id, time", 200),
    word("channel", "channel"),
    word("carrier_id", "the carrier's id"),
    word("state", "state it reports", 16),
    word("code", "carrier's code"),
    word("phone_index", "blind index of the number", 32),
    millis("at_ms", "received, epoch ms"),
    *audit(),
    comment="receipts that fit no message 孤儿回执",
)

tallies = Table(
    "tallies",
    metadata,
    Column(
        "hour_ms",
        count("hour_ms", "").type,
        primary_key=True,
        autoincrement=False,
        comment="hour of acceptance, epoch ms",
    ),
    identifier("account", "account"),
    identifier("department", "department"),
    identifier("channel", "channel"),
    identifier("carrier", "carrier of the channel", 16),
    identifier("category", "category", 16),
    identifier("state", "state", 16),
    count("message_count", "messages now in this state"),
    count("segment_count", "their segments"),
    *audit(),
    comment="messages counted; equals a count over messages 统计",
)

watermarks = Table(
    "watermarks",
    metadata,
    identifier("name", "what is measured"),
    count("version", "grows by one with each change"),
    count("place", "how far the queue's facts are recorded"),
    count("seq", "greatest event seq given"),
    *audit(),
    comment="how far the record is 水位",
)

changes = Table(
    "changes",
    metadata,
    Column(
        "id",
        count("id", "").type,
        primary_key=True,
        autoincrement=False,
        comment="order of changes",
    ),
    millis("at_ms", "when, epoch ms"),
    word("who", "who changed it"),
    word("table_name", "table", 30),
    word("row_id", "row"),
    document("before_json", "values before, secrets masked"),
    document("after_json", "values after, secrets masked"),
    *audit(),
    comment="change log 变更日志",
)

regions = Table(
    "regions",
    metadata,
    identifier("prefix", "first seven digits of the numbers", 8),
    word("province", "province"),
    word("city", "city"),
    word("carrier", "carrier, where the list names it", 16),
    *audit(),
    comment="where numbers belong 号码归属地",
)

ported = Table(
    "ported",
    metadata,
    identifier("phone_index", "blind index of the number", 32),
    blob("phone_blob", "number, protected"),
    word("carrier", "carrier it is with now", 16),
    word("source", "learned, loaded or set", 16),
    flag("active", "1 in use, 0 forgotten"),
    count("seq", "grows with each change of the list"),
    *audit(),
    Index("ix_ported_seq", "seq"),
    comment="numbers with another carrier 携号转网",
)

channel_codes = Table(
    "channel_codes",
    metadata,
    identifier("channel", "channel it is for"),
    identifier("code", "the carrier's code"),
    word("class", "class of the failure", 32),
    word("zh", "words in Chinese", 200),
    word("en", "words in English", 200),
    *audit(),
    comment="what codes mean on one channel 通道状态码",
)

seen_codes = Table(
    "seen_codes",
    metadata,
    identifier("channel", "channel it came by"),
    identifier("code", "the carrier's code, * for all beyond a limit"),
    word("kind", "receipt, or refused for an answer", 16),
    millis("first_ms", "first seen, epoch ms"),
    millis("last_ms", "last seen, epoch ms"),
    count("seen_count", "how often"),
    *audit(),
    comment="codes that no table knows 未知状态码",
)
