"""
Acknowledgements: kept, the first one counts, each in the change log.
"""

from smsgw.storage.acknowledgements import Acknowledged, acknowledge, acknowledged
from smsgw.storage.database import Database
from tests.support.record import IDS, NOW, now_or_never


def say_so(database: Database, address: str, now: float) -> bool:
    """
    Acknowledge the first message.
    """
    return now_or_never(database.write(acknowledge, IDS[0], "his", address, now))


def test_the_first_counts(database: Database) -> None:
    """
    The time and the address are those of the first.
    """
    assert now_or_never(database.read(acknowledged, IDS[0])) is None
    assert say_so(database, "192.0.2.7", NOW)
    assert not say_so(database, "192.0.2.8", NOW + 5)
    known = now_or_never(database.read(acknowledged, IDS[0]))
    assert Acknowledged(NOW, "page", "192.0.2.7") == known
    assert now_or_never(database.read(acknowledged, IDS[1])) is None
