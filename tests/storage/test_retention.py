"""
What is past goes in lots, with all that belongs to it; what is under way stays.
"""

from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select

from smsgw.ids import IdSource
from smsgw.message import Fact
from smsgw.storage import retention
from smsgw.storage.columns import NONE
from smsgw.storage.database import Database
from smsgw.storage.tables import (
    account_events,
    batches,
    inbound,
    messages,
    orphans,
    segments,
    tallies,
)
from tests.support.record import (
    NOW,
    chunk,
    ended,
    facts,
    now_or_never,
    orphan,
    record,
    reply,
    sent,
)

IDS = list(IdSource(0).take(8, NOW))
LATER = list(IdSource(0).take(2, NOW + 86_400))
LAST = "Z" * 13
FAR = 1 << 60


def fill(database: Database) -> None:
    """
    Eight messages of a day, of which three ended; two of the next one, both ended.
    """
    record(database, chunk(IDS[:4]), chunk(IDS[4:]), chunk(LATER, at=NOW + 86_400))
    told: list[Fact] = []
    for name in (IDS[0], IDS[1], IDS[4], *LATER):
        told += [*sent(name), *ended(name)]
    record(database, facts(*told))


def left(database: Database, table: Any, *columns: str) -> list[Any]:
    """
    What a table holds.
    """
    query = select(*(table.c[name] for name in columns)).order_by(table.c[columns[0]])
    rows = now_or_never(database.read(lambda c: c.execute(query).all()))
    return [row[0] if len(columns) == 1 else tuple(row) for row in rows]


def run(database: Database, call: Any, *args: Any) -> Any:
    """
    Run something in a write transaction.
    """
    return now_or_never(database.write(call, *args))


def test_messages_that_ended_go(database: Database) -> None:
    """
    With their segments; the open ones and the younger ones stay.
    """
    fill(database)
    assert (3, IDS[-1]) == run(database, retention.purge_messages, "", LATER[0])
    assert [*IDS[2:4], *IDS[5:], *LATER] == left(database, messages, "id")
    assert LATER == left(database, segments, "message_id")
    after = run(database, retention.purge_messages, IDS[-1], LATER[0])
    assert (0, "") == after


def test_in_lots(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Lot after lot from where the last one ended, so that what stays is not read again.
    """
    monkeypatch.setattr(retention, "LOT", 3)
    fill(database)
    gone, after, seen = 0, "", []
    while True:
        count, after = run(database, retention.purge_messages, after, LAST)
        if not after:
            break
        gone += count
        seen.append(after)
    assert (5, [IDS[2], IDS[5], LATER[0], LATER[1]]) == (gone, seen)
    assert [*IDS[2:4], *IDS[5:]] == left(database, messages, "id")


def test_batches_go_when_they_are_empty(database: Database) -> None:
    """
    One with an open message stays.
    """
    fill(database)
    run(database, retention.purge_messages, "", LAST)
    assert (1, LATER[0]) == run(database, retention.purge_batches, "", LAST)
    assert [IDS[0], IDS[4]] == left(database, batches, "id")
    assert (0, "") == run(database, retention.purge_batches, IDS[4], LAST)


def test_events_by_account(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The oldest first, until one is young enough.
    """
    monkeypatch.setattr(retention, "LOT", 4)
    fill(database)
    made = left(database, account_events, "created_at")
    assert "his" == run(database, retention.next_account, "")
    assert "" == run(database, retention.next_account, "his")
    assert 0 == run(database, retention.purge_events, "his", made[0])
    gone = [run(database, retention.purge_events, "his", FAR) for _ in range(4)]
    assert [4, 4, 2, 0] == gone
    assert [] == left(database, account_events, "seq")


def test_replies_that_are_owed_an_answer_stay(database: Database) -> None:
    """
    The others go by their time.
    """
    record(database, facts(reply(), reply(number="13900139000", name="d2")))
    names = left(database, inbound, "id")
    owe = inbound.update().where(inbound.c.id == names[0]).values(answer="thanks")
    run(database, lambda c: c.execute(owe))
    assert 0 == run(database, retention.purge_replies, 1)
    assert 1 == run(database, retention.purge_replies, FAR)
    assert names[:1] == left(database, inbound, "id")


def test_orphans(database: Database) -> None:
    """
    Receipts that fit nothing go, too.
    """
    record(database, facts(orphan("nobody")))
    assert 1 == run(database, retention.purge_orphans, FAR)
    assert [] == left(database, orphans, "id")


def test_totals_day_by_day(database: Database) -> None:
    """
    A day at a time, up to the hour asked for.
    """

    def put(connection: Connection) -> None:
        hour = 3_600_000
        for at in (0, hour, 25 * hour, 26 * hour):
            names = [column.name for column in tallies.primary_key.columns]
            row = dict.fromkeys(names, NONE) | {"hour_ms": at, "created_by": "x"}
            connection.execute(insert(tallies).values(row | {"created_at": 1}))

    run(database, put)
    limit = 26 * 3_600_000
    found = [run(database, retention.purge_tallies, limit) for _ in range(3)]
    assert [2, 1, 0] == found
    assert [limit] == left(database, tallies, "hour_ms")
    count = select(func.count()).select_from(tallies)
    assert 1 == run(database, lambda c: c.execute(count).scalar())
