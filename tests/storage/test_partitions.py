"""
Partitions on a real PostgreSQL, over made-up days.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, insert, select

from smsgw.ids import IdSource, first_id_at
from smsgw.storage.database import Database
from smsgw.storage.finding import Wanted, find_messages
from smsgw.storage.migrations import migrate
from smsgw.storage.partitions import (
    Part,
    drop_part,
    has_open,
    make_parts,
    parts_of,
)
from smsgw.storage.recording import bulk_for
from smsgw.storage.tables import batches, messages, segments
from tests.support.record import now_or_never

pytestmark = [
    pytest.mark.real,
    pytest.mark.parametrize("address", ["postgresql"], indirect=True),
]
DAY = 86_400.0
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC).timestamp()
MADE = ("recorder", 7)


def run(database: Database, call: Any, *args: Any) -> Any:
    """
    Run something in a write transaction.
    """
    return now_or_never(database.write(call, *args))


def put(database: Database, at: float, rank: int = 2, count: int = 3) -> Sequence[str]:
    """
    A batch of that time with its messages and their segments.
    """
    names = IdSource(0).take(count, at)
    ms = round(at * 1000)

    def write(connection: Connection) -> None:
        bulk = bulk_for(connection)
        bulk.insert(connection, batches, ("id", "accepted_ms"), [[names[0], ms]], MADE)
        rows = [[name, names[0], "his", rank, ms] for name in names]
        columns = ("id", "batch_id", "account", "state_rank", "accepted_ms")
        bulk.insert(connection, messages, columns, rows, MADE)
        keys = segments.primary_key.columns.keys()
        taken = [[f"C{name}", "cmcc", name, 1, 1] for name in names]
        bulk.replace(connection, segments, tuple(keys), taken, MADE)

    run(database, write)
    return names


def counted(connection: Connection, *names: str) -> list[int]:
    """
    The rows of some tables.
    """
    return [
        int(connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() or 0)
        for name in names
    ]


def test_a_week_ahead_by_days(database: Database) -> None:
    """
    From today in China on; once is enough.
    """
    made = run(database, make_parts, NOON, "day")
    assert [f"_p202611{day}" for day in range(23, 31)] == made
    assert [] == run(database, make_parts, NOON + 3600, "day")
    assert ["_p20261201"] == run(database, make_parts, NOON + DAY, "day")
    first = run(database, parts_of)[0]
    midnight = round((NOON - 12 * 3600) * 1000)
    assert (
        Part("_p20261123", first_id_at(midnight), first_id_at(midnight + 86_400_000))
        == first
    )


def test_days_then_months(database: Database) -> None:
    """
    Another length follows where the earlier ones end.
    """
    run(database, make_parts, NOON, "day")
    made = run(database, make_parts, NOON + 2 * DAY, "month")
    assert ["_p20261201"] == made
    uppers = [part.upper for part in run(database, parts_of)]
    lowers = [part.lower for part in run(database, parts_of)]
    assert uppers[:-1] == lowers[1:]
    new_year = datetime(2026, 12, 31, 16, tzinfo=UTC).timestamp()
    assert first_id_at(round(new_year * 1000)) == uppers[-1]


def test_rows_go_where_they_belong(database: Database) -> None:
    """
    What came before its partition was there moves into it; what fits none is kept.
    """
    put(database, NOON)
    put(database, NOON - 40 * DAY)
    assert [6, 2] == run(database, counted, "messages_rest", "batches_rest")
    run(database, make_parts, NOON, "day")
    put(database, NOON + DAY, count=2)
    assert [3, 3, 2, 8] == run(
        database,
        counted,
        "messages_rest",
        "messages_p20261123",
        "messages_p20261124",
        "messages",
    )
    assert [1, 3] == run(database, counted, "batches_p20261123", "segments_p20261123")


def test_keys_are_kept_in_partitions(database: Database) -> None:
    """
    A partition has the indexes of its table.
    """
    run(database, make_parts, NOON, "day")

    def indexes(connection: Connection, table: str) -> int:
        query = "SELECT count(*) FROM pg_indexes WHERE tablename = %s"
        return int(connection.exec_driver_sql(query, (table,)).scalar() or 0)

    assert 6 == run(database, indexes, "messages")
    assert 6 == run(database, indexes, "messages_p20261125")
    assert 1 == run(database, indexes, "segments_p20261125")


def test_a_day_is_dropped(database: Database) -> None:
    """
    With its batches and segments, the other days stay; open messages are told.
    """
    run(database, make_parts, NOON, "day")
    put(database, NOON)
    put(database, NOON + DAY, rank=0)
    today, tomorrow, *_ = run(database, parts_of)
    assert not run(database, has_open, today)
    assert run(database, has_open, tomorrow)
    run(database, drop_part, today)
    assert [3, 1, 3] == run(database, counted, "messages", "batches", "segments")
    assert tomorrow == run(database, parts_of)[0]


def explained(database: Database, query: Any, *args: Any) -> str:
    """
    The plans of all that a query asks of messages and batches.
    """
    asked: list[Any] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        asked.append((statement, values))

    def plan(connection: Connection) -> str:
        query(connection, *args)
        told = []
        for statement, values in asked[:]:
            rows = connection.exec_driver_sql(f"EXPLAIN {statement}", values)
            told += [row[0] for row in rows]
        return "\n".join(told)

    event.listen(database.engine, "before_cursor_execute", note)
    return str(run(database, plan))


def test_a_search_by_time_reads_its_days_only(database: Database) -> None:
    """
    Ids are bounded by the times asked for, and with them the partitions.
    """
    run(database, make_parts, NOON, "day")
    put(database, NOON + 3 * DAY)
    wanted = Wanted(since=NOON + 3 * DAY - 60, until=NOON + 3 * DAY + 60)
    found = explained(database, find_messages, wanted, None, "", 50)
    assert "messages_p20261126" in found
    for other in ("_p20261123", "_p20261125", "_p20261127", "_rest"):
        assert f"messages{other}" not in found, found
        assert f"batches{other}" not in found, found


def test_writing_touches_its_days_only(database: Database) -> None:
    """
    Changes and look-ups of a stretch are bounded by its ids.
    """
    run(database, make_parts, NOON, "day")
    names = put(database, NOON + 3 * DAY)

    def change(connection: Connection) -> None:
        bulk = bulk_for(connection)
        bulk.update(connection, messages, ("id", "state"), [[names[0], "x"]], MADE)
        bulk.fetch(connection, messages, ("id", "state"), names)

    found = explained(database, change)
    assert "messages_p20261126" in found
    for other in ("_p20261123", "_p20261127", "_rest"):
        assert f"messages{other}" not in found, found


def test_an_old_record_becomes_the_first_partition(
    database: Database, server: Any
) -> None:
    """
    Nothing is copied or lost; days follow where it ends.
    """
    server.run("CREATE DATABASE old_record")
    old = Database.open(server.url("old_record"))
    try:
        migrate(old.engine, "0010")
        names = put(old, NOON)
        now_or_never(old.prepare())
        assert [3, 1, 3] == run(
            old, counted, "messages_before", "batches_before", "segments_before"
        )
        [before] = run(old, parts_of)
        assert ("_before", "") == (before.suffix, before.lower)
        assert before.upper > names[-1]
        run(old, make_parts, datetime.now(UTC).timestamp() + 3 * DAY, "day")
        assert before.upper == run(old, parts_of)[1].lower
        query = select(func.count()).select_from(messages)
        again = insert(messages).values(id=names[0], created_by="x", created_at=1)
        with pytest.raises(Exception, match="UniqueViolation"):
            run(old, lambda c: c.execute(again))
        assert 3 == run(old, lambda c: c.execute(query).scalar())
        run(old, drop_part, before)
        assert [0, 0] == run(old, counted, "messages", "segments")
    finally:
        old.close()
