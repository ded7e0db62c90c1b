"""
A console over a small hospital for each test.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from smsgw.storage.database import Database
from tests.support.console import House
from tests.support.record import now_or_never


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    A migrated, empty record.
    """
    path = tmp_path_factory.mktemp("template") / "record.db"
    database = Database.open(f"sqlite:///{path}")
    now_or_never(database.prepare())
    database.close()
    return path


@pytest.fixture
def house(template: Path, tmp_path: Path) -> Iterator[House]:
    """
    Nobody is logged in yet.
    """
    made = House.over(template, tmp_path)
    yield made
    made.database.close()
