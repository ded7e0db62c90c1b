"""
C{smsgw send}: through the HTTP door, as any business system does.
"""

import argparse
import csv
import io
import string
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from smsgw.cli.stores import in_reactor
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

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        try:
            return kwargs[field_name], field_name
        except KeyError:
            raise Refused(2003, f"no column {field_name!r}", "template") from None

    def fill(self, template: str, row: Mapping[str, str]) -> str:
        """
        The text for a row.
        """
        try:
            return self.vformat(template, (), row)
        except ValueError as error:
            raise Refused(2003, str(error), "template") from None


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
    if arguments.csv and not arguments.template:
        raise Refused(2003, "--csv needs a --template", "template")
    secret = read_secret(arguments.secret_file)
    rows = _rows(arguments) if arguments.csv else None

    async def work(reactor: Any) -> int:
        client = GatewayClient.over(reactor, arguments.url, arguments.app_id, secret)
        try:
            if rows is None:
                return await _send_one(client, arguments)
            return await _send_all(client, rows, arguments.category)
        finally:
            await client.close()

    return in_reactor(work)


def _rows(arguments: argparse.Namespace) -> list[dict[str, str]]:
    template = arguments.template
    if template.startswith("@"):
        template = Path(template[1:]).read_text("utf-8-sig").strip()
    return list(read_rows(arguments.csv, template, arguments.ref_column))


async def _send_all(
    client: GatewayClient, rows: list[dict[str, str]], category: str
) -> int:
    refused = 0
    async for done, answer in send_rows(client, rows, category):
        refused += answer["rejected"]
        first = done - len(answer["items"]) + 1
        for item in answer["items"]:
            if item.get("error"):
                row = first + item["index"]
                print(f"row {row}: {_words(item)}", file=sys.stderr)
        print(f"\r{done}/{len(rows)}", end="", flush=True)
    print(f" accepted {len(rows) - refused}, refused {refused}")
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
    reader = csv.DictReader(io.StringIO(content, newline=""))
    columns = reader.fieldnames or ()
    phone = next((name for name in PHONE_COLUMNS if name in columns), None)
    if phone is None:
        words = f"no column is named one of {', '.join(PHONE_COLUMNS)}"
        raise Refused(2003, words, "csv")
    if ref_column and ref_column not in columns:
        raise Refused(2003, f"no column {ref_column!r}", "ref-column")
    write = Template()
    for number, row in enumerate(reader, 1):
        if None in row or None in row.values():
            raise Refused(2003, f"row {number} has not {len(columns)} cells", "csv")
        item = {"to": row[phone], "text": write.fill(template, row)}
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
