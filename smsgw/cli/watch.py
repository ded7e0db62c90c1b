"""
C{smsgw watch CHANNEL}: see what a channel says, while the gateway runs.
"""

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from smsgw.channels.traces import Watch, ask, release
from smsgw.cli.stores import add_config
from smsgw.config import load

__all__ = ["configure", "run"]

LOOK = 0.2


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)
    parser.add_argument("channel", help="the channel's id")
    parser.add_argument("--minutes", type=float, default=10.0, help="default 10")
    parser.add_argument(
        "--plain", action="store_true", help="show numbers and texts 显示号码与内容"
    )
    parser.add_argument(
        "--off", action="store_true", help="end the trace, print nothing"
    )
    parser.add_argument(
        "--background", action="store_true", help="do not wait for the end"
    )


def run(arguments: argparse.Namespace) -> int:
    """
    Print the trace as it grows; the files stay, the second one for Wireshark.
    """
    folder = load(arguments.config).data_dir / "trace"
    if arguments.off:
        release(folder, arguments.channel)
        return 0
    now = time.time()
    stem = f"{arguments.channel}-{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}"
    until = now + arguments.minutes * 60.0
    ask(folder, arguments.channel, Watch(until, stem, arguments.plain))
    path = folder / f"{stem}.log"
    print(f"{path}\n{path.with_suffix('.pcap')}", file=sys.stderr)
    if not arguments.background:
        try:
            _follow(path, until)
        finally:
            release(folder, arguments.channel)
    return 0


def _follow(path: Path, until: float) -> None:
    """
    Copy what is appended to standard output.
    """
    log: BinaryIO | None = None
    try:
        while time.time() < until:
            if log is None and path.exists():
                log = path.open("rb")
            if log is not None and (data := log.read()):
                sys.stdout.buffer.write(data)
                sys.stdout.buffer.flush()
            time.sleep(LOOK)
    finally:
        if log is not None:
            log.close()
