"""
C{smsgw restore FILE --into FOLDER}: a backup becomes a data directory.
"""

import argparse
import getpass
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from smsgw.cli.archive import RECORD, unpack
from smsgw.cli.stores import in_reactor
from smsgw.storage.channel_orders import order_channel
from smsgw.storage.database import Database
from smsgw.storage.directory_store import load_directory

__all__ = ["configure", "run"]

_CHINA = timezone(timedelta(hours=8))
_WHY = "restored from a backup 由备份恢复"


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    parser.add_argument("file", type=Path)
    parser.add_argument("--into", type=Path, required=True, help="a new data_dir")
    parser.add_argument(
        "--run-channels",
        action="store_true",
        help="let channels send at the start; else they are paused for a look first",
    )


def run(arguments: argparse.Namespace) -> int:
    """
    What waited at the time of the backup waits again: some of it may have been sent
    since. So channels are paused until somebody resumes them.
    """
    manifest = unpack(arguments.file, arguments.into)
    at = datetime.fromtimestamp(manifest.made, _CHINA).isoformat(" ", "seconds")
    print(f"{manifest.node}  {at}  smsgw {manifest.version}  校验通过 checksums fit")
    if not manifest.keys:
        print(
            "密钥不在备份里：请把 fields.key 放回数据目录，或见 [protection] key_file"
            "\nthe key is not in it: put fields.key back, or see [protection] key_file"
        )
    if arguments.run_channels:
        return 0
    paused = in_reactor(lambda _: _pause(arguments.into / RECORD))
    print(f"已暂停通道 channels paused: {', '.join(paused) or '-'}")
    print("核对后恢复 resume them after a look:  smsgw channels resume NAME")
    return 0


async def _pause(record: Path) -> list[str]:
    database = Database.open(f"sqlite:///{record}")
    try:
        await database.prepare()
        names = sorted((await database.read(load_directory)).channels)
        who, now = getpass.getuser(), time.time()
        for name in names:
            await database.write(order_channel, name, "paused", _WHY, who, now)
        return names
    finally:
        database.close()
