"""
C{smsgw send}: through the HTTP door, as any business system does.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from smsgw.cli.lots import Lots
from smsgw.cli.stores import in_reactor
from smsgw.cli.table import Table, read_table
from smsgw.client import GatewayClient
from smsgw.config import read_secret
from smsgw.errors import Refused, Unavailable
from smsgw.tasks import SystemClock

__all__ = ["configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--app-id", required=True)
    parser.add_argument("--secret-file", type=Path, required=True)
    parser.add_argument("--category", default="")
    parser.add_argument("--to", action="append", default=[], help="a number")
    parser.add_argument("--text", help="the text, one for all numbers")
    parser.add_argument("--csv", type=Path, help="one message per row, UTF-8 or GBK")
    parser.add_argument("--template", help="text with {column}, or @FILE")
    parser.add_argument("--ref-column", help="the column that is unique per row")
    parser.add_argument(
        "--patience", type=float, default=600.0, help="seconds to try a lot again"
    )
    parser.add_argument(
        "--run", dest="name", default="", help="go on with a run that ended early"
    )


def run(arguments: argparse.Namespace) -> int:
    """
    Send; 0 only if every message was accepted.
    """
    if bool(arguments.csv) == bool(arguments.to):
        raise Refused(2003, "either --to with --text, or --csv with --template", "to")
    if arguments.csv and not arguments.template:
        raise Refused(2003, "--csv needs a --template", "template")
    secret = read_secret(arguments.secret_file)
    table = _table(arguments) if arguments.csv else None

    async def work(reactor: Any) -> int:
        client = GatewayClient.over(reactor, arguments.url, arguments.app_id, secret)
        try:
            if table is None:
                return await _send_one(client, arguments)
            lots = Lots(
                client,
                SystemClock(reactor),
                arguments.category,
                arguments.patience,
                lambda words: print(f"\n{words}", file=sys.stderr),
            )
            lots.name = arguments.name or lots.name
            return await _send_all(lots, table)
        finally:
            await client.close()

    return in_reactor(work)


def _table(arguments: argparse.Namespace) -> Table:
    template = arguments.template
    if template.startswith("@"):
        template = Path(template[1:]).read_text("utf-8-sig").strip()
    return read_table(arguments.csv, template, arguments.ref_column)


async def _send_all(lots: Lots, table: Table) -> int:
    """
    Progress on standard output, refused rows with their lines on the other one.
    """
    done = refused = 0
    try:
        async for start, answer in lots.send(table.items):
            refused += answer["rejected"]
            done = start + len(answer["items"])
            for item in answer["items"]:
                if item.get("error"):
                    line = table.lines[start + item["index"]]
                    print(f"line {line}: {_words(item)}", file=sys.stderr)
            print(f"\r{done}/{len(table.items)}", end="", flush=True)
    except (Refused, Unavailable):
        print(f" accepted {done - refused}, refused {refused}")
        print(
            f"ended early; what is taken is not doubled by the same words with"
            f" --run {lots.name}",
            file=sys.stderr,
        )
        raise
    print(f" accepted {done - refused}, refused {refused}")
    return 1 if refused else 0


async def _send_one(client: GatewayClient, arguments: argparse.Namespace) -> int:
    body = {"to": arguments.to, "text": arguments.text or ""}
    if arguments.category:
        body["category"] = arguments.category
    answer = await client.send(body)
    for item in answer["items"]:
        print(item.get("id", "-"), item.get("to", "-"), _words(item))
    return 1 if answer["rejected"] else 0


def _words(item: Mapping[str, Any]) -> str:
    """
    An item's state, or why it was refused.
    """
    error = item.get("error")
    return f"{error['code']} {error['detail']}" if error else str(item["state"])
