"""
Sums over the tallies equal counts over the messages.
"""

from smsgw.storage.database import Database
from smsgw.storage.tallies import Tally, sums_by, sums_over_time
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

DAY = 86_400.0


def fill(database: Database) -> None:
    """
    Three of C{his} now (one delivered), two of C{lis} a day later.
    """
    record(
        database,
        chunk(IDS[:3], segments=2),
        chunk(IDS[10:12], account="lis", at=NOW + DAY),
        facts(*sent(), *ended()),
    )


def test_by_dimension(database: Database) -> None:
    """
    Within a time and a scope.
    """
    fill(database)
    read = (sums_by, "account", NOW - 3600, NOW + 2 * DAY)
    told = now_or_never(database.read(*read, None))
    assert Tally("his", "accepted", 3, 6) in told
    assert Tally("lis", "accepted", 2, 2) in told
    assert Tally("his", "delivered", 1, 2) in told
    told = now_or_never(database.read(*read, {"lis"}))
    assert {"lis"} == {one.key for one in told}
    assert [] == now_or_never(database.read(*read, frozenset()))
    told = now_or_never(
        database.read(sums_by, "category", NOW + 7200, NOW + 7300, None)
    )
    assert [] == told


def test_over_time(database: Database) -> None:
    """
    By hours, and by days that begin at midnight in China.
    """
    fill(database)
    read = (NOW - DAY, NOW + 2 * DAY, None)
    hours = now_or_never(database.read(sums_over_time, False, *read))
    assert [3, 2] == [one.messages for _, one in hours if one.state == "accepted"]
    days = now_or_never(database.read(sums_over_time, True, *read))
    starts = sorted({at for at, _ in days})
    assert [16 * 3600.0] * 2 == [at % DAY for at in starts]
    assert DAY == starts[1] - starts[0]
