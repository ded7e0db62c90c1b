"""
The first tables.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _key(name: str, comment: str, length: int = 64) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), primary_key=True, comment=comment)


def _number_key(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False, comment=comment)


def _word(name: str, comment: str, length: int = 64) -> sa.Column[Any]:
    return sa.Column(
        name,
        sa.String(length),
        nullable=False,
        server_default="-",
        comment=comment,
    )


def _count(name: str, comment: str, kind: Any = sa.BigInteger) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, server_default="0", comment=comment)


def _long(name: str, comment: str, kind: Any = sa.Text) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True, comment=comment)


def _table(name: str, comment: str, *columns: sa.Column[Any], **options: Any) -> None:
    op.create_table(
        name,
        *columns,
        _word("created_by", "who made the row"),
        _count("created_at", "when the row was made, epoch ms"),
        _word("updated_by", "who changed the row last"),
        _count("updated_at", "when the row was changed last, epoch ms"),
        comment=comment,
        **options,
    )


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
    _table(
        "departments",
        "campuses and departments 院区与科室",
        _key("id", "id given by the operator"),
        _word("name", "name shown", 200),
        _word("parent", "department above"),
        _long("settings", "all fields, JSON"),
        _count("active", "1 in use, 0 switched off", sa.SmallInteger),
    )


def _accounts() -> None:
    _table(
        "accounts",
        "applications and departments that send 账号",
        _key("id", "id given by the operator"),
        _word("name", "name shown", 200),
        _word("department", "department it belongs to"),
        _long("settings", "all fields, JSON"),
        _count("active", "1 in use, 0 switched off", sa.SmallInteger),
    )


def _credentials() -> None:
    _table(
        "credentials",
        "credentials of business systems 接入凭据",
        _key("id", "id given by the operator"),
        _word("account", "account it acts for"),
        _long("settings", "all fields, JSON"),
        _count("active", "1 in use, 0 switched off", sa.SmallInteger),
    )


def _channels() -> None:
    _table(
        "channels",
        "contracts with carriers 通道",
        _key("id", "id given by the operator"),
        _word("name", "name shown", 200),
        _word("carrier", "carrier"),
        _word("protocol", "protocol spoken"),
        _long("settings", "all fields, JSON"),
        _count("active", "1 in use, 0 switched off", sa.SmallInteger),
    )


def _route_groups() -> None:
    _table(
        "route_groups",
        "groups of channels 路由组",
        _key("id", "id given by the operator"),
        _long("settings", "all fields, JSON"),
        _count("active", "1 in use, 0 switched off", sa.SmallInteger),
    )


def _route_rules() -> None:
    _table(
        "route_rules",
        "routing rules 路由规则",
        _key("id", "id given by the operator"),
        _word("route_group", "group it chooses"),
        _long("settings", "all fields, JSON"),
        _count("active", "1 in use, 0 switched off", sa.SmallInteger),
    )


def _webhooks() -> None:
    _table(
        "webhooks",
        "where events are pushed 事件推送",
        _key("id", "id given by the operator"),
        _word("account", "account whose events are pushed"),
        _long("settings", "all fields, JSON"),
        _count("active", "1 in use, 0 switched off", sa.SmallInteger),
    )


def _peers() -> None:
    _table(
        "peers",
        "systems that log in to us in a carrier's protocol 协议接入",
        _key("id", "id given by the operator"),
        _word("account", "account it acts for"),
        _word("protocol", "protocol it speaks"),
        _long("settings", "all fields, JSON"),
        _count("active", "1 in use, 0 switched off", sa.SmallInteger),
    )


def _batches() -> None:
    _table(
        "batches",
        "submissions 提交批次",
        _key("id", "id of the first message", 13),
        _word("account", "account"),
        _word("category", "category"),
        _long("callback_data", "caller's own data, given back with events"),
        _long("biz", "caller's business fields, JSON"),
        _long("routing", "which rule chose, per carrier"),
        _count("accepted_ms", "accepted, epoch ms"),
    )


def _messages() -> None:
    _table(
        "messages",
        "messages 短信",
        _key("id", "message id, sorted by time", 13),
        _word("batch_id", "submission it came in", 13),
        _word("account", "account"),
        _word("category", "category"),
        _word("state", "newest state", 16),
        _count(
            "state_rank", "0 open, 1 unknown, 2 ended, 3 delivered; never goes down"
        ),
        _word("channel", "channel of the newest attempt"),
        _count("segments", "segments charged at accept"),
        _count("attempts", "attempts begun"),
        _word("code", "newest code, the carrier's or ours"),
        _count("uncertain", "1 a segment may have been sent twice", sa.SmallInteger),
        _count(
            "late", "1 the final state was put right by a late receipt", sa.SmallInteger
        ),
        _word("client_ref", "caller's reference", 128),
        _long("phone_blob", "recipient, protected", sa.LargeBinary),
        _word("phone_index", "blind index of the recipient", 32),
        _long("text_blob", "text, protected", sa.LargeBinary),
        _word("signature", "signature", 100),
        _count("accepted_ms", "accepted, epoch ms"),
        _count("submitted_ms", "all segments taken by the carrier, epoch ms"),
        _count("final_ms", "ended, epoch ms"),
        _long("history", "lines of JSON lists of steps"),
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
    _table(
        "segments",
        "segments that carriers took, by their ids 分段",
        _key("carrier_id", "the carrier's id"),
        _key("channel", "channel"),
        _key("message_id", "message", 13),
        _number_key("attempt", sa.Integer, "attempt, from 1"),
        _number_key("part", sa.Integer, "segment, from 1"),
        sqlite_with_rowid=False,
    )


def _inbound() -> None:
    _table(
        "inbound",
        "replies 上行短信",
        _key("id", "channel, delivery id and sender", 200),
        _word("channel", "channel"),
        _word("access_number", "number it was sent to"),
        _word("account", "account it is for"),
        _word("message_id", "message it answers", 13),
        _word("matched_by", "which rule found the message", 32),
        _long("phone_blob", "sender, protected", sa.LargeBinary),
        _word("phone_index", "blind index of the sender", 32),
        _long("text_blob", "text, protected", sa.LargeBinary),
        _long("note", "what is special about it"),
        _count("at_ms", "received, epoch ms"),
    )
    op.create_index("ix_inbound_phone", "inbound", ["phone_index", "at_ms"])


def _account_events() -> None:
    _table(
        "account_events",
        "events of accounts 账号事件",
        _key("account", "account"),
        _number_key("seq", sa.BigInteger, "order of recording; the cursor"),
        _word("event_id", "stable name of the event", 220),
        _word("event_type", "type", 32),
        _word("message_id", "message", 13),
        _count("occurred_ms", "when it happened, epoch ms"),
        _long("body", "what the event itself says, JSON"),
        _word("acked_by", "who has it"),
        _count("acked_ms", "noted as received, epoch ms"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_events_event_id", "account_events", ["event_id"], unique=True)


def _webhook_states() -> None:
    _table(
        "webhook_states",
        "how far each webhook is 推送进度",
        _key("webhook_id", "webhook"),
        _count("seq", "every event up to here was delivered"),
        _count("failures", "failures in a row"),
        _count("due_ms", "next try, epoch ms"),
        _word("note", "newest answer or error", 200),
    )


def _orphans() -> None:
    _table(
        "orphans",
        "receipts that fit no message 孤儿回执",
        _key("id", "channel, carrier id, time", 200),
        _word("channel", "channel"),
        _word("carrier_id", "the carrier's id"),
        _word("state", "state it reports", 16),
        _word("code", "carrier's code"),
        _word("phone_index", "blind index of the number", 32),
        _count("at_ms", "received, epoch ms"),
    )


def _tallies() -> None:
    _table(
        "tallies",
        "messages counted; equals a count over messages 统计",
        _number_key("hour_ms", sa.BigInteger, "hour of acceptance, epoch ms"),
        _key("account", "account"),
        _key("department", "department"),
        _key("channel", "channel"),
        _key("carrier", "carrier of the channel", 16),
        _key("category", "category", 16),
        _key("state", "state", 16),
        _count("message_count", "messages now in this state"),
        _count("segment_count", "their segments"),
    )


def _watermarks() -> None:
    _table(
        "watermarks",
        "how far the record is 水位",
        _key("name", "what is measured"),
        _count("version", "grows by one with each change"),
        _count("place", "how far the queue's facts are recorded"),
        _count("seq", "greatest event seq given"),
    )


def _changes() -> None:
    _table(
        "changes",
        "change log 变更日志",
        _number_key("id", sa.BigInteger, "order of changes"),
        _count("at_ms", "when, epoch ms"),
        _word("who", "who changed it"),
        _word("table_name", "table", 30),
        _word("row_id", "row"),
        _long("before_json", "values before, secrets masked"),
        _long("after_json", "values after, secrets masked"),
    )
