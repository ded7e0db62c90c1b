"""
C{smsgw decode}: carrier PDUs in hex to JSON lines and, with C{--encode}, back.
"""

import argparse
import json
import sys

from smsgw.protocols.reader import VERSIONS, decode_line, encode_line
from smsgw.protocols.wire import WireError

__all__ = ["configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    parser.add_argument("--protocol", choices=["cmpp"], default="cmpp")
    parser.add_argument("--version", choices=sorted(VERSIONS), default="3.0")
    parser.add_argument("--encode", action="store_true", help="JSON lines to hex")


def run(arguments: argparse.Namespace) -> int:
    """
    A line that cannot be read gives an object with C{error}; then status 1.
    """
    failed = False
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            print(_convert(line.strip(), arguments.version, arguments.encode))
        except (WireError, ValueError, TypeError, KeyError) as error:
            failed = True
            print(json.dumps({"error": str(error)}, ensure_ascii=False))
    return 1 if failed else 0


def _convert(line: str, version: str, encode: bool) -> str:
    if encode:
        fields = json.loads(line)
        if not isinstance(fields, dict):
            raise WireError("not an object")
        return encode_line(fields, version)
    return json.dumps(decode_line(line, version), ensure_ascii=False)
