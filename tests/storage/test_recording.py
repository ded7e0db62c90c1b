"""
A stretch is written once: rows, watermark, tallies that equal a count.
"""

import random
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, text

from smsgw.message import Fact
from smsgw.storage import recording as recording_module
from smsgw.storage import tables
from smsgw.storage.database import Database
from smsgw.storage.line import Line
from smsgw.storage.recording import Known, Overtaken, Recording, bulk_for, position_of
from tests.support.record import (
    DIRECTORY,
    FIELDS,
    IDS,
    NOW,
    chunk,
    ended,
    facts,
    now_or_never,
    record,
    sent,
)


def rows(database: Database, sql: str) -> list[tuple[Any, ...]]:
    """
    What a statement finds.
    """

    def run(connection: Connection) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in connection.execute(text(sql))]

    return now_or_never(database.read(run))


def test_the_watermark_moves_with_the_rows(database: Database) -> None:
    """
    One transaction holds both.
    """
    assert 0 == now_or_never(database.read(position_of, 0))
    record(database, chunk(), facts(*sent()))
    assert 2 == now_or_never(database.read(position_of, 0))
    assert 0 == now_or_never(database.read(position_of, 1))


def test_a_stretch_that_was_recorded_is_refused_whole(database: Database) -> None:
    """
    A second recorder at an old place writes nothing.
    """
    record(database, chunk())
    recording = Recording(FIELDS, DIRECTORY, 0, 0)
    with pytest.raises(Overtaken):
        now_or_never(database.write(recording.record, 0, 1, [chunk(IDS[5:6])]))
    assert [(1,)] == rows(database, "SELECT count(*) FROM messages")


def test_updates_append_to_the_history(database: Database) -> None:
    """
    Later stretches add to what earlier ones wrote.
    """
    record(database, chunk())
    record(database, facts(*sent()))
    record(database, facts(*ended()))
    found = rows(database, "SELECT state, history FROM messages")
    assert "delivered" == found[0][0]
    assert 2 == len(found[0][1].splitlines())
    segment = rows(database, "SELECT carrier_id, message_id, part FROM segments")
    assert [(f"C{IDS[0]}1", IDS[0], 1)] == segment


def test_a_batch_of_many_chunks_is_one_row(database: Database) -> None:
    """
    Its routes are appended as chunks are dispatched.
    """
    first, second = (
        Fact("routed", IDS[0], NOW, note=f"mobile: r{n}") for n in range(2)
    )
    record(database, chunk(), facts(first))
    record(database, facts(second))
    found = rows(database, "SELECT id, callback_data, biz, routing FROM batches")
    assert [(IDS[0], "back", '{"visit":"V1"}')] == [row[:3] for row in found]
    assert 2 == len(found[0][3].splitlines())


def test_events_are_numbered_without_gaps(database: Database) -> None:
    """
    The cursor grows by one over stretches.
    """
    record(database, chunk(IDS[:3]), facts(*sent()))
    record(database, facts(*ended(), *sent(IDS[1])))
    found = rows(database, "SELECT seq, event_id FROM account_events ORDER BY seq")
    assert [1, 2, 3] == [row[0] for row in found]
    assert f"{IDS[0]}.delivered" == found[1][1]


def test_an_unknown_message_is_reported(database: Database) -> None:
    """
    Facts about nobody are counted and change nothing.
    """
    assert 2 == record(database, facts(*ended()))
    assert [] == rows(database, "SELECT * FROM tallies")


