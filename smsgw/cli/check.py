"""
C{smsgw check}: settings, business objects, this machine, the queue, the database:
a line each, and what to do where something is not as it should be.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from smsgw.cli.checking.findings import (
    Finding,
    as_json,
    as_lines,
    error,
    ok,
    status_of,
)
from smsgw.cli.checking.judging import judge_machine, judge_settings
from smsgw.cli.checking.machine import gather
from smsgw.cli.checking.servers import Record, Server, ask_queue, ask_record
from smsgw.cli.checking.weighing import judge_record, judge_server, judge_step
from smsgw.cli.stores import in_reactor, load_objects
from smsgw.config import ConfigError, Settings, load

__all__ = ["configure", "run"]

_FIX = "改好再查 put it right, then check again"


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    parser.add_argument("-c", "--config", type=Path, default=Path("etc/smsgw.toml"))
    parser.add_argument("--objects", type=Path, help="a file for smsgw apply, too")
    parser.add_argument("--secrets", type=Path, help="where its secret files are")
    parser.add_argument("--json", action="store_true", help="for programs 机器可读")
    parser.add_argument(
        "--files-only", action="store_true", help="only the files 只查文件"
    )


def run(arguments: argparse.Namespace) -> int:
    """
    Says what it found; 0 if nothing is an error, else 1.
    """
    findings = list(_found(arguments))
    print(as_json(findings) if arguments.json else as_lines(findings))
    return status_of(findings)


def _found(arguments: argparse.Namespace) -> Iterator[Finding]:
    settings: Settings | None = None
    try:
        settings = load(arguments.config)
        yield ok(
            "settings",
            f"{arguments.config}: node {settings.node}, data in {settings.data_dir}",
        )
        yield from judge_settings(settings)
    except ConfigError as mistaken:
        yield from _mistakes("settings", mistaken)
    if arguments.objects:
        yield from _objects(arguments.objects, arguments.secrets)
    if settings is not None and not arguments.files_only:
        yield from _around(settings)


def _mistakes(area: str, mistaken: ConfigError) -> Iterator[Finding]:
    for one in mistaken.mistakes:
        yield error(area, f"{mistaken.file}: {one}", _FIX)


def _objects(path: Path, secrets: Path | None) -> Iterator[Finding]:
    try:
        objects = load_objects(path, secrets)
    except ConfigError as mistaken:
        yield from _mistakes("objects", mistaken)
        return
    yield ok(
        "objects",
        f"{path}: {len(objects.accounts)} accounts, "
        f"{len(objects.channels)} channels, {len(objects.rules)} rules",
    )


def _around(settings: Settings) -> Iterator[Finding]:
    before = time.time(), time.monotonic()
    yield from judge_machine(gather(settings), settings, time.time())

    async def ask(reactor: Any) -> tuple[list[Server], Record]:
        servers = await ask_queue(settings, reactor, time.time)
        return servers, await ask_record(settings, time.time)

    servers, record = in_reactor(ask)
    for one in servers:
        yield from judge_server(one, settings.queue.durability == "strict")
    yield from judge_record(record)
    yield judge_step(before, (time.time(), time.monotonic()))
