"""
An empty record for each test, from one template so that tests stay fast.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from smsgw.storage.database import Database
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
def database(tmp_path: Path, template: Path) -> Iterator[Database]:
    """
    An empty record that runs at once.
    """
    path = tmp_path / "record.db"
    shutil.copy(template, path)
    database = Database.open(f"sqlite:///{path}")
    yield database
    database.close()
