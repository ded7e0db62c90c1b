"""
Tests for L{smsgw.cli.demo_data}: the made-up past is a record like any other.
"""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from smsgw.cli import main
from smsgw.objects import secret_files
from smsgw.storage import tables
from smsgw.storage.channel_history import course_of
from smsgw.storage.database import Database
from tests.support.record import now_or_never

DEMO = Path(__file__).parent.parent.parent / "etc" / "demo.toml"
WORDS = ("--days", "4", "--per-day", "400", "--end", "2026-11-23T12:00")


@pytest.fixture
def words(config: Path, tmp_path: Path, at_once: None) -> list[str]:
    """
    The command, with the demonstration's objects applied.
    """
    for file in secret_files(DEMO, tmp_path):
        file.write_text("a made-up key\n", "utf-8")
    main(["apply", "-c", str(config), str(DEMO), "--secrets", str(tmp_path)])
    return ["demo-data", "-c", str(config), *WORDS]


def counts(connection: Connection) -> Counter[tuple[str, ...]]:
    """
    What the messages themselves say.
    """
    columns = tables.messages.c
    keys = (columns.account, columns.category, columns.state)
    rows = connection.execute(select(*keys, func.count()).group_by(*keys))
    return Counter({(account, one, state): n for account, one, state, n in rows})


def tallied(connection: Connection) -> Counter[tuple[str, ...]]:
    """
    What the tallies say of final states.
    """
    columns = tables.tallies.c
    keys = (columns.account, columns.category, columns.state)
    query = select(*keys, func.sum(columns.message_count)).group_by(*keys)
    rows = connection.execute(query.where(columns.state != "accepted"))
    told = {(account, one, state): int(n) for account, one, state, n in rows if n}
    return Counter(told)


def owed(connection: Connection) -> list[int]:
    """
    Events, and replies that wait for an answer; then replies, segments, late ones.
    """
    late, answer = tables.messages.c.late, tables.inbound.c.answer
    queries = (
        select(func.count()).select_from(tables.account_events),
        select(func.count()).where(answer != "-"),
        select(func.count()).select_from(tables.inbound),
        select(func.count()).select_from(tables.segments),
        select(func.count()).where(late == 1),
        select(func.count()).select_from(tables.seen_codes),
        select(func.count()).select_from(tables.orphans),
    )
    return [connection.execute(query).scalar_one() for query in queries]


def test_a_past(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Messages, tallies and replies agree; nobody is told of it, no code is unknown.
    """
    assert 0 == main(words)
    assert "messages of 4 days" in capsys.readouterr().out
    database = Database.open(f"sqlite:///{tmp_path / 'data' / 'record.sqlite'}")
    messages = now_or_never(database.read(counts))
    assert messages == now_or_never(database.read(tallied))
    assert {"his", "lis", "binhai"} <= {account for account, _, _ in messages}
    assert 600 < messages.total() < 1600
    events, answers, replies, segments, _, unknown, orphans = now_or_never(
        database.read(owed)
    )
    assert (0, 0, 0, 0) == (events, answers, unknown, orphans)
    assert replies > 0
    assert segments > messages.total() * 0.9
    found = now_or_never(database.read(course_of, "cmcc", 0.0, 2e9, 1e9))
    assert sum(one.taken for one in found) > 100
    database.close()


def test_not_among_real_messages(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Unless that is wanted.
    """
    assert 0 == main([*words, "--seed", "3"])
    capsys.readouterr()
    assert 1 == main(words)
    assert "--force" in capsys.readouterr().err
    assert 0 == main([*words, "--force", "--end", "2026-11-24T09:00"])


def test_nobody_to_write(
    config: Path, at_once: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Without accounts there is no past.
    """
    assert 1 == main(["demo-data", "-c", str(config)])
    assert "smsgw apply" in capsys.readouterr().err
