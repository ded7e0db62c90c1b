"""
SQLite takes lists of rows in few prepared statements.
"""

from typing import Any

import pytest
from sqlalchemy import event, func, select

from smsgw.storage import bulk_sqlite, tables
from smsgw.storage.database import Database
from tests.support.record import now_or_never

ON_SQLITE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


@ON_SQLITE
@pytest.mark.parametrize(
    ("rows", "statements"), [(1, 1), (5, 2), (64, 1), (128, 2), (130, 3)]
)
def test_rows_go_in_groups(database: Database, rows: int, statements: int) -> None:
    """
    Groups have few lengths, so that their statements stay prepared.
    """
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    now_or_never(
        database.write(
            lambda connection: bulk_sqlite.insert(
                connection,
                tables.batches,
                ("id",),
                [[str(n)] for n in range(rows)],
                ("recorder", 1),
            )
        )
    )
    assert statements == sum(one.startswith("INSERT") for one in seen)
    count = select(func.count()).select_from(tables.batches)
    assert rows == now_or_never(database.read(lambda c: c.execute(count).scalar()))


@ON_SQLITE
def test_an_update_walks_the_rows_not_the_table(database: Database) -> None:
    """
    The list is scanned and each row is found by its key.
    """
    sql = bulk_sqlite._update(tables.messages, ("id", "state", "state_rank"), 4)
    plan = now_or_never(
        database.read(
            lambda connection: [
                row[3]
                for row in connection.exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {sql}", (None,) * 14
                )
            ]
        )
    )
    assert any(step.startswith("SEARCH messages USING") for step in plan)
    assert "SCAN messages" not in plan
