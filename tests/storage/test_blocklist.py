"""
Blocked numbers come and go, are read by increments, and are logged once a change.
"""

from collections.abc import Sequence

import pytest
from sqlalchemy import Connection, func, select

from smsgw.rules.blocked import ALL, BY_REPLY, Block, Blocked
from smsgw.security.fields import Fields, Policy
from smsgw.storage.blocklist import (
    block_numbers,
    blocks_of,
    blocks_since,
    newest_blocks,
)
from smsgw.storage.database import Database
from smsgw.storage.rule_tables import blocked
from smsgw.storage.tables import changes
from tests.support.record import now_or_never

NOW = 1_800_000_000.0
NUMBER, OTHER = "13800138000", "13800138001"
FIELDS = Fields(key=bytes(32))


def _put(database: Database, blocks: Sequence[Block], fields: Fields = FIELDS) -> int:
    return now_or_never(
        database.write(block_numbers, fields, blocks, "投诉", "admin", NOW)
    )


def _since(database: Database, seq: int) -> tuple[list[Block], int]:
    return now_or_never(database.read(blocks_since, FIELDS, seq))


def test_increments_tell_what_changed(database: Database) -> None:
    """
    A node that knows the list up to a change asks for the rest only.
    """
    assert 2 == _put(database, [Block(NUMBER), Block(OTHER, "account:his")])
    found, first = _since(database, 0)
    assert {Block(NUMBER), Block(OTHER, "account:his")} == set(found)
    assert 1 == _put(database, [Block(NUMBER, active=False)])
    assert ([Block(NUMBER, active=False)], first + 1) == _since(database, first)
    assert ([], first + 1) == _since(database, first + 1)
    assert [Block(OTHER, "account:his")] == _since(database, 0)[0]


def test_what_is_so_already_changes_nothing(database: Database) -> None:
    """
    No row, no line in the log; lifting what never was blocked neither.
    """
    assert 1 == _put(database, [Block(NUMBER), Block(NUMBER)])
    assert 0 == _put(database, [Block(NUMBER), Block(OTHER, active=False)])

    def count(connection: Connection) -> int:
        return connection.execute(
            select(func.count()).select_from(changes)
        ).scalar_one()

    assert 1 == now_or_never(database.read(count))


def test_a_reply_does_not_lift_what_an_operator_blocked(database: Database) -> None:
    """
    Nor does it make it its own; it lifts what a reply did.
    """
    _put(database, [Block(NUMBER), Block(OTHER, source=BY_REPLY)])
    asked = [Block(one, source=BY_REPLY, active=False) for one in (NUMBER, OTHER)]
    assert 1 == _put(database, asked)
    assert [NUMBER] == [one.number for one in _since(database, 0)[0]]
    assert 0 == _put(database, [Block(NUMBER, until=NOW + 9, source=BY_REPLY)])


@pytest.mark.parametrize("policy", ["off", "index-only", "on"])
def test_numbers_come_back_under_every_policy(
    database: Database, policy: Policy
) -> None:
    """
    A list that is to be applied is sealed, never dropped.
    """
    fields = Fields(phone=policy, key=bytes(32))
    _put(database, [Block(NUMBER)], fields)
    found, _ = now_or_never(database.read(blocks_since, fields, 0))
    assert NUMBER in Blocked().with_changes(found)


def test_thousands_are_one_change(database: Database) -> None:
    """
    An import has one number in the order of changes and one line in the log.
    """
    many = [Block(f"138{index:08}") for index in range(1200)]
    assert 1200 == _put(database, many)
    found, newest = _since(database, 0)
    assert (1200, 1) == (len(found), newest)

    def line(connection: Connection) -> tuple[str, str | None]:
        row = connection.execute(select(changes)).one()
        return row.row_id, row.after_json

    row_id, after = now_or_never(database.read(line))
    assert ("1200 numbers", False) == (row_id, "13800" in str(after))


def test_an_operator_sees_why(database: Database) -> None:
    """
    Reason, who and when; the number itself is masked in the log.
    """
    _put(database, [Block(NUMBER, until=NOW + 60)])
    entry = now_or_never(database.read(blocks_of, FIELDS, NUMBER))[0]
    assert (ALL, NOW + 60, "投诉", "admin", NOW) == (
        entry.block.scope,
        entry.block.until,
        entry.reason,
        entry.who,
        entry.at,
    )

    def logged(connection: Connection) -> list[str]:
        rows = connection.execute(select(changes.c.row_id))
        return [row.row_id for row in rows]

    assert ["138****8000"] == now_or_never(database.read(logged))
    assert 0 == now_or_never(database.read(_numbers_in_the_clear))


def _numbers_in_the_clear(connection: Connection) -> int:
    rows = connection.execute(select(blocked.c.reason, blocked.c.scope))
    return sum(NUMBER in f"{row.reason}{row.scope}" for row in rows)


def test_pages_of_the_newest(database: Database) -> None:
    """
    Each goes on after the last of the one before, also among those of one change.
    """
    _put(database, [Block(NUMBER), Block(OTHER, "account:his"), Block(OTHER)])
    _put(database, [Block("13800138002"), Block(NUMBER, active=False)])
    found, after = [], ""
    while True:
        page, after = now_or_never(database.read(newest_blocks, FIELDS, after, 1))
        found += [(one.block.number, one.block.scope) for one in page]
        if not after:
            break
    assert ("13800138002", ALL) == found[0]
    assert {(OTHER, "account:his"), (OTHER, ALL)} == set(found[1:])
    assert 3 == len(found)
