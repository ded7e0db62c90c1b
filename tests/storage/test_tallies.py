"""
Sums over the tallies equal counts over the messages.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from smsgw.message import Fact
from smsgw.storage.database import Database
from smsgw.storage.tables import messages, tallies
from smsgw.storage.tallies import Tally, charged_by, sums_by, sums_over_time
from tests.support.record import (
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


STATES = {"undelivered": "MK:0001", "unknown": "", "expired": "EXPIRED"}
Told = list[tuple[str, bytes]]


@st.composite
def pasts(draw: st.DrawFn) -> list[Told]:
    """
    Messages accepted, sent, ended, reported late and sent again, in any order and in
    stretches of any size.
    """
    told: Told = []
    for number in range(draw(st.integers(1, 6))):
        ids = [f"{one[:8]}{number}{one[9:]}" for one in IDS[: draw(st.integers(1, 3))]]
        hour = NOW + 3600 * draw(st.integers(0, 2))
        account = draw(st.sampled_from(["his", "lis", "gone"]))
        told.append(chunk(ids, account, hour, draw(st.integers(1, 3))))
        for one in ids:
            for what in draw(st.lists(st.sampled_from(WHAT), max_size=5)):
                told.append(facts(*what(one, hour)))
    sizes = st.lists(st.integers(1, 6), min_size=len(told), max_size=len(told))
    stretches: list[Told] = []
    for size in draw(sizes):
        if told:
            stretches.append(told[:size])
            told = told[size:]
    return stretches


def _end(state: str) -> Callable[[str, float], list[Fact]]:
    code = STATES.get(state, "DELIVRD")
    return lambda one, at: ended(one, state, code, at + 3)


WHAT: list[Callable[[str, float], list[Fact]]] = [
    lambda one, at: sent(one, at=at),
    lambda one, at: [Fact("again", one, at + 2, "queued", "cmcc", account="his")],
    lambda one, at: [Fact("rejected", one, at, "rejected", code="4101")],
    lambda one, at: [Fact("cancel", one, at + 9, "canceled")],
    lambda one, at: [orphan(f"C{one}1", at=at + 900)],
    *(_end(state) for state in (*STATES, "delivered")),
]


def by_messages(connection: Connection) -> dict[tuple[object, ...], tuple[int, int]]:
    """
    What the tallies should say, counted.
    """
    counts: dict[tuple[object, ...], tuple[int, int]] = {}
    for row in connection.execute(select(messages)):
        hour = row.accepted_ms - row.accepted_ms % 3_600_000
        department = "-" if row.account == "gone" else "main"
        carrier = "mobile" if row.channel == "cmcc" else "-"
        keys = [(hour, row.account, department, "-", "-", row.category, "accepted")]
        if row.state_rank:
            place = (row.channel, carrier, row.category, row.state)
            keys.append((hour, row.account, department, *place))
        for key in keys:
            number, parts = counts.get(key, (0, 0))
            counts[key] = (number + 1, parts + row.segments)
    return counts


def as_kept(connection: Connection) -> dict[tuple[object, ...], tuple[int, int]]:
    """
    What they say; what went to zero is nothing.
    """
    rows = connection.execute(select(tallies)).all()
    return {tuple(row[:7]): (row[7], row[8]) for row in rows if row[7] or row[8]}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(past=pasts())
def test_equal_counts(template: Path, tmp_path: Path, past: list[Told]) -> None:
    """
    After every stretch, whatever was told in whatever order.
    """
    path = tmp_path / "record.db"
    shutil.copy(template, path)
    database = Database.open(f"sqlite:///{path}")
    for told in past:
        record(database, *told)
        kept = now_or_never(database.read(as_kept))
        assert now_or_never(database.read(by_messages)) == kept
    database.close()
    for one in tmp_path.glob("record.db*"):
        one.unlink()


def test_what_is_charged(database: Database) -> None:
    """
    What was sent, by what its price depends on; what waits is not paid for yet.
    """
    fill(database)
    (one,) = now_or_never(database.read(charged_by, NOW - 3600, NOW + 2 * DAY, None))
    assert ("his", 2) == (one.account, one.segments)
    assert [] == now_or_never(
        database.read(charged_by, NOW - 3600, NOW + 2 * DAY, {"lis"})
    )
