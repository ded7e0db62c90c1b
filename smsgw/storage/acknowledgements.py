"""
Critical messages that somebody acknowledged: each once, the first time counts.
"""

import attrs
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from smsgw.storage.columns import NONE, unnull
from smsgw.storage.console_tables import acknowledgements
from smsgw.storage.journal import log_change
from smsgw.storage.line import millis_of
from smsgw.storage.lists import Hand

__all__ = ["Acknowledged", "acknowledge", "acknowledged"]

PAGE = "page"


@attrs.frozen
class Acknowledged:
    """
    When a message was acknowledged, how, and from which address.
    """

    at: float
    source: str = PAGE
    address: str = ""


def acknowledge(
    connection: Connection, message: str, account: str, address: str, now: float
) -> bool:
    """
    Somebody has seen it; whether they are the first who say so.
    """
    if acknowledged(connection, message) is not None:
        return False
    hand = Hand(PAGE, millis_of(now))
    row = {"account": account, "source": PAGE, "address": address[:64] or NONE}
    new = insert(acknowledgements).values(
        message_id=message, at_ms=hand.at, **row, **hand.made()
    )
    try:
        with connection.begin_nested():
            connection.execute(new)
    except IntegrityError:  # another node was quicker
        return False
    log_change(connection, acknowledgements.name, message, None, row, hand.who, hand.at)
    return True


def acknowledged(connection: Connection, message: str) -> Acknowledged | None:
    """
    Whether, and when.
    """
    columns = acknowledgements.c
    found = connection.execute(
        select(columns.at_ms, columns.source, columns.address).where(
            columns.message_id == message
        )
    ).first()
    if found is None:
        return None
    return Acknowledged(found.at_ms / 1000, found.source, unnull(found.address))
