"""
Answers that are owed to replies: found, and noted as given.
"""

from collections.abc import Sequence

import attrs
from sqlalchemy import Connection, select, text, update

from smsgw.security.fields import Fields
from smsgw.storage.columns import NONE
from smsgw.storage.tables import OWES_ANSWER, inbound

__all__ = ["Owed", "answered", "owed_answers"]


@attrs.frozen
class Owed:
    """
    A reply that is to be answered with a template; '' account for nobody's.
    """

    reply: str
    account: str
    template: str
    number: str
    at: float


def owed_answers(
    connection: Connection, fields: Fields, limit: int = 100
) -> list[Owed]:
    """
    The oldest that are not answered.
    """
    columns = inbound.c
    rows = connection.execute(
        select(
            columns.id,
            columns.account,
            columns.answer,
            columns.phone_blob,
            columns.at_ms,
        )
        .where(text(OWES_ANSWER))
        .order_by(columns.at_ms)
        .limit(limit)
    )
    return [
        Owed(
            row.id,
            "" if row.account == NONE else row.account,
            row.answer,
            fields.open(row.phone_blob),
            row.at_ms / 1000,
        )
        for row in rows
    ]


def answered(connection: Connection, replies: Sequence[str], who: str, at: int) -> None:
    """
    These are owed no more; C{at} is epoch ms.
    """
    connection.execute(
        update(inbound)
        .where(inbound.c.id.in_(replies))
        .values(answer=NONE, updated_by=who, updated_at=at)
    )
