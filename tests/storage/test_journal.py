"""
The change log keeps both sides of a change.
"""

from sqlalchemy import Connection, select

from smsgw.storage.database import Database
from smsgw.storage.journal import log_change
from smsgw.storage.tables import changes
from tests.support.record import now_or_never


def _two(connection: Connection) -> list[tuple[int, str, str | None, str | None]]:
    log_change(connection, "roles", "nurse", None, {"name": "护士"}, "admin", 1000)
    log_change(connection, "roles", "nurse", {"name": "护士"}, None, "admin", 2000)
    columns = changes.c
    rows = connection.execute(select(changes).order_by(columns.id))
    return [(one.id, one.row_id, one.before_json, one.after_json) for one in rows]


def test_lines_are_in_order(database: Database) -> None:
    """
    New has nothing before, gone has nothing after.
    """
    wanted = [
        (1, "nurse", None, '{"name": "护士"}'),
        (2, "nurse", '{"name": "护士"}', None),
    ]
    assert wanted == now_or_never(database.write(_two))
