"""
The steps that bring a database to this release's tables.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

__all__ = ["is_current", "migrate", "steps"]


def migrate(engine: Engine, step: str = "head") -> None:
    """
    Bring the database to the newest step, or a certain one; nothing to do is fine.
    """
    config = _config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, step)
        connection.commit()


def is_current(engine: Engine) -> bool:
    """
    Whether the database stands at this release's newest step.
    """
    heads = set(ScriptDirectory.from_config(_config()).get_heads())
    with engine.connect() as connection:
        return heads == set(MigrationContext.configure(connection).get_current_heads())


def steps() -> tuple[str, ...]:
    """
    The names of all steps, newest first.
    """
    script = ScriptDirectory.from_config(_config())
    return tuple(one.revision for one in script.walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config
