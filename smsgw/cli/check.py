"""
C{smsgw check}: a configuration file, and a file of business objects.
"""

import argparse
from pathlib import Path

from smsgw.cli import tell
from smsgw.cli.stores import load_objects
from smsgw.config import ConfigError, load

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
    Says what it found; the mistakes of all files, then status 2.
    """
    looks = [lambda: _settings(arguments.config)]
    if arguments.objects:
        looks.append(lambda: _objects(arguments.objects, arguments.secrets))
    status = 0
    for look in looks:
        try:
            print(look())
        except ConfigError as error:
            tell(error)
            status = 2
    return status


def _settings(path: Path) -> str:
    settings = load(path)
    return f"{path}: ok, node {settings.node}, data in {settings.data_dir}"


def _objects(path: Path, secrets: Path | None) -> str:
    objects = load_objects(path, secrets)
    return (
        f"{path}: ok, {len(objects.accounts)} accounts, "
        f"{len(objects.channels)} channels, {len(objects.rules)} rules"
    )
