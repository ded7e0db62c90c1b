"""
The ledger only grows, and a repeated request adds nothing.
"""

import pytest

from smsgw.errors import Refused
from smsgw.storage.database import Database
from smsgw.storage.ledger import entries_of, entries_since, grant, granted
from tests.support.record import now_or_never

NOW = 1_800_000_000.0


def give(database: Database, account: str, amount: int, key: str = "") -> int:
    """
    The number of the entry.
    """
    return now_or_never(
        database.write(grant, account, amount, "充值", "admin", NOW, key)
    )


def test_entries_have_an_order(database: Database) -> None:
    """
    Who knows them up to a number reads the rest.
    """
    first, second = give(database, "his", 1_000_000), give(database, "lis", 500)
    third = give(database, "his", -200)
    assert first < second < third
    told = now_or_never(database.read(entries_since, first))
    assert [("lis", 500, "grant"), ("his", -200, "correction")] == [
        (one.account, one.amount, one.kind) for one in told
    ]
    newest = now_or_never(database.read(entries_of, "his"))
    assert [third, first] == [one.id for one in newest]
    assert {"his": 999_800, "lis": 500} == now_or_never(database.read(granted))


def test_a_repeat_adds_nothing(database: Database) -> None:
    """
    The same key of the same account is the same entry.
    """
    first = give(database, "his", 100, "k1")
    assert first == give(database, "his", 100, "k1")
    assert first != give(database, "lis", 100, "k1")
    assert {"his": 100, "lis": 100} == now_or_never(database.read(granted))


@pytest.mark.parametrize("amount", [0, 10**14, -(10**14)])
def test_nothing_and_too_much_are_refused(database: Database, amount: int) -> None:
    """
    The field is named.
    """
    with pytest.raises(Refused) as caught:
        give(database, "his", amount)
    assert "amount" == caught.value.field
    assert {} == now_or_never(database.read(granted))
