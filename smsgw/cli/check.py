"""
C{smsgw check}: a configuration file, and a file of business objects.
"""

import argparse
from pathlib import Path

from smsgw.config import load
from smsgw.objects import load_directory

__all__ = ["configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    parser.add_argument("-c", "--config", type=Path, default=Path("etc/smsgw.toml"))
    parser.add_argument("--objects", type=Path, help="a file for smsgw apply, too")
    parser.add_argument("--secrets", type=Path, help="where its secret files are")


def run(arguments: argparse.Namespace) -> int:
    """
    Says what it found; mistakes are reported together by the caller.
    """
    settings = load(arguments.config)
    print(f"{arguments.config}: ok, node {settings.node}, data in {settings.data_dir}")
    if arguments.objects:
        objects = load_directory(arguments.objects, arguments.secrets)
        print(
            f"{arguments.objects}: ok, {len(objects.accounts)} accounts, "
            f"{len(objects.channels)} channels, {len(objects.rules)} rules"
        )
    return 0
