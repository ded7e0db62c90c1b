"""
What a server can do is asked, not guessed.
"""

from types import SimpleNamespace
from typing import Any

import pytest

from smsgw.storage.database import Database
from smsgw.storage.servers import Able, able_of
from tests.support.record import now_or_never


def test_each_server_is_known(database: Database) -> None:
    """
    The two that the product is tested on.
    """
    able = now_or_never(database.read(able_of))
    if able.server == "sqlite":
        assert Able("sqlite") == able
    else:
        assert Able("postgresql", copy=True, partitions=True) == able


class Dialect:
    """
    A dialect of SQLAlchemy, as far as it is asked.
    """

    name, driver, server_version_info = "postgresql", "psycopg", (13, 4)


@pytest.mark.parametrize(
    ("told", "able"),
    [
        ("PostgreSQL 18.1 on x86_64", True),
        ("PostgreSQL 9.2.4 (openGauss 5.0.1 build) compiled at", False),
        ("(openGauss 6.0.0 build) compiled at", False),
        ("KingbaseES V008R006C008B0014 on x86_64", False),
    ],
)
def test_only_the_original_is_taken_for_it(told: str, able: bool) -> None:
    """
    Others speak the same protocol, and are asked for no more than all can do.
    """
    found = SimpleNamespace(scalar=lambda: told)
    connection: Any = SimpleNamespace(
        dialect=Dialect(), exec_driver_sql=lambda _: found
    )
    assert Able("postgresql", able, able) == able_of(connection)
