"""
How a database stands: its server, its clock, its step among this release's.
"""

from typing import Literal

import attrs
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from smsgw.storage.migrations import steps

__all__ = ["Standing", "standing_of"]

Step = Literal["new", "older", "current", "stranger"]


@attrs.frozen
class Standing:
    """
    C{step}: C{new} has no tables yet, C{older} is brought forward by the next start,
    C{stranger} is another release's. C{now} is the server's clock; 0 for SQLite,
    which has none of its own.
    """

    kind: str
    version: tuple[int, ...]
    step: Step
    revision: str
    now: float = 0.0


def standing_of(connection: Connection) -> Standing:
    """
    As it is now; changes nothing.
    """
    dialect = connection.dialect
    found = MigrationContext.configure(connection).get_current_heads()
    revision = ",".join(found)
    now = 0.0
    if dialect.name == "postgresql":
        row = connection.exec_driver_sql(
            "SELECT extract(epoch FROM clock_timestamp())::float8"
        )
        now = float(row.scalar_one())
    version = tuple(map(int, dialect.server_version_info or ()))
    return Standing(dialect.name, version, _step(found), revision, now)


def _step(found: tuple[str, ...]) -> Step:
    known = steps()
    if not found:
        return "new"
    if any(one not in known for one in found):
        return "stranger"
    return "current" if found == known[:1] else "older"
