"""
Batches are counted and steered by their own account.
"""

import pytest

from smsgw.errors import Refused
from smsgw.storage.batch_control import StoreBatches, stops_of, stops_version
from smsgw.storage.database import Database
from tests.support.record import IDS, NOW, chunk, facts, now_or_never, record, sent


@pytest.fixture
def batches(database: Database) -> StoreBatches:
    """
    With a batch of two, one of them sent.
    """
    record(database, chunk(IDS[:2]), facts(*sent()))
    return StoreBatches(database)


def test_progress(batches: StoreBatches) -> None:
    """
    By state; others see nothing.
    """
    found = now_or_never(batches.progress("his", IDS[0]))
    assert found is not None
    assert ("running", 2) == (found.state, sum(found.states.values()))
    assert found.segments >= 2
    assert now_or_never(batches.progress("lis", IDS[0])) is None
    assert now_or_never(batches.progress("his", "gone")) is None


def test_a_batch_goes_its_way_until_it_is_canceled(
    batches: StoreBatches, database: Database
) -> None:
    """
    Paused, resumed, canceled; then no more.
    """

    def steer(state: str, account: str = "his") -> None:
        now_or_never(batches.steer(account, IDS[0], state, "api:his", NOW))

    steer("running")
    assert 0 == now_or_never(database.read(stops_version))
    steer("paused")
    assert ({IDS[0]: "paused"}, 1) == now_or_never(database.read(stops_of))
    steer("paused")
    steer("running")
    assert ({}, 2) == now_or_never(database.read(stops_of))
    steer("canceled")
    for state, account in (("running", "his"), ("paused", "his"), ("paused", "lis")):
        with pytest.raises(Refused):
            steer(state, account)
    assert ({IDS[0]: "canceled"}, 3) == now_or_never(database.read(stops_of))
