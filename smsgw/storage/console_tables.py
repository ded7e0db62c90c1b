"""
The tables of the console: logins, address books.
"""

from sqlalchemy import Index, Table

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

__all__ = ["contact_groups", "contacts", "logins", "metadata"]

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
