"""
Messages, failures, replies and batches, found within a scope.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert

from smsgw.storage.database import Database
from smsgw.storage.finding import (
    FAILED,
    Failure,
    Wanted,
    failures,
    find_messages,
    find_replies,
    recent_batches,
)
from smsgw.storage.tables import accounts
from tests.support.record import (
    FIELDS,
    IDS,
    NOW,
    PHONE,
    chunk,
    ended,
    facts,
    now_or_never,
    record,
    reply,
    sent,
)


def fill(database: Database) -> None:
    """
    Three of C{his}, one of C{lis}, a failure, two replies.
    """
    record(
        database,
        chunk(IDS[:3]),
        chunk([IDS[10]], account="lis"),
        facts(*sent(), *ended(state="undelivered", code="MK:0001")),
        facts(reply(), reply(number="13900139000", name="d2")),
    )


def found(database: Database, wanted: Wanted, scope: object = None) -> list[str]:
    """
    The ids, newest first.
    """
    rows = now_or_never(database.read(find_messages, wanted, scope, "", 10))
    return [row.id for row in rows]


def test_by_any_field(database: Database) -> None:
    """
    Each narrows; a scope that is empty sees nothing.
    """
    fill(database)
    everything = [IDS[10], *reversed(IDS[:3])]
    assert everything == found(database, Wanted())
    assert IDS[2::-1] == found(database, Wanted(), {"his"})
    assert [] == found(database, Wanted(), frozenset())
    index = FIELDS.index("phone", PHONE)
    assert [IDS[10], IDS[0]] == found(database, Wanted(index))
    assert [IDS[0]] == found(database, Wanted(states=("undelivered",)))
    assert [IDS[0]] == found(database, Wanted(code="MK:0001", channel="cmcc"))
    assert [IDS[10]] == found(database, Wanted(account="lis", category="notice"))
    assert IDS[2::-1] == found(database, Wanted(batch=IDS[0]))
    assert everything == found(database, Wanted(since=NOW - 1, until=NOW + 1))
    assert [] == found(database, Wanted(since=NOW + 1))
    assert [] == found(database, Wanted(ref="none"))


def test_by_indexed_fields(database: Database) -> None:
    """
    By reference, by code and by failures; several accounts are one list.
    """
    fill(database)
    now_or_never(database.write(add_account, "his"))
    both = {"his", "lis", "none"}
    assert [IDS[1]] == found(database, Wanted(ref="ref-1"))
    assert [IDS[10], IDS[0]] == found(database, Wanted(ref="ref-0"), both)
    assert [] == found(database, Wanted(ref="ref-1"), {"lis"})
    assert [] == found(database, Wanted(account="his"), {"lis"})
    assert IDS[2::-1] == found(database, Wanted(account="his"), both)
    assert [IDS[0]] == found(database, Wanted(code="MK:0001"), both)
    assert [IDS[0]] == found(database, Wanted(states=FAILED), both)
    assert 3 == len(found(database, Wanted(code="-")))
    assert [] == found(database, Wanted(code="DELIVRD"))
    everything = [IDS[10], *reversed(IDS[:3])]
    assert everything == found(database, Wanted(), both)
    pages, before = [], ""
    while page := now_or_never(database.read(find_messages, Wanted(), both, before, 1)):
        before = page[0].id
        pages.append(before)
    assert everything == pages


LOOKED_FOR = {
    "ix_messages_code": Wanted(code="MK:0001"),
    "ix_messages_failed": Wanted(states=("unknown",)),
    "ix_messages_ref": Wanted(account="his", ref="ref-1"),
    "ix_messages_account": Wanted(account="his"),
    "ix_messages_phone": Wanted(index="0"),
}


@pytest.mark.parametrize("index", sorted(LOOKED_FOR))
def test_by_an_index(template: Path, tmp_path: Path, index: str) -> None:
    """
    SQLite neither reads every message nor sorts those it found.
    """
    path = tmp_path / "record.db"
    shutil.copy(template, path)
    database = Database.open(f"sqlite:///{path}")
    plans: list[str] = []

    def explain(connection: Any, cursor: Any, sql: str, values: Any, *_: Any) -> None:
        if sql.startswith("SELECT messages.id"):
            asked = f"EXPLAIN QUERY PLAN {sql}"
            rows = connection.connection.driver_connection.execute(asked, values)
            plans.extend(row[3] for row in rows)

    event.listen(database.engine, "before_cursor_execute", explain)
    assert [] == found(database, LOOKED_FOR[index])
    assert plans
    assert index in plans[0]
    assert "B-TREE" not in " ".join(plans)
    database.close()


def add_account(connection: Connection, name: str) -> None:
    """
    An account of the directory.
    """
    connection.execute(insert(accounts).values(id=name))


def test_pages(database: Database) -> None:
    """
    Each begins after the last of the one before.
    """
    fill(database)
    rows = now_or_never(database.read(find_messages, Wanted(), None, IDS[2], 1))
    assert [IDS[1]] == [row.id for row in rows]


def test_failures(database: Database) -> None:
    """
    Counted by channel and code.
    """
    fill(database)
    told = now_or_never(database.read(failures, Wanted(), None))
    assert [Failure("cmcc", "MK:0001", "undelivered", 1)] == told
    assert [] == now_or_never(database.read(failures, Wanted(), {"lis"}))


def test_replies(database: Database) -> None:
    """
    By number, by what they answer, by scope.
    """
    fill(database)
    look = (find_replies, None)
    assert 2 == len(now_or_never(database.read(*look, False, "", 0, 10)))
    strays = now_or_never(database.read(*look, True, "", 0, 10))
    assert ["-"] == [row.account for row in strays]
    index = FIELDS.index("phone", PHONE)
    assert 1 == len(now_or_never(database.read(*look, False, index, 0, 10)))
    assert [] == now_or_never(database.read(find_replies, {"lis"}, False, "", 0, 10))
    assert [] == now_or_never(database.read(*look, False, "", 1, 10))


def test_batches(database: Database) -> None:
    """
    Newest first, by pages.
    """
    fill(database)
    rows = now_or_never(database.read(recent_batches, None, "", 10))
    assert [IDS[10], IDS[0]] == [row.id for row in rows]
    rows = now_or_never(database.read(recent_batches, {"his"}, IDS[10], 10))
    assert [IDS[0]] == [row.id for row in rows]