@pytest.mark.parametrize("seed", range(5))
def test_tallies_equal_a_count(database: Database, seed: int) -> None:
    """
    However facts are cut into stretches, a report equals a count of messages.
    """
    chance = random.Random(seed)
    record(database, chunk(IDS, segments=2))
    waiting = [
        [
            *sent(one),
            *ended(one, chance.choice(("delivered", "undelivered", "unknown"))),
        ]
        for one in IDS
    ]
    while waiting:
        some = chance.sample(waiting, min(len(waiting), 40))
        record(database, facts(*(life.pop(0) for life in some)))
        waiting = [life for life in waiting if life]
    again = [
        Fact("final", one, NOW + 9, "delivered", "cmcc", account="his")
        for one in chance.sample(IDS, 60)
    ]
    record(database, facts(*again))
    counted = rows(
        database,
        "SELECT channel, state, count(*), sum(segments) FROM messages"
        " WHERE state_rank > 0 GROUP BY channel, state ORDER BY state",
    )
    told = rows(
        database,
        "SELECT channel, state, sum(message_count), sum(segment_count) FROM tallies"
        " WHERE state <> 'accepted' GROUP BY channel, state"
        " HAVING sum(message_count) > 0 ORDER BY state",
    )
    assert counted == told
    assert 200 == sum(row[2] for row in told)


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_numbers_of_rows_do_not_matter(database: Database) -> None:
    """
    Lists of every length are written whole.
    """
    record(database, chunk(IDS[:199]))
    count = select(func.count()).select_from(tables.messages)

    def counted(connection: Connection) -> int:
        assert bulk_for(connection).__name__.endswith("sqlite")
        return connection.execute(count).scalar() or 0

    assert 199 == now_or_never(database.read(counted))


def test_known_messages_go_on_without_being_read(database: Database) -> None:
    """
    Those on their way are kept, those that ended are not.
    """
    known = Known()
    recording = Recording(FIELDS, DIRECTORY, 0, 0, known)
    write = recording.record
    now_or_never(database.write(write, 0, 1, [chunk(IDS[:2])]))
    assert set(IDS[:2]) == known.lines.keys()
    now_or_never(database.write(write, 1, 2, [facts(*sent(), *sent(IDS[1]))]))
    now_or_never(database.write(write, 2, 3, [facts(*ended())]))
    assert {IDS[1]} == known.lines.keys()
    found = rows(database, "SELECT state, history FROM messages ORDER BY id")
    assert ["delivered", "submitted"] == [row[0] for row in found]
    assert 2 == len(found[0][1].splitlines())


def test_few_messages_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The oldest make room, and those taken are gone.
    """
    monkeypatch.setattr(recording_module, "_KNOWN", 2)
    known = Known()
    known.keep(Line(one, one, "his", "notice", "", 1, 0) for one in IDS[:3])
    assert IDS[1:3] == list(known.lines)
    assert {IDS[1]} == known.take({IDS[0], IDS[1]}).keys()
    assert [IDS[2]] == list(known.lines)


def test_every_fact_has_an_event_of_its_own(database: Database) -> None:
    """
    Another attempt is submitted again, and an end is put right more than once.
    """
    again = Fact("again", IDS[0], NOW, "queued", "cmcc", account="his")
    record(database, chunk(), facts(*sent(), again))
    record(database, facts(*sent(), *ended(state="unknown")))
    record(database, facts(*ended(state="undelivered"), *ended(state="delivered")))
    found = rows(database, "SELECT event_id, event_type FROM account_events")
    assert [
        ("submitted.1", "message.submitted"),
        ("submitted.2", "message.submitted"),
        ("unknown", "message.unknown"),
        ("undelivered", "message.late"),
        ("delivered", "message.late"),
    ] == [(name.partition(".")[2], kind) for name, kind in found]


def test_what_is_recorded_already_is_left_out(database: Database) -> None:
    """
    A careful recording of old chunks and facts adds only what is new.
    """
    record(database, chunk(IDS[:2]), facts(*sent()))
    careful = Recording(FIELDS, DIRECTORY, 0, 0, careful=True)
    again = [chunk(IDS[:3]), facts(*sent(), *ended())]
    now_or_never(database.write(careful.record, 2, 4, again))
    assert [(3,)] == rows(database, "SELECT count(*) FROM messages")
    found = rows(database, "SELECT seq, event_id FROM account_events ORDER BY seq")
    assert [(1, f"{IDS[0]}.submitted.1"), (2, f"{IDS[0]}.delivered")] == found
    told = "SELECT state, sum(message_count) FROM tallies GROUP BY state ORDER BY state"
    assert [("accepted", 3), ("delivered", 1)] == rows(database, told)
