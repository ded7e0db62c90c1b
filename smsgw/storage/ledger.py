"""
The ledger: money given to accounts, entry by entry, never changed afterwards.

The queue applies each entry once, by its number; what messages cost is not here but
follows from the record.
"""

import attrs
from sqlalchemy import Connection, func, insert, select

from smsgw.errors import Refused
from smsgw.storage.columns import NONE
from smsgw.storage.journal import log_change
from smsgw.storage.line import millis_of
from smsgw.storage.lists import Hand, next_version
from smsgw.storage.rule_tables import ledger

__all__ = ["Entry", "entries_of", "entries_since", "grant", "granted"]

MOST = 10**13  # a billion yuan


@attrs.frozen
class Entry:
    """
    One line; C{amount} in units of 0.0001 yuan.
    """

    id: int
    account: str
    kind: str
    amount: int
    note: str
    who: str
    at: float


def grant(
    connection: Connection,
    account: str,
    amount: int,
    note: str,
    who: str,
    now: float,
    key: str = "",
) -> int:
    """
    Add an entry; its number. The same C{key} again adds nothing.

    A negative amount is a correction: the account has that much less.
    """
    if not 0 < abs(amount) <= MOST:
        raise Refused(2002, str(amount)[:32], "amount")
    at = millis_of(now)
    number = next_version(connection, ledger.name, Hand(who, at))
    if key:
        same = (ledger.c.account == account) & (ledger.c.made_key == key)
        found = connection.execute(select(ledger.c.id).where(same)).scalar()
        if found is not None:
            return int(found)
    row = {
        "account": account,
        "kind": "grant" if amount > 0 else "correction",
        "amount": amount,
        "note": note[:200] or NONE,
    }
    made = Hand(who, at).made()
    keyed = {"id": number, "made_key": key or NONE, "at_ms": at}
    connection.execute(insert(ledger).values(row | keyed | made))
    log_change(connection, ledger.name, str(number), None, row, who, at)
    return number


def entries_since(connection: Connection, number: int, limit: int = 500) -> list[Entry]:
    """
    Entries after a number, in their order.
    """
    query = select(ledger).where(ledger.c.id > number).order_by(ledger.c.id)
    return _read(connection, query.limit(limit))


def entries_of(connection: Connection, account: str, limit: int = 100) -> list[Entry]:
    """
    An account's newest entries, the newest first.
    """
    query = select(ledger).where(ledger.c.account == account)
    return _read(connection, query.order_by(ledger.c.id.desc()).limit(limit))


def _read(connection: Connection, query: object) -> list[Entry]:
    rows = connection.execute(query)  # type: ignore[call-overload]  # a select
    return [
        Entry(
            row.id,
            row.account,
            row.kind,
            row.amount,
            "" if row.note == NONE else row.note,
            row.created_by,
            row.at_ms / 1000,
        )
        for row in rows
    ]


def granted(connection: Connection) -> dict[str, int]:
    """
    The sum of all entries by account.
    """
    columns = ledger.c
    rows = connection.execute(
        select(columns.account, func.sum(columns.amount)).group_by(columns.account)
    )
    return {account: int(amount) for account, amount in rows}
