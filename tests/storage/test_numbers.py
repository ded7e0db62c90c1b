"""
Ported numbers are loaded, learned and set, read by increments, and logged.
"""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select

from smsgw.numbering.ported import LEARNED, LOADED, SET, Ported, PortedNumber
from smsgw.security.fields import Fields, Policy
from smsgw.storage.database import Database
from smsgw.storage.lists import Loaded
from smsgw.storage.numbers import (
    change_ported,
    forget_learned,
    load_ported,
    ported_of,
    ported_since,
)
from smsgw.storage.tables import changes, ported
from tests.support.record import now_or_never

NOW = 1_790_000_000.0
NUMBER, OTHER, THIRD = (f"1380013800{n}" for n in range(3))
FIELDS = Fields(key=bytes(32))

one_change = st.builds(
    PortedNumber,
    st.sampled_from([NUMBER, OTHER, THIRD]),
    st.sampled_from(["unicom", "telecom"]),
    st.sampled_from([LEARNED, LOADED, SET]),
    st.booleans(),
)


def loaded(number: str, carrier: str = "unicom") -> PortedNumber:
    """
    As a list brings it.
    """
    return PortedNumber(number, carrier, LOADED)


def load(database: Database, *numbers: PortedNumber, prune: bool = False) -> Loaded:
    """
    Load as an operator would.
    """
    return now_or_never(
        database.write(load_ported, FIELDS, numbers, "admin", NOW, prune)
    )


def change(database: Database, *numbers: PortedNumber, at: float = NOW) -> int:
    """
    Change single numbers.
    """
    return now_or_never(database.write(change_ported, FIELDS, numbers, "gateway", at))


def since(database: Database, seq: int) -> tuple[list[PortedNumber], int]:
    """
    Read an increment.
    """
    return now_or_never(database.read(ported_since, FIELDS, seq))


def log(connection: Connection) -> list[tuple[str, str, Any, Any]]:
    """
    The change log, read from JSON.
    """
    columns = changes.c
    rows = connection.execute(
        select(
            columns.table_name, columns.row_id, columns.before_json, columns.after_json
        ).order_by(columns.id)
    )
    return [
        (table, row_id, json.loads(before or "null"), json.loads(after or "null"))
        for table, row_id, before, after in rows
    ]


def test_increments_tell_what_changed(database: Database) -> None:
    """
    A node that knows the list up to a change asks for the rest only.
    """
    assert ([], 0) == since(database, 0)
    assert Loaded(added=2) == load(database, loaded(NUMBER), loaded(OTHER))
    found, first = since(database, 0)
    assert {loaded(NUMBER), loaded(OTHER)} == set(found)
    learned = PortedNumber(NUMBER, "telecom")
    assert 1 == change(database, learned)
    assert ([learned], first + 1) == since(database, first)
    assert ([], first + 1) == since(database, first + 1)
    gone = PortedNumber(OTHER, "unicom", SET, active=False)
    assert 1 == change(database, gone)
    assert [gone] == since(database, first + 1)[0]
    assert [learned] == since(database, 0)[0]


def test_what_is_so_already_is_not_written(database: Database) -> None:
    """
    Neither the same list nor the same lesson, nor to forget the unknown.
    """
    load(database, loaded(NUMBER))
    _, seq = since(database, 0)
    assert not load(database, loaded(NUMBER), loaded(NUMBER))
    assert 0 == change(database, PortedNumber(NUMBER, "unicom"))
    assert 0 == change(database, PortedNumber(OTHER, "unicom", active=False))
    assert [] == since(database, seq)[0]
    assert 1 == len(now_or_never(database.read(log)))


def test_what_a_hand_set_stands(database: Database) -> None:
    """
    Lists and lessons leave it, its own kind changes it and lets it go.
    """
    by_hand = PortedNumber(NUMBER, "telecom", SET)
    assert 1 == change(database, by_hand)
    assert not load(database, loaded(NUMBER))
    assert 0 == change(database, PortedNumber(NUMBER, "unicom"))
    assert 0 == change(database, PortedNumber(NUMBER, "telecom", active=False))
    assert [by_hand] == since(database, 0)[0]
    assert 1 == change(database, PortedNumber(NUMBER, "telecom", SET, active=False))
    assert [] == since(database, 0)[0]
    assert 1 == change(database, PortedNumber(NUMBER, "unicom"))
    assert [PortedNumber(NUMBER, "unicom")] == since(database, 0)[0]


def test_a_hand_may_say_what_was_learned(database: Database) -> None:
    """
    The same carrier by hand is news: it stands from now on.
    """
    change(database, PortedNumber(NUMBER, "unicom"))
    assert 1 == change(database, PortedNumber(NUMBER, "unicom", SET))
    assert 0 == change(database, PortedNumber(NUMBER, "telecom"))


