"""
C{smsgw versions}: when routes were published and by whom; back to one of them.
"""

import argparse
import getpass
import time
from datetime import datetime, timedelta, timezone
from typing import Any

from smsgw.cli.stores import add_config, in_reactor, open_record
from smsgw.config import load
from smsgw.storage.route_versions import Version, go_back, versions

__all__ = ["configure", "run"]

_CHINA = timezone(timedelta(hours=8))


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)
    parser.add_argument(
        "--back", type=int, default=None, help="publish this version's routes again"
    )


def run(arguments: argparse.Namespace) -> int:
    """
    A running gateway goes by the routes of then within a second.
    """
    settings = load(arguments.config)
    who, now = getpass.getuser(), time.time()

    async def work(_: object) -> Any:
        database = await open_record(settings)
        try:
            if arguments.back is None:
                return [_line(one) for one in await database.read(versions)]
            return await database.write(go_back, arguments.back, who, now)
        finally:
            database.close()

    lines = in_reactor(work)
    nothing = "nothing to change 无变化" if arguments.back is not None else "none 无"
    print("\n".join(lines) or nothing)
    return 0


def _line(version: Version) -> str:
    at = datetime.fromtimestamp(version.at, _CHINA).strftime("%Y-%m-%d %H:%M:%S")
    return f"{version.id}  {at}  {version.who}  {', '.join(version.objects)}"
