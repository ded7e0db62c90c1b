"""
Receipts that wait for their message.
"""

from smsgw.gateway.orphans import ORPHAN_WAIT, Orphans
from tests.support.shards import NOW, PHONE, receipt


def test_waits_and_expires() -> None:
    """
    Oldest first, each once; the store's basket is emptied with it.
    """
    gone: list[str] = []
    orphans = Orphans(gone.append)
    orphans.keep(receipt("a"), NOW)
    orphans.keep(receipt("b"), NOW + 1)
    orphans.keep(receipt("a"), NOW + 2)
    assert orphans.expired(NOW + ORPHAN_WAIT) == []
    assert orphans.expired(NOW + ORPHAN_WAIT + 1) == [receipt("b")]

    assert gone == ["cm|b"]
    assert orphans.fitting("cm", PHONE) == [receipt("a")]


def test_claimed() -> None:
    """
    One the store matched itself is forgotten, and not taken out again.
    """
    gone: list[str] = []
    orphans = Orphans(gone.append)
    orphans.keep(receipt("a"), NOW)
    orphans.claimed(receipt("a"))

    assert orphans.expired(NOW + 9999) == []
    assert gone == []


def test_fitting() -> None:
    """
    Channel and number must agree.
    """
    gone: list[str] = []
    orphans = Orphans(gone.append)
    orphans.keep(receipt("a"), NOW)

    assert orphans.fitting("cu", PHONE) == []
    assert orphans.fitting("cm", "13900139000") == []
