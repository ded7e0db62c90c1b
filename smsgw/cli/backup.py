"""
C{smsgw backup FILE}: record, queue and settings of a running or stopped gateway.
"""

import argparse
import shutil
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from smsgw.cli.archive import (
    QUEUE,
    RECORD,
    Manifest,
    copy_queue,
    copy_record,
    held,
    pack,
)
from smsgw.cli.stores import add_config
from smsgw.config import Settings, load
from smsgw.errors import Refused

__all__ = ["configure", "run"]

_BAD = 2001


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)
    parser.add_argument("file", type=Path, help="a new file, such as smsgw.tar")
    parser.add_argument(
        "--with-keys",
        action="store_true",
        help="put the field key in, too: whoever has the file then reads everything",
    )


def run(arguments: argparse.Namespace) -> int:
    """
    Sending goes on meanwhile; only the record's writing waits.
    """
    settings = load(arguments.config)
    _refuse_what_is_not_ours(settings)
    if arguments.file.exists():
        raise Refused(_BAD, f"{arguments.file} is there already", "file")
    began, data = time.time(), settings.data_dir
    with tempfile.TemporaryDirectory(dir=arguments.file.resolve().parent) as name:
        folder = Path(name)
        record = data / RECORD
        with held(record):
            copy_queue(data, folder / QUEUE)
            copy_record(record, folder / RECORD)
        shutil.copy(arguments.config, folder / "smsgw.toml")
        key = settings.protection.key_file or data / "fields.key"
        if arguments.with_keys and key.exists():
            shutil.copy(key, folder / "fields.key")
        manifest = Manifest(
            began, settings.node, version("smsgw"), arguments.with_keys, {}
        )
        told = pack(folder, manifest, arguments.file)
    size = arguments.file.stat().st_size / 2**20
    print(
        f"{arguments.file}  {size:.1f} MiB  {len(told.files)} files 个文件"
        f"  {time.time() - began:.1f} s"
    )
    if not arguments.with_keys:
        print(f"未含密钥，请另行保管 the key is not in it, keep it apart: {key}")
    return 0


def _refuse_what_is_not_ours(settings: Settings) -> None:
    """
    Servers of one's own have backups of their own.
    """
    if not settings.database_url.startswith("sqlite"):
        told = "back the database up by its own means, e.g. pg_dump -Fc -f record.dump"
        raise Refused(_BAD, f"{told}; see docs/operating.md", "database.url")
    if settings.queue.kind != "embedded":
        told = "back the queue server up by its own means (its append-only files)"
        raise Refused(_BAD, f"{told}; see docs/operating.md", "queue.kind")
