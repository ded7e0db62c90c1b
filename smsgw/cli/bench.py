"""
C{smsgw bench kill}: blows under load on this very machine, and a certificate;
C{smsgw bench certify}: what this very machine can do.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from smsgw.cli.proving.acceptance import Acceptance
from smsgw.cli.proving.assessment import Assessment
from smsgw.cli.proving.campaign import Campaign, end_valkey, prepared
from smsgw.cli.proving.certificate import Certificate
from smsgw.cli.proving.postgres_server import DURABLE, Server, postgres_server
from smsgw.cli.proving.small_disk import SmallDisk

__all__ = ["configure", "run"]

BLOWS = 50
DISK = 1024  # MiB of memory; 200 kills fill less than half of it


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    verbs = parser.add_subparsers(dest="what", required=True)
    words = "kill -9, stopped processes, a held database 打击下的不丢失证书"
    verb = verbs.add_parser("kill", help=words, description=words)
    verb.add_argument("--blows", type=int, default=0, help="50, if no --kills")
    verb.add_argument("--kills", type=int, default=0, help="go on to so many kill -9")
    verb.add_argument("--seed", type=int, default=20261123)
    words = "with the record on a PostgreSQL server, which is struck too"
    verb.add_argument("--postgres", action="store_true", help=words)
    verb.add_argument("--etc", type=Path, default=Path("etc"), help="the samples")
    _add_out(verb)
    words = "rates and times of the requirements, 3 to 5 minutes 性能验收"
    verb = verbs.add_parser("certify", help=words, description=words)
    verb.add_argument("--quick", action="store_true", help="a trial of a minute 试跑")
    _add_out(verb)


def _add_out(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--out", type=Path, help="NAME.md and NAME.json are written")


def run(arguments: argparse.Namespace) -> int:
    """
    Status 0 only if everything passed. All runs in folders of its own, with simulated
    carriers.
    """
    told = _certify(arguments) if arguments.what == "certify" else _kill(arguments)
    print(told.text())
    if arguments.out is not None:
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        arguments.out.with_suffix(".md").write_text(told.text(), "utf-8")
        arguments.out.with_suffix(".json").write_text(told.json(), "utf-8")
    return 0 if told.passed else 1


def _certify(arguments: argparse.Namespace) -> Acceptance:
    def progress(words: str) -> None:
        print(words, file=sys.stderr, flush=True)

    return Assessment(arguments.quick, progress).run()


def _kill(arguments: argparse.Namespace) -> Certificate:
    """
    Passed only if nothing was lost or doubled unmarked, and all accounts are exact.
    """
    if not arguments.postgres:
        return _struck(arguments)
    with postgres_server(DURABLE) as server:
        return _struck(arguments, server)


def _struck(arguments: argparse.Namespace, server: Server | None = None) -> Certificate:
    blows, kills = arguments.blows, arguments.kills
    blows = blows or (0 if kills else BLOWS)
    with tempfile.TemporaryDirectory(prefix="smsgw-bench-") as folder:
        stage = prepared(Path(folder) / "stage", arguments.etc, server)
        disk = SmallDisk(stage.folder / "data", DISK)
        small = disk if disk.mount() else None
        try:
            seed = arguments.seed
            return Campaign(stage, blows, seed, print, kills, small, server).run()
        finally:
            stage.stop()
            end_valkey(stage)
            disk.unmount()