def test_pruning_takes_what_only_earlier_lists_had(database: Database) -> None:
    """
    What was learned or set does not go with a list.
    """
    load(database, loaded(NUMBER), loaded(OTHER))
    change(database, PortedNumber(THIRD, "telecom"))
    _, seq = since(database, 0)
    assert Loaded(changed=1, gone=1) == load(
        database, loaded(OTHER, "broadnet"), prune=True
    )
    assert {
        loaded(OTHER, "broadnet"),
        PortedNumber(NUMBER, "unicom", LOADED, active=False),
    } == set(since(database, seq)[0])


def test_the_log_has_a_line_a_load_and_a_line_a_number(database: Database) -> None:
    """
    Before and after, and never a whole number.
    """
    load(database, loaded(NUMBER), loaded(OTHER))
    change(
        database, PortedNumber(NUMBER, "telecom", SET), PortedNumber(THIRD, "unicom")
    )
    told = now_or_never(database.read(log))
    old = {"carrier": "unicom", "source": LOADED, "active": True}
    new = {"carrier": "telecom", "source": SET, "active": True}
    learned = {"carrier": "unicom", "source": LEARNED, "active": True}
    counts = {"rows": 2, "added": 2, "changed": 0, "gone": 0}
    assert [
        ("ported", "2 rows", None, counts),
        ("ported", "138****8000", old, new),
        ("ported", "138****8002", None, learned),
    ] == told


def test_old_lessons_are_let_go(database: Database) -> None:
    """
    Only what was learned, and only before that time.
    """
    change(database, PortedNumber(NUMBER, "unicom"), at=NOW)
    change(database, PortedNumber(OTHER, "unicom"), at=NOW + 10)
    change(database, PortedNumber(THIRD, "unicom", SET), at=NOW)
    _, seq = since(database, 0)
    assert 1 == now_or_never(
        database.write(forget_learned, NOW + 5, "gateway", NOW + 20)
    )
    assert [PortedNumber(NUMBER, "unicom", active=False)] == since(database, seq)[0]
    assert 0 == now_or_never(
        database.write(forget_learned, NOW + 5, "gateway", NOW + 20)
    )


@pytest.mark.parametrize("policy", ["off", "index-only", "on"])
def test_numbers_come_back_under_every_policy(
    database: Database, policy: Policy
) -> None:
    """
    The list must be readable; in clear it stands only where phones may.
    """
    fields = Fields(phone=policy, key=bytes(32))
    now_or_never(database.write(change_ported, fields, [loaded(NUMBER)], "admin", NOW))
    assert [loaded(NUMBER)] == now_or_never(database.read(ported_since, fields, 0))[0]

    def blob(connection: Connection) -> bytes:
        return connection.execute(select(ported.c.phone_blob)).scalar_one() or b""

    assert (policy == "off") == (NUMBER.encode() in now_or_never(database.read(blob)))


def test_one_number_is_told(database: Database) -> None:
    """
    Who wrote it and when; None for one never heard of.
    """
    change(database, PortedNumber(NUMBER, "unicom"))
    found = now_or_never(database.read(ported_of, FIELDS, NUMBER))
    assert found is not None
    assert PortedNumber(NUMBER, "unicom") == found.ported
    assert ("gateway", NOW) == (found.who, found.at)
    assert now_or_never(database.read(ported_of, FIELDS, OTHER)) is None


def test_a_load_tells_how_far_it_is(database: Database) -> None:
    """
    In parts, while it looks.
    """
    heard: list[int] = []
    numbers = [loaded(f"138{n:08d}") for n in range(1200)]
    now_or_never(
        database.write(load_ported, FIELDS, numbers, "admin", NOW, False, heard.append)
    )
    assert [500, 500, 200] == heard


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.lists(one_change, max_size=4), max_size=6))
def test_increments_make_the_same_list(
    database: Database, steps: list[list[PortedNumber]]
) -> None:
    """
    Who follows every increment ends where who reads the whole list begins, and
    where who saw the changes themselves is.
    """
    now_or_never(database.write(lambda connection: connection.execute(delete(ported))))
    _, seq = since(database, 0)
    followed, direct = Ported(), Ported()
    for step in steps:
        change(database, *step)
        told, seq = since(database, seq)
        followed = followed.with_changes(told, decided=True)
        direct = direct.with_changes(step)
    whole = Ported.of(since(database, 0)[0])
    for number in (NUMBER, OTHER, THIRD):
        assert direct.carrier_of(number) == whole.carrier_of(number)
        assert direct.carrier_of(number) == followed.carrier_of(number)
