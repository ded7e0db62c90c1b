"""
A PostgreSQL that dies under the recorder and comes back: every fact is recorded once.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from smsgw.cli.proving.postgres_server import Server, postgres_server
from smsgw.ids import IdSource
from smsgw.storage import bulk_postgres, recorder, tables
from smsgw.storage.database import Database
from smsgw.storage.recorder import Recorder
from tests.storage.test_recorder import make
from tests.support.record import NOW, chunk, ended, facts, now_or_never, sent

pytestmark = pytest.mark.real
EACH, LOTS = 20, 8


@pytest.fixture
def own() -> Iterator[Server]:
    """
    A server that only this test strikes.
    """
    with postgres_server() as server:
        yield server


@pytest.fixture
def recording(own: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    """
    A recorder with some stretches before it, each a batch, then its ends.
    """
    monkeypatch.setattr(recorder, "COUNT", 3)
    database = Database.open(own.url())
    now_or_never(database.prepare())
    items, source = [], IdSource(0)
    for lot in range(LOTS):
        names = source.take(EACH, NOW + lot)
        items.append(chunk(names, at=NOW + lot))
        items += [facts(*(fact for one in names for fact in sent(one)))]
        items += [facts(*(fact for one in names for fact in ended(one)))]
    yield make(database, *items)
    database.close()


def sums(connection: Connection) -> dict[str, int]:
    """
    What the record has.
    """

    def one(query: Any) -> int:
        return int(connection.execute(query).scalar() or 0)

    messages, tallies = tables.messages, tables.tallies.c
    done = tallies.state == "delivered"
    return {
        "messages": one(select(func.count()).select_from(messages)),
        "delivered": one(select(func.count()).where(messages.c.state == "delivered")),
        "events": one(select(func.count()).select_from(tables.account_events)),
        "segments": one(select(func.count()).select_from(tables.segments)),
        "tallied": one(select(func.sum(tallies.message_count)).where(done)),
    }


def run(recorder: Recorder, heal: Callable[[], None]) -> list[str]:
    """
    Record everything; what is told as trouble, and each time healed.
    """
    told: list[str] = []
    clock: Any = recorder.clock

    def look() -> None:
        if recorder.trouble:
            told.append(recorder.trouble)
            heal()
        elif not recorder.queue.items:  # type: ignore[attr-defined]  # of the test
            recorder.stop()

    clock.on_sleep = look
    now_or_never(recorder.run())
    return told


def whole(recorder: Recorder) -> None:
    """
    Nothing is missing, nothing is there twice.
    """
    count = EACH * LOTS
    wanted = {"messages": count, "delivered": count, "segments": count}
    wanted |= {"events": 2 * count, "tallied": count}
    assert wanted == now_or_never(recorder.database.read(sums))
    assert 0 == recorder.strays


@pytest.mark.parametrize("when", [1, 5, 9])
def test_a_server_that_dies_in_a_transaction(
    own: Server, recording: Recorder, monkeypatch: pytest.MonkeyPatch, when: int
) -> None:
    """
    It is told, tried again, and goes on where the last commit was.
    """
    insert, calls = bulk_postgres.insert, 0

    def struck(*words: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == when:
            own.stop()
        insert(*words)

    monkeypatch.setattr(bulk_postgres, "insert", struck)
    told = run(recording, own.start)
    assert 1 == len(told)
    assert told[0].startswith("database: ")
    whole(recording)


def test_links_that_are_cut(own: Server, recording: Recorder) -> None:
    """
    Between two stretches nobody notices.
    """
    clock: Any = recording.clock
    now_or_never(recording.start())
    now_or_never(recording.step())
    own.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    assert [] == run(recording, lambda: None)
    assert [] == [one for one in clock.slept if one >= recorder.BACK_OFF]
    whole(recording)
