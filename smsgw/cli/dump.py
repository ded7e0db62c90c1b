"""
C{smsgw dump}: the business objects as a file for C{smsgw apply}, secrets left out.
"""

import argparse

from smsgw.cli.stores import add_config, in_reactor, open_record
from smsgw.config import load
from smsgw.storage.directory_store import dump_toml, load_directory

__all__ = ["configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)


def run(arguments: argparse.Namespace) -> int:
    """
    Writes to standard output.
    """
    settings = load(arguments.config)

    async def work(_: object) -> str:
        database = await open_record(settings)
        try:
            return dump_toml(await database.read(load_directory))
        finally:
            database.close()

    print(in_reactor(work), end="")
    return 0
