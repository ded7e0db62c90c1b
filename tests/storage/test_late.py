"""
Receipts that come too late for the queue still find their segment.
"""

from typing import Any

from sqlalchemy import Connection, text

from smsgw.message import Fact
from smsgw.storage.database import Database
from smsgw.storage.late import states_of
from smsgw.storage.line import read_steps
from tests.support.record import (
    IDS,
    NOW,
    chunk,
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
