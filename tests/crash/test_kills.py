"""
Nothing accepted is lost, whoever is killed or stopped and when; doubles are marked.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from smsgw.cli.proving.campaign import Campaign, end_valkey, prepared
from smsgw.cli.proving.faults import KINDS
from smsgw.cli.proving.postgres_server import DURABLE, postgres_server
from smsgw.cli.proving.small_disk import SmallDisk
from smsgw.cli.stage import Stage

BLOWS = int(os.environ.get("SMSGW_BLOWS", len(KINDS)))  # each kind once
SEED = int(os.environ.get("SMSGW_SEED", "20261123"))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """
    A gateway of this test's own, with carriers of three protocols.
    """
    made = prepared(tmp_path / "stage", Path("etc"))
    try:
        yield made
    finally:
        made.stop()
        end_valkey(made)


@pytest.fixture
def disk(stage: Stage) -> Iterator[SmallDisk | None]:
    """
    The gateway's data are on a small disk, where we may have one.
    """
    made = SmallDisk(stage.folder / "data", 512)
    mounted = made.mount()
    assert mounted or os.geteuid()
    yield made if mounted else None
    stage.stop()
    end_valkey(stage)
    made.unmount()


@pytest.mark.real
def test_blows_under_load(stage: Stage, disk: SmallDisk | None) -> None:
    """
    All that was accepted reaches a carrier, doubles are marked uncertain, and the
    wallet is exact to the last message.
    """
    told = Campaign(stage, BLOWS, SEED, disk=disk).run()

    assert told.accepted > 100, told.text()
    assert told.refused == 0, told.text()
    assert told.passed, told.text()


@pytest.mark.real
def test_blows_to_postgres(tmp_path: Path) -> None:
    """
    Likewise, when the record's server is killed and stopped; more blows than that
    are C{smsgw bench kill --postgres}.
    """
    with postgres_server(DURABLE) as server:
        made = prepared(tmp_path / "stage", Path("etc"), server)
        try:
            told = Campaign(made, 3, SEED, server=server).run()
        finally:
            made.stop()
            end_valkey(made)

    assert {"database killed", "database stopped", "gateway"} == {
        one.kind for one in told.blows
    }
    assert told.passed, told.text()
