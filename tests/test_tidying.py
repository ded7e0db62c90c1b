"""
The record keeps its size: made-up days pass, on both servers.
"""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from smsgw.config import Retention
from smsgw.errors import Unavailable
from smsgw.ids import IdSource
from smsgw.queues.memory import MemoryQueue
from smsgw.storage import partitions
from smsgw.storage.database import Database
from smsgw.storage.tables import account_events, batches, changes, messages, segments
from smsgw.tidying import AGAIN, DAY, EVERY, Tidying
from tests.storage.conftest import address, database, server, template
from tests.support.record import (
    NOW,
    chunk,
    ended,
    facts,
    now_or_never,
    record,
    sent,
)

__all__ = ["address", "database", "server", "template"]

YEAR = Retention(messages_days=365, totals_days=365)


class Days:
    """
    A clock that somebody else moves.
    """

    def __init__(self, at: float) -> None:
        self.at = at
        self.slept: list[float] = []

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if len(self.slept) > 50:
            raise RuntimeError("too long")


def send(database: Database, at: float, end: bool = True) -> Sequence[str]:
    """
    A batch of two messages of that time; the second one stays open unless told.
    """
    names = IdSource(0).take(2, at)
    record(database, chunk(names, at=at))
    for name in names if end else names[:1]:
        record(database, facts(*sent(name, at=at + 1), *ended(name)))
    return names


def count(database: Database, *tables: Any) -> list[int]:
    """
    The rows of tables.
    """
    queries = [select(func.count()).select_from(table) for table in tables]
    return now_or_never(
        database.read(lambda c: [c.execute(query).scalar() or 0 for query in queries])
    )


def test_a_year_of_days(database: Database) -> None:
    """
    What is past goes, day by day; what is open stays with its batch, and goes when it
    has ended.
    """
    clock = Days(NOW)
    tidying = Tidying(database, YEAR, clock, MemoryQueue())
    assert {} == now_or_never(tidying.look())
    send(database, NOW)
    held = send(database, NOW + 2 * DAY, end=False)
    send(database, NOW + 300 * DAY)
    assert [6, 3, 5] == count(database, messages, batches, segments)
    clock.at = NOW + 364 * DAY
    assert {} == now_or_never(tidying.look())
    clock.at = NOW + 366.5 * DAY
    gone = now_or_never(tidying.look())
    parted = database.engine.dialect.name == "postgresql"
    assert (2 if parted else 0) == gone.get("partitions", 0)
    assert (0 if parted else 2) == gone.get("messages", 0)
    assert [4, 2, 3] == count(database, messages, batches, segments)
    clock.at = NOW + 369 * DAY
    now_or_never(tidying.look())
    assert [3, 2, 2] == count(database, messages, batches, segments)
    record(database, facts(*sent(held[1]), *ended(held[1])))
    now_or_never(tidying.look())
    assert [2, 1, 2] == count(database, messages, batches, segments)


def test_what_went_is_in_the_change_log(database: Database) -> None:
    """
    One line for each time that something went.
    """
    send(database, NOW)
    tidying = Tidying(database, YEAR, Days(NOW + 400 * DAY), MemoryQueue())
    gone = now_or_never(tidying.look())
    assert 2 == gone["messages"]
    assert [0] == count(database, account_events)
    query = select(changes.c.who, changes.c.row_id, changes.c.after_json)
    row = now_or_never(database.read(lambda c: c.execute(query).one()))
    assert ("retention", "retention") == tuple(row)[:2]
    assert '"messages"' in row.after_json
    assert {} == now_or_never(tidying.look())
    assert [1] == count(database, changes)


def test_nothing_goes_unless_asked(database: Database) -> None:
    """
    Without days everything is kept for ever.
    """
    send(database, NOW)
    clock = Days(NOW + 9000 * DAY)
    tidying = Tidying(database, Retention(), clock, MemoryQueue())
    assert {} == now_or_never(tidying.look())
    assert [2] == count(database, messages)


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_the_queues_old_counters_go(database: Database) -> None:
    """
    Those of a quarter ago, in each shard; the record is the first one's.
    """

    class Counters:
        """
        What it was asked.
        """

        def __init__(self) -> None:
            self.asked: list[str] = []

        async def forget(self, before: str) -> int:
            self.asked.append(before)
            return 1

    send(database, NOW)
    counters, clock = Counters(), Days(NOW + 400 * DAY)
    other = Tidying(database, YEAR, clock, counters, first=False)
    assert {} == now_or_never(other.look())
    assert ["20270726"] == counters.asked
    assert [2] == count(database, messages)


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_database_that_is_away_is_tried_again_soon(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Within a minute; otherwise an hour passes.
    """
    away = iter([True, False])

    def make(*_: object) -> list[str]:
        if next(away):
            raise Unavailable("gone")
        return []

    class Enough(Exception):
        """
        Ends the loop.
        """

    class Clock(Days):
        """
        Two pauses, no more.
        """

        async def sleep(self, seconds: float) -> None:
            self.slept.append(seconds)
            if len(self.slept) == 2:
                raise Enough

    monkeypatch.setattr(partitions, "make_parts", make)
    clock = Clock(NOW)
    with pytest.raises(Enough):
        now_or_never(Tidying(database, YEAR, clock, MemoryQueue()).run())
    assert [AGAIN, EVERY] == clock.slept
