"""
C{smsgw apply}: makes the business objects of a file so; prints what changed.
"""

import argparse
import getpass
import time
from pathlib import Path

from smsgw.cli.stores import add_config, in_reactor, load_objects, open_record
from smsgw.config import load
from smsgw.directory import Directory
from smsgw.storage.directory_store import apply_directory

__all__ = ["configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)
    parser.add_argument("file", type=Path)
    parser.add_argument("--secrets", type=Path, help="where its secret files are")
    parser.add_argument("--prune", action="store_true", help="take others away")


def run(arguments: argparse.Namespace) -> int:
    """
    A running gateway acts on the change within a second.
    """
    settings = load(arguments.config)
    wanted = load_objects(arguments.file, arguments.secrets)

    async def work(_: object) -> list[str]:
        database = await open_record(settings)
        try:
            return await database.write(
                _apply, wanted, getpass.getuser(), arguments.prune
            )
        finally:
            database.close()

    lines = in_reactor(work)
    print("\n".join(lines) if lines else "nothing to change 无变化")
    return 0


def _apply(connection: object, wanted: Directory, who: str, prune: bool) -> list[str]:
    return apply_directory(connection, wanted, who, time.time(), prune)  # type: ignore[arg-type]  # SQLAlchemy is storage's
