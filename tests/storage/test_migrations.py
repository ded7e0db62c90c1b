"""
The migrations make the tables that the code uses.
"""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from smsgw.storage.console_tables import metadata
from smsgw.storage.database import make_engine
from smsgw.storage.migrations import is_current, migrate


def test_migrations_make_exactly_the_tables(tmp_path: Path) -> None:
    """
    After every step nothing is missing and nothing is left over.
    """
    engine = make_engine(f"sqlite:///{tmp_path}/record.db")
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "compare_server_default": True},
        )
        assert [] == compare_metadata(context, metadata)
    engine.dispose()


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    """
    Every start may migrate.
    """
    engine = make_engine(f"sqlite:///{tmp_path}/record.db")
    assert not is_current(engine)
    migrate(engine)
    migrate(engine)
    assert is_current(engine)
    engine.dispose()
