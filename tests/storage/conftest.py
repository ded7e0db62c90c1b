"""
An empty record for each test, from one template so that tests stay fast; on both
servers that the product runs on.
"""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from smsgw.cli.proving.postgres_server import Server, postgres_server
from smsgw.storage.database import Database
from tests.support.record import now_or_never

_numbers = count()


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


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """
    A PostgreSQL server with a migrated, empty database C{template_record}.
    """
    with postgres_server() as running:
        running.run("CREATE DATABASE template_record")
        database = Database.open(running.url("template_record"))
        now_or_never(database.prepare())
        database.close()
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """
    Where an empty record is.
    """
    if request.param == "sqlite":
        path = tmp_path / "record.db"
        shutil.copy(request.getfixturevalue("template"), path)
        return f"sqlite:///{path}"
    running: Server = request.getfixturevalue("server")
    name = f"record{next(_numbers)}"
    running.run(f"CREATE DATABASE {name} TEMPLATE template_record")
    return running.url(name)


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """
    An empty record that runs at once.
    """
    database = Database.open(address)
    yield database
    database.close()
