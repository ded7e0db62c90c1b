"""
The tables of the console: logins, address books, sendings, acknowledgements, and
how channels were.
"""

from sqlalchemy import BigInteger, Column, Index, Table

from smsgw.storage.columns import (
    audit,
    blob,
    count,
    document,
    flag,
    identifier,
    millis,
    word,
)
from smsgw.storage.rule_tables import metadata

__all__ = [
    "acknowledgements",
    "channel_history",
    "contact_groups",
    "contacts",
    "logins",
    "metadata",
    "sendings",
]

logins = Table(
    "logins",
    metadata,
    identifier("id", "person"),
    word("password", "Argon2 hash", 200),
    blob("totp_blob", "seed of one-time codes, protected"),
    count("totp_step", "last one-time code's time step: none twice"),
    count("failures", "wrong passwords since the last right one"),
    millis("locked_ms", "until when nobody gets in, epoch ms"),
    millis("changed_ms", "password changed, epoch ms"),
    flag("must_change", "1 at the next login"),
    millis("last_ms", "logged in last, epoch ms"),
    word("last_from", "from which address"),
    *audit(),
    comment="how people log in to the console 登录",
)

contacts = Table(
    "contacts",
    metadata,
    identifier("id", "id given by us", 32),
    word("book", "shared, or the person whose it is"),
    word("name", "name shown", 200),
    blob("phone_blob", "number, protected"),
    word("phone_index", "blind index of the number", 32),
    word("department", "department"),
    document("fields", "further fields, JSON"),
    *audit(),
    Index("ix_contacts_book", "book", "name", "id"),
    Index("ix_contacts_phone", "phone_index"),
    comment="address books 通讯录",
)

contact_groups = Table(
    "contact_groups",
    metadata,
    identifier("book", "shared, or the person whose it is"),
    identifier("name", "name shown", 100),
    identifier("contact_id", "member", 32),
    *audit(),
    Index("ix_contact_groups_member", "contact_id"),
    comment="groups of contacts 通讯录分组",
)

sendings = Table(
    "sendings",
    metadata,
    identifier("id", "id given by us", 32),
    word("account", "account"),
    word("maker", "person who sent it"),
    blob("text_blob", "text as it was written, protected"),
    word("template", "template"),
    count("recipients", "recipients that were to get it"),
    count("refused", "recipients that a door refused"),
    count("held", "messages that wait for consent"),
    count("segments", "segments charged at accept"),
    count("price", "what it may cost at most, 0.0001 yuan"),
    count("rest", "recipients that wait for a word after a trial"),
    millis("rest_until_ms", "until when they do, epoch ms"),
    millis("send_ms", "when the first goes, epoch ms"),
    millis("ends_ms", "when the last goes, epoch ms"),
    document("batches", "ids of its batches, JSON"),
    *audit(),
    Index("ix_sendings_time", "created_at", "id"),
    comment="what people sent from the console 控制台发送",
)

acknowledgements = Table(
    "acknowledgements",
    metadata,
    identifier("message_id", "the message"),
    word("account", "its account"),
    word("source", "how: page"),
    word("address", "from which address"),
    millis("at_ms", "when, epoch ms"),
    *audit(),
    comment="critical messages that somebody acknowledged 危急值确认",
)

channel_history = Table(
    "channel_history",
    metadata,
    Column(
        "at_ms",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="begin, epoch ms",
    ),
    identifier("channel", "channel"),
    identifier("node", "node that counted"),
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
    *audit(),
    comment="how channels were, by five minutes 通道健康历史",
)
