"""
Messages, failures, replies and batches, found within a scope.
"""

from smsgw.storage.database import Database
from smsgw.storage.finding import (
    Failure,
    Wanted,
    failures,
    find_messages,
    find_replies,
    recent_batches,
)
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
