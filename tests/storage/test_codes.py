"""
Tests of L{smsgw.storage.codes}.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select

from smsgw.errors import Refused
from smsgw.message import Fact
from smsgw.rules.encyclopaedia import Encyclopaedia, Override
from smsgw.storage import codes, tables
from smsgw.storage.codes import Seen
from smsgw.storage.database import Database
from tests.support.record import (
    DIRECTORY,
    IDS,
    NOW,
    chunk,
    facts,
    now_or_never,
    record,
    sent,
)

T = TypeVar("T")
BOOK = Encyclopaedia.of(DIRECTORY.channels)


def read(database: Database, what: Callable[..., T], *args: Any) -> T:
    """
    In a transaction that reads.
    """
    return now_or_never(database.read(what, *args))


def write(database: Database, what: Callable[..., T], *args: Any) -> T:
    """
    In one that writes.
    """
    return now_or_never(database.write(what, *args))


def told(code: str, kind: str = "receipt", note: str = "undelivered") -> Fact:
    """
    A carrier told a code.
    """
    return Fact(kind, IDS[0], NOW, "", "cmcc", 1, code, f"C{IDS[0]}1", note, "his")


def test_what_is_unknown() -> None:
    """
    Codes of receipts that failed and of refusals, if no table has them.
    """
    seen = codes.unknown_in(
        BOOK,
        [
            told("ODD:1"),
            told("ODD:1"),
            told("MI:0008"),
            told("DELIVRD", note="delivered"),
            told("STRANGE", note="delivered"),
            told("9", "refused", ""),
            told("4711", "refused", ""),
            told("ODD:2", "answered"),
            told("", "receipt"),
            told("X" * 99),
        ],
    )
    assert {
        ("cmcc", "ODD:1", "receipt"): 2,
        ("cmcc", "4711", "refused"): 1,
        ("cmcc", "X" * 64, "receipt"): 1,
    } == seen


def test_the_recorder_collects(database: Database) -> None:
    """
    One row for a code and a channel: first and last seen, and how often.
    """
    record(database, chunk(), facts(*sent(), told("ODD:1"), told("MI:0008")))
    record(database, facts(told("ODD:1"), told("ODD:1")))
    (seen,) = read(database, codes.unknown_codes)

    assert ("cmcc", "ODD:1", "receipt", 3) == (
        seen.channel,
        seen.code,
        seen.kind,
        seen.count,
    )
    assert seen.first <= seen.last


def test_it_is_bounded(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A carrier that invents codes fills no table; known ones are counted on.
    """
    monkeypatch.setattr(codes, "LIMIT", 3)
    for turn in range(2):
        found = codes.unknown_in(BOOK, [told(f"ODD:{n}") for n in range(10)])
        write(database, codes.keep_unknown, found, 1000 * turn + 1000)
    rows = {one.code: one for one in read(database, codes.unknown_codes)}

    assert {"ODD:0", "ODD:1", "ODD:2", codes.REST} == set(rows)
    assert Seen("cmcc", "ODD:2", "receipt", 1.0, 2.0, 2) == rows["ODD:2"]
    assert 14 == rows[codes.REST].count


def test_overrides(database: Database) -> None:
    """
    Set, changed and removed, each with a version and a line in the change log; a
    code that has one is unknown no more.
    """
    found = codes.unknown_in(BOOK, [told("ODD:1"), told("ODD:2")])
    write(database, codes.keep_unknown, found, 1000)
    first = Override("cmcc", "ODD:1", "quota")
    newer = Override("cmcc", "ODD:1", "carrier_fault", "拥塞", "congestion")
    assert ((), 0) == read(database, codes.overrides_of)
    write(database, codes.set_override, first, "ops", NOW)
    assert ((first,), 1) == read(database, codes.overrides_of)
    write(database, codes.set_override, newer, "ops", NOW)
    assert ((newer,), 2) == read(database, codes.overrides_of)
    assert ["ODD:2"] == [one.code for one in read(database, codes.unknown_codes)]
    assert [] == read(database, codes.unknown_codes, "ct")

    assert write(database, codes.remove_override, "cmcc", "ODD:1", "ops", NOW)
    assert not write(database, codes.remove_override, "cmcc", "ODD:1", "ops", NOW)
    assert ((), 3) == read(database, codes.overrides_of)
    assert 2 == len(read(database, codes.unknown_codes, "cmcc"))
    count = select(func.count()).select_from(tables.changes)
    logged = read(database, lambda connection: connection.execute(count).scalar())
    assert 3 == logged


@pytest.mark.parametrize(
    ("override", "field"),
    [
        (Override("cmcc", "9", "nonsense"), "class"),
        (Override("cmcc", "", "quota"), "code"),
        (Override("cmcc", "9" * 65, "quota"), "code"),
    ],
)
def test_a_wrong_override(database: Database, override: Override, field: str) -> None:
    """
    It is refused, and nothing changes.
    """
    with pytest.raises(Refused) as caught:
        write(database, codes.set_override, override, "ops", NOW)

    assert field == caught.value.field
    assert ((), 0) == read(database, codes.overrides_of)
