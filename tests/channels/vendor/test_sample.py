"""
The sample that people begin with, through every place a channel passes.
"""

import tomllib
from pathlib import Path

import attrs
import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from smsgw.channels.contracts import mistakes_of
from smsgw.channels.vendor.contract import VendorContract
from smsgw.objects import load_directory
from smsgw.storage import directory_store, tables
from tests.channels.vendor.imitations import HERE

ROOT = Path(__file__).parents[3]
FILES = [ROOT / "etc" / "vendor.toml", *sorted(HERE.glob("*.toml"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_kept_and_shown(path: Path) -> None:
    """
    A vendor's tables come back from the record as they were written, and from the
    dump that an operator may apply again.
    """
    wanted = load_directory(path, mistakes_of=mistakes_of)
    (channel,) = wanted.channels.values()
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.begin() as connection:
        tables.metadata.create_all(connection)
        directory_store.apply_directory(connection, wanted, "test", 1.0)
        kept = directory_store.load_directory(connection)
    engine.dispose()
    assert channel == kept.channels[channel.id]
    assert VendorContract.of(channel) == VendorContract.of(kept.channels[channel.id])
    dumped = directory_store.dump_toml(kept)
    (row,) = tomllib.loads(dumped)["channels"]
    assert attrs.asdict(channel)["vendor"] == row["vendor"]
    for secret in (channel.secret, *channel.secrets):
        assert secret not in dumped
