"""
Receipts that come too late for the queue still find their segment.
"""

from typing import Any

import pytest
from sqlalchemy import Connection, text

from smsgw.message import Fact
from smsgw.storage.database import Database
from smsgw.storage.late import states_of
from smsgw.storage.line import read_steps
from smsgw.storage.recording import Known, Recording
from tests.support.record import (
    DIRECTORY,
    FIELDS,
    IDS,
    NOW,
    chunk,
    ended,
    facts,
    now_or_never,
    orphan,
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


def unknown() -> Fact:
    """
    The end of a message whose receipts never came.
    """
    return Fact("final", IDS[0], NOW + 9, "unknown", "cmcc", account="his")


def told(database: Database) -> list[Any]:
    """
    The steps of the only message.
    """
    ((history,),) = rows(database, "SELECT history FROM messages")
    return list(read_steps(history))


STATE = "SELECT state, late, code FROM messages"


def test_a_late_receipt_puts_an_unknown_end_right(database: Database) -> None:
    """
    The segment and its message get the state that the carrier told.
    """
    record(database, chunk(), facts(*sent(), unknown()))
    record(database, facts(orphan(f"C{IDS[0]}1")))
    assert [("delivered", 1, "DELIVRD")] == rows(database, STATE)
    assert "receipt" == told(database)[-2][1]
    assert [] == rows(database, "SELECT * FROM orphans")
    assert [("delivered", 1), ("unknown", 0)] == rows(
        database,
        "SELECT state, message_count FROM tallies WHERE state <> 'accepted'"
        " ORDER BY state",
    )


def test_all_segments_decide_together(database: Database) -> None:
    """
    A long message is delivered only when its last late receipt came.
    """
    record(database, chunk(segments=2), facts(*sent(parts=2), unknown()))
    record(database, facts(orphan(f"C{IDS[0]}2")))
    assert [("unknown", 0, "-")] == rows(database, STATE)
    record(database, facts(orphan(f"C{IDS[0]}1", "undelivered")))
    assert [("undelivered", 1, "DELIVRD")] == rows(database, STATE)


def test_both_late_receipts_may_come_together(database: Database) -> None:
    """
    Receipts of one stretch know of each other.
    """
    record(database, chunk(segments=2), facts(*sent(parts=2), unknown()))
    record(database, facts(orphan(f"C{IDS[0]}1"), orphan(f"C{IDS[0]}2")))
    assert [("delivered", 1, "DELIVRD")] == rows(database, STATE)


def test_a_message_that_has_not_ended_is_left_to_the_queue(
    database: Database,
) -> None:
    """
    Only its history learns of it.
    """
    record(database, chunk(), facts(*sent()))
    record(database, facts(orphan(f"C{IDS[0]}1")))
    assert [("submitted", 0, "-")] == rows(database, STATE)
    assert "receipt" == told(database)[-1][1]


def test_what_nothing_claims_is_kept_once(database: Database) -> None:
    """
    A receipt of nobody is an orphan; its number is not readable.
    """
    record(database, facts(orphan("strange")), facts(orphan("strange")))
    found = rows(database, "SELECT * FROM orphans")
    assert 1 == len(found)
    assert "13800138000" not in str(found)


def test_a_fact_without_its_receipt_is_an_orphan_of_nothing(
    database: Database,
) -> None:
    """
    A torn fact is passed over.
    """
    record(database, facts(Fact("orphan", "", NOW)))
    assert [] == rows(database, "SELECT * FROM orphans")


def test_a_receipt_belongs_to_the_attempt_whose_id_it_has() -> None:
    """
    Whenever it comes, it says nothing about segments of another attempt.
    """
    steps = [
        [1, "answered", "", "ct", 1, "", "old"],
        [2, "refused", "", "ct", 2, "8"],
        [3, "again", "queued", "ct"],
        [4, "answered", "", "cmcc", 1, "", "new"],
        [5, "receipt", "", "ct", 1, "DELIVRD", "old", "delivered"],
    ]
    assert {1: "delivered", 2: "refused"} == states_of(steps, 1)
    assert {1: "taken"} == states_of(steps, 2)


def resent(code: str = "MA:0051", at: float = NOW + 3) -> list[Fact]:
    """
    A receipt says that it failed; it goes out again by another channel.
    """
    name, first = IDS[0], f"C{IDS[0]}1"
    return [
        Fact("receipt", name, at, "", "cmcc", 1, code, first, "undelivered", "his"),
        Fact("again", name, at, "queued", "cmcc", 0, code, "", "all!cmcc", "his"),
    ]


def second(state: str = "undelivered", at: float = NOW + 4) -> list[Fact]:
    """
    The other channel's attempt, to its end.
    """
    name = IDS[0]
    return [
        Fact("answered", name, at, "", "ct", 1, "", "second", "", "his"),
        Fact("submitted", name, at, "submitted", "ct", account="his"),
        Fact("receipt", name, at + 1, "", "ct", 1, "E", "second", state, "his"),
        Fact("final", name, at + 1, state, "ct", 0, "E", "", "", "his"),
    ]


FIRST = orphan(f"C{IDS[0]}1")
ATTEMPTS = "SELECT state, code, channel, attempts, late FROM messages"
COUNTED = (
    "SELECT channel, state, message_count FROM tallies WHERE state <> 'accepted'"
    " AND message_count <> 0"
)


@pytest.mark.parametrize("together", [True, False])
def test_a_late_success_of_an_earlier_attempt(
    database: Database, together: bool
) -> None:
    """
    The first attempt arrived after all while the second was on its way: delivered
    it is and stays, though the second fails.
    """
    after = [FIRST, *second()]
    if not together:
        record(database, chunk(), facts(*sent(), *resent()))
        record(database, facts(FIRST))
        assert [("delivered", "DELIVRD", "cmcc", 1, 0)] == rows(database, ATTEMPTS)
        after = second()
        record(database, facts(*after))
    else:
        record(database, chunk(), facts(*sent(), *resent(), *after))
    assert [("delivered",)] == rows(database, "SELECT state FROM messages")
    (late,) = [step for step in told(database) if step[-1] == "late, attempt 1"]
    assert ["final", "delivered", "cmcc"] == late[1:4]
    ((_, state, number),) = rows(database, COUNTED)
    assert ("delivered", 1) == (state, number)


def test_a_late_success_after_the_second_failed(database: Database) -> None:
    """
    Failed twice, then the first attempt arrived.
    """
    record(database, chunk(), facts(*sent(), *resent(), *second()))
    record(database, facts(FIRST))
    assert [("delivered", "DELIVRD", "ct", 1, 1)] == rows(database, ATTEMPTS)


def test_delivered_twice(database: Database) -> None:
    """
    Both attempts arrived: the history tells of both, the state is no news.
    """
    record(database, chunk(), facts(*sent(), *resent(), *second("delivered")))
    before = rows(database, "SELECT event_id FROM account_events")
    record(database, facts(FIRST))
    assert [("delivered", "E", "ct", 1, 0)] == rows(database, ATTEMPTS)
    assert before == rows(database, "SELECT event_id FROM account_events")
    assert ["receipt", "final"] == [step[1] for step in told(database)[-2:]]


def test_an_earlier_attempts_failure_is_not_the_messages(database: Database) -> None:
    """
    Nobody knows what became of the second; that the first failed says nothing.
    """
    record(
        database,
        chunk(),
        facts(*sent(), Fact("again", IDS[0], NOW + 3, "queued", "cmcc")),
        facts(*second("unknown")),
    )
    record(database, facts(orphan(f"C{IDS[0]}1", "undelivered")))
    assert [("unknown", "E", "ct", 1, 0)] == rows(database, ATTEMPTS)


def test_what_is_known_means_nothing(database: Database) -> None:
    """
    A receipt that is repeated for days leaves no trace.
    """
    record(database, chunk(), facts(*sent(), *ended()))
    before = told(database)
    record(database, facts(FIRST, FIRST))
    assert before == told(database)


def test_what_was_kept_in_mind_is_forgotten(database: Database) -> None:
    """
    A recorder that remembers the message from before goes by the record.
    """
    known, place = Known(), 0
    for items in (
        [chunk(), facts(*sent(), *resent())],
        [facts(Fact("submitting", IDS[0], NOW + 4, "", "ct"), FIRST)],
        [facts(*second())],
    ):
        recording = Recording(FIELDS, DIRECTORY, 0, 1, known)
        place, before = place + len(items), place
        now_or_never(database.write(recording.record, before, place, items))
    assert [("delivered", "DELIVRD", "cmcc", 1, 0)] == rows(database, ATTEMPTS)
    assert "second" in str(told(database))
