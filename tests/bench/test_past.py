"""
Tests for L{bench.past}.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from bench.past import Past, made, number
from smsgw.storage.database import Database
from smsgw.storage.finding import Wanted, find_messages
from smsgw.storage.tallies import sums_by

END = 1_790_000_000.0


def test_a_past_is_found_as_a_real_one(tmp_path: Path) -> None:
    """
    By number and in the report of the month, and its indexes are there again.
    """
    path, past = tmp_path / "record.sqlite", Past(1_000, END)
    made(path, past)
    database = Database.open(f"sqlite:///{path}")
    wanted = Wanted(index=past.fields.index("phone", number(5)))
    with database.engine.connect() as link, link.begin():
        found = find_messages(link, wanted, None, "", 50)
        sums = sums_by(link, "category", END - 30 * 86_400, END, None)
    database.close()
    assert 0 < len(found)
    assert {number(5)} == {past.fields.open(row.phone_blob) for row in found}
    assert 1_000 == sum(one.messages for one in sums if one.state == "accepted")
    with closing(sqlite3.connect(path)) as raw:
        query = "SELECT count(*) FROM sqlite_master WHERE name = 'ix_messages_phone'"
        assert (1,) == raw.execute(query).fetchone()


def test_a_past_is_the_same_in_every_run() -> None:
    """
    Ids ascend, the last block may be short.
    """
    first, second = (list(Past(250, END).rows()) for _ in range(2))
    assert first == second
    assert 250 == len({row[0] for row in first})
    assert [row[0] for row in first] == sorted(row[0] for row in first)
