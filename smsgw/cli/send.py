"""
C{smsgw send}: through the HTTP door, as any business system does.
"""

import argparse
import csv
import string
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import react

from smsgw.client import GatewayClient
from smsgw.config import read_secret
from smsgw.errors import Refused

__all__ = ["configure", "read_rows", "run", "send_rows"]

LOT = 1_000
PHONE_COLUMNS = ("手机号", "手机", "电话", "phone", "mobile", "to")


class Template(string.Formatter):
    """
    A text with C{{column}} places; a column that is not there is named.
    """

    def get_value(self, key: Any, args: Any, kwargs: Any) -> Any:
        try:
            return kwargs[key]
        except KeyError:
            raise Refused(2003, f"no column {key!r}", "template") from None


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


def run(arguments: argparse.Namespace) -> int:
    """
    Send; 0 only if every message was accepted.
    """
    if bool(arguments.csv) == bool(arguments.to):
        raise Refused(2003, "either --to with --text, or --csv with --template", "to")
    status: list[int] = []

    def begin(reactor: Any) -> "Deferred[None]":
        return Deferred.fromCoroutine(_run(reactor, arguments, status))

    try:
        react(begin, ())
    except SystemExit as end:
        if end.code:
            return 1
    return status[0] if status else 1


async def _run(reactor: Any, arguments: argparse.Namespace, status: list[int]) -> None:
    client = GatewayClient.over(
        reactor, arguments.url, arguments.app_id, read_secret(arguments.secret_file)
    )
    if arguments.csv:
        template = arguments.template or ""
        if template.startswith("@"):
            template = Path(template[1:]).read_text("utf-8").strip()
        rows = list(read_rows(arguments.csv, template, arguments.ref_column))
        refused = 0
        async for done, answer in send_rows(client, rows, arguments.category):
            refused += answer["rejected"]
            for item in answer["items"]:
                if item.get("error"):
                    print(f"row {item['index'] + 1}: {item['error']}", file=sys.stderr)
            print(f"\r{done}/{len(rows)}", end="", flush=True)
        print(f" accepted {len(rows) - refused}, refused {refused}")
        status.append(1 if refused else 0)
        return
    body = {"to": arguments.to, "text": arguments.text or ""}
    if arguments.category:
        body["category"] = arguments.category
    answer = await client.send(body)
    for item in answer["items"]:
        print(item.get("id", "-"), item["to"], item.get("error", item.get("state")))
    status.append(1 if answer["rejected"] else 0)


def read_rows(
    path: Path, template: str, ref_column: str | None
) -> Iterator[dict[str, str]]:
    """
    The rows of a CSV file as batch items.
    """
    octets = path.read_bytes()
    try:
        content = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        content = octets.decode("gb18030")
    reader = csv.DictReader(content.splitlines())
    phone = next((c for c in PHONE_COLUMNS if c in (reader.fieldnames or ())), None)
    if phone is None:
        raise Refused(2003, f"a column named one of {', '.join(PHONE_COLUMNS)}", "csv")
    write = Template()
    for row in reader:
        item = {"to": row[phone], "text": write.vformat(template, (), row)}
        if ref_column:
            item["client_ref"] = row[ref_column]
        yield item


async def send_rows(
    client: GatewayClient, rows: list[dict[str, str]], category: str
) -> Any:
    """
    Send in lots; after each the number done and the door's answer.
    """
    for start in range(0, len(rows), LOT):
        lot = rows[start : start + LOT]
        body: dict[str, Any] = {"items": lot}
        if category:
            body["category"] = category
        yield start + len(lot), await client.send_batch(body)
