"""
Logins of the console's people, and their address books.
"""

import sqlalchemy as sa
from alembic import op

from smsgw.storage.migrations.build import count, document, key, table, word

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table(
        "logins",
        "how people log in to the console 登录",
        key("id", "person"),
        word("password", "Argon2 hash", 200),
        document("totp_blob", "seed of one-time codes, protected", sa.LargeBinary),
        count("totp_step", "last one-time code's time step: none twice"),
        count("failures", "wrong passwords since the last right one"),
        count("locked_ms", "until when nobody gets in, epoch ms"),
        count("changed_ms", "password changed, epoch ms"),
        count("must_change", "1 at the next login", sa.SmallInteger),
        count("last_ms", "logged in last, epoch ms"),
        word("last_from", "from which address"),
    )
    table(
        "contacts",
        "address books 通讯录",
        key("id", "id given by us", 32),
        word("book", "shared, or the person whose it is"),
        word("name", "name shown", 200),
        document("phone_blob", "number, protected", sa.LargeBinary),
        word("phone_index", "blind index of the number", 32),
        word("department", "department"),
        document("fields", "further fields, JSON"),
    )
    op.create_index("ix_contacts_book", "contacts", ["book", "name", "id"])
    op.create_index("ix_contacts_phone", "contacts", ["phone_index"])
    table(
        "contact_groups",
        "groups of contacts 通讯录分组",
        key("book", "shared, or the person whose it is"),
        key("name", "name shown", 100),
        key("contact_id", "member", 32),
    )
    op.create_index("ix_contact_groups_member", "contact_groups", ["contact_id"])
