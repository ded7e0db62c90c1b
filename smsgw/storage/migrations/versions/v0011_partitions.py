"""
On PostgreSQL messages, batches and segments have partitions by ranges of ids, which
are in the order of time.

A new record begins with the partition for what fits no other. In an old one the whole
table becomes the first partition, up to two days from now: nothing is copied, but the
server reads it once to see that it fits.
"""

from typing import Any

from alembic import op

from smsgw.ids import first_id_at, milliseconds_of
from smsgw.storage.servers import able_of

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PARTED = (("messages", "id"), ("batches", "id"), ("segments", "message_id"))
CHINA_MS, DAY_MS = 28_800_000, 86_400_000


def upgrade() -> None:
    connection = op.get_bind()
    if not able_of(connection).partitions:
        return
    run = connection.exec_driver_sql
    newest = {
        table: run(f"SELECT max({column}) FROM {table}").scalar()
        for table, column in PARTED
    }
    limit = _limit(run, [one for one in newest.values() if one])
    for table, column in PARTED:
        _part(run, table, column, limit if newest[table] else "")


def _limit(run: Any, newest: list[str]) -> str:
    """
    The first id of the second day after now and after all that is there.
    """
    now = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    latest = max([run(now).scalar(), *map(_time_of, newest)])
    today = latest - (latest + CHINA_MS) % DAY_MS
    return max([first_id_at(today + 2 * DAY_MS), *(f"{one}0" for one in newest)])


def _time_of(message_id: str) -> int:
    try:
        return milliseconds_of(message_id)
    except ValueError:
        return 0


def _part(run: Any, table: str, column: str, limit: str) -> None:
    """
    The same columns, comments and indexes, in partitions; an empty limit is for an
    empty table.
    """
    old = f"{table}_before"
    found = run(
        "SELECT indexname, indexdef FROM pg_indexes"
        " WHERE schemaname = current_schema() AND tablename = %s",
        (table,),
    )
    indexes = dict(tuple(row) for row in found)
    primary = f"{table}_pkey"
    key = run(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype = 'p'",
        (table,),
    ).scalar()
    comment = run("SELECT obj_description(%s::regclass)", (table,)).scalar() or ""
    run(f"ALTER TABLE {table} RENAME TO {old}")
    for name in indexes:
        run(f"ALTER INDEX {name} RENAME TO {name}_before")
    run(
        f"CREATE TABLE {table} (LIKE {old} INCLUDING ALL EXCLUDING INDEXES)"
        f" PARTITION BY RANGE ({column})"
    )
    run(f"ALTER TABLE {table} ADD CONSTRAINT {primary} {key}")
    for name, definition in indexes.items():
        if name != primary:
            run(definition)
    quoted = comment.replace("'", "''")
    run(f"COMMENT ON TABLE {table} IS '{quoted}'")
    if limit:
        bounds = f"FROM (MINVALUE) TO ('{limit}')"
        run(f"ALTER TABLE {table} ATTACH PARTITION {old} FOR VALUES {bounds}")
    else:
        run(f"DROP TABLE {old}")
    run(f"CREATE TABLE {table}_rest PARTITION OF {table} DEFAULT")
