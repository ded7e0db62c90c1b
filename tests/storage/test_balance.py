"""
Tests for L{smsgw.storage.balance}.
"""

from smsgw.gateway.plan import tally_of
from smsgw.message import Fact
from smsgw.storage.balance import count_record
from smsgw.storage.database import Database
from tests.support.record import (
    IDS,
    NOW,
    chunk,
    ended,
    facts,
    now_or_never,
    record,
    sent,
)

HIS = tally_of("his", NOW)


def test_accepted_and_ended(database: Database) -> None:
    """
    By account and day, up to the record's place in the facts.
    """
    record(database, chunk(IDS[:3]), facts(*sent()), facts(*ended()))
    found = now_or_never(database.read(count_record, 0, []))

    assert 3 == found.position
    assert {HIS: 3} == found.accepted
    assert {HIS: 1} == found.ended
    assert {} == found.canceled


def test_tombstones(database: Database) -> None:
    """
    Only those of messages that have ended here count.
    """
    stopped = Fact("cancel", IDS[1], NOW + 1, "canceled", account="his")
    record(database, chunk(IDS[:3]), facts(stopped))
    found = now_or_never(database.read(count_record, 0, [IDS[1], IDS[2], "nobody"]))

    assert {HIS: 1} == found.ended
    assert {HIS: 1} == found.canceled


def test_an_end_that_is_put_right(database: Database) -> None:
    """
    Is one end still.
    """
    record(database, chunk(IDS[:2]), facts(*sent()))
    record(database, facts(Fact("final", IDS[0], NOW + 3, "unknown", account="his")))
    record(database, facts(*ended(at=NOW + 9)))
    found = now_or_never(database.read(count_record, 0, []))

    assert {HIS: 2} == found.accepted
    assert {HIS: 1} == found.ended


def test_an_empty_record(database: Database) -> None:
    """
    Counts nothing.
    """
    found = now_or_never(database.read(count_record, 0, []))

    assert (0, {}, {}) == (found.position, found.accepted, found.ended)
