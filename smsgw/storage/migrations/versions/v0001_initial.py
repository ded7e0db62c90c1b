"""
The first tables.
"""

import sqlalchemy as sa
from alembic import op

from smsgw.storage.migrations.build import (
    count,
    document,
    key,
    number_key,
    table,
    word,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _departments()
    _accounts()
    _credentials()
    _channels()
    _route_groups()
    _route_rules()
    _webhooks()
    _peers()
    _batches()
    _messages()
    _segments()
    _inbound()
    _account_events()
    _webhook_states()
    _orphans()
    _tallies()
    _watermarks()
    _changes()


def _departments() -> None:
    table(
        "departments",
        "campuses and departments 院区与科室",
        key("id", "id given by the operator"),
        word("name", "name shown", 200),
        word("parent", "department above"),
        document("settings", "all fields, JSON"),
        count("active", "1 in use, 0 switched off", sa.SmallInteger),
    )


def _accounts() -> None:
    table(
        "accounts",
        "applications and departments that send 账号",
        key("id", "id given by the operator"),
        word("name", "name shown", 200),
        word("department", "department it belongs to"),
        document("settings", "all fields, JSON"),
        count("active", "1 in use, 0 switched off", sa.SmallInteger),
    )


def _credentials() -> None:
    table(
        "credentials",
        "credentials of business systems 接入凭据",
        key("id", "id given by the operator"),
        word("account", "account it acts for"),
        document("settings", "all fields, JSON"),
        count("active", "1 in use, 0 switched off", sa.SmallInteger),
    )


def _channels() -> None:
    table(
        "channels",
        "contracts with carriers 通道",
        key("id", "id given by the operator"),
        word("name", "name shown", 200),
        word("carrier", "carrier"),
        word("protocol", "protocol spoken"),
        document("settings", "all fields, JSON"),
        count("active", "1 in use, 0 switched off", sa.SmallInteger),
    )


def _route_groups() -> None:
    table(
        "route_groups",
        "groups of channels 路由组",
        key("id", "id given by the operator"),
        document("settings", "all fields, JSON"),
        count("active", "1 in use, 0 switched off", sa.SmallInteger),
    )


def _route_rules() -> None:
    table(
        "route_rules",
        "routing rules 路由规则",
        key("id", "id given by the operator"),
        word("route_group", "group it chooses"),
        document("settings", "all fields, JSON"),
        count("active", "1 in use, 0 switched off", sa.SmallInteger),
    )


def _webhooks() -> None:
    table(
        "webhooks",
        "where events are pushed 事件推送",
        key("id", "id given by the operator"),
        word("account", "account whose events are pushed"),
        document("settings", "all fields, JSON"),
        count("active", "1 in use, 0 switched off", sa.SmallInteger),
    )


def _peers() -> None:
    table(
        "peers",
        "systems that log in to us in a carrier's protocol 协议接入",
        key("id", "id given by the operator"),
        word("account", "account it acts for"),
        word("protocol", "protocol it speaks"),
        document("settings", "all fields, JSON"),
        count("active", "1 in use, 0 switched off", sa.SmallInteger),
    )


def _batches() -> None:
    table(
        "batches",
        "submissions 提交批次",
        key("id", "id of the first message", 13),
        word("account", "account"),
        word("category", "category"),
        document("callback_data", "caller's own data, given back with events"),
        document("biz", "caller's business fields, JSON"),
        document("routing", "which rule chose, per carrier"),
        count("accepted_ms", "accepted, epoch ms"),
    )


def _messages() -> None:
    table(
        "messages",
        "messages 短信",
        key("id", "message id, sorted by time", 13),
        word("batch_id", "submission it came in", 13),
        word("account", "account"),
        word("category", "category"),
        word("state", "newest state", 16),
        count("state_rank", "0 open, 1 unknown, 2 ended, 3 delivered; never goes down"),
        word("channel", "channel of the newest attempt"),
        count("segments", "segments charged at accept"),
        count("attempts", "attempts begun"),
        word("code", "newest code, the carrier's or ours"),
        count("uncertain", "1 a segment may have been sent twice", sa.SmallInteger),
        count(
            "late", "1 the final state was put right by a late receipt", sa.SmallInteger
        ),
        word("client_ref", "caller's reference", 128),
        document("phone_blob", "recipient, protected", sa.LargeBinary),
        word("phone_index", "blind index of the recipient", 32),
        document("text_blob", "text, protected", sa.LargeBinary),
        word("signature", "signature", 100),
        count("accepted_ms", "accepted, epoch ms"),
        count("submitted_ms", "all segments taken by the carrier, epoch ms"),
        count("final_ms", "ended, epoch ms"),
        document("history", "lines of JSON lists of steps"),
    )
    op.create_index("ix_messages_account", "messages", ["account", "id"])
    op.create_index("ix_messages_phone", "messages", ["phone_index", "id"])
    has_ref = sa.text("client_ref <> '-'")
    op.create_index(
        "ix_messages_ref",
        "messages",
        ["account", "client_ref", "id"],
        sqlite_where=has_ref,
        postgresql_where=has_ref,
    )


def _segments() -> None:
    table(
        "segments",
        "segments that carriers took, by their ids 分段",
        key("carrier_id", "the carrier's id"),
        key("channel", "channel"),
        key("message_id", "message", 13),
        number_key("attempt", "attempt, from 1", sa.Integer),
        number_key("part", "segment, from 1", sa.Integer),
        sqlite_with_rowid=False,
    )


def _inbound() -> None:
    table(
        "inbound",
        "replies 上行短信",
        key("id", "channel, delivery id and sender", 200),
        word("channel", "channel"),
        word("access_number", "number it was sent to"),
        word("account", "account it is for"),
        word("message_id", "message it answers", 13),
        word("matched_by", "which rule found the message", 32),
        document("phone_blob", "sender, protected", sa.LargeBinary),
        word("phone_index", "blind index of the sender", 32),
        document("text_blob", "text, protected", sa.LargeBinary),
        document("note", "what is special about it"),
        count("at_ms", "received, epoch ms"),
    )
    op.create_index("ix_inbound_phone", "inbound", ["phone_index", "at_ms"])


def _account_events() -> None:
    table(
        "account_events",
        "events of accounts 账号事件",
        key("account", "account"),
        number_key("seq", "order of recording; the cursor", sa.BigInteger),
        word("event_id", "stable name of the event", 220),
        word("event_type", "type", 32),
        word("message_id", "message", 13),
        count("occurred_ms", "when it happened, epoch ms"),
        document("body", "what the event itself says, JSON"),
        word("acked_by", "who has it"),
        count("acked_ms", "noted as received, epoch ms"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_events_event_id", "account_events", ["event_id"], unique=True)


def _webhook_states() -> None:
    table(
        "webhook_states",
        "how far each webhook is 推送进度",
        key("webhook_id", "webhook"),
        count("seq", "every event up to here was delivered"),
        count("failures", "failures in a row"),
        count("due_ms", "next try, epoch ms"),
        word("note", "newest answer or error", 200),
    )


def _orphans() -> None:
    table(
        "orphans",
        "receipts that fit no message 孤儿回执",
        key("id", "channel, carrier id, time", 200),
        word("channel", "channel"),
        word("carrier_id", "the carrier's id"),
        word("state", "state it reports", 16),
        word("code", "carrier's code"),
        word("phone_index", "blind index of the number", 32),
        count("at_ms", "received, epoch ms"),
    )


def _tallies() -> None:
    table(
        "tallies",
        "messages counted; equals a count over messages 统计",
        number_key("hour_ms", "hour of acceptance, epoch ms", sa.BigInteger),
        key("account", "account"),
        key("department", "department"),
        key("channel", "channel"),
        key("carrier", "carrier of the channel", 16),
        key("category", "category", 16),
        key("state", "state", 16),
        count("message_count", "messages now in this state"),
        count("segment_count", "their segments"),
    )


def _watermarks() -> None:
    table(
        "watermarks",
        "how far the record is 水位",
        key("name", "what is measured"),
        count("version", "grows by one with each change"),
        count("place", "how far the queue's facts are recorded"),
        count("seq", "greatest event seq given"),
    )


def _changes() -> None:
    table(
        "changes",
        "change log 变更日志",
        number_key("id", "order of changes", sa.BigInteger),
        count("at_ms", "when, epoch ms"),
        word("who", "who changed it"),
        word("table_name", "table", 30),
        word("row_id", "row"),
        document("before_json", "values before, secrets masked"),
        document("after_json", "values after, secrets masked"),
    )
