"""
C{smsgw decode}: carrier PDUs in hex to JSON lines and, with C{--encode}, back.
"""

import argparse
import json
import sys

from smsgw.protocols.reader import READERS, decode_line, encode_line
from smsgw.protocols.wire import WireError

__all__ = ["configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    versions = {version for reader in READERS.values() for version in reader.versions}
    parser.add_argument("--protocol", choices=sorted(READERS), default="cmpp")
    parser.add_argument("--version", choices=sorted(versions), default="")
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
            print(_convert(line.strip(), arguments))
        except (WireError, ValueError, TypeError, KeyError) as error:
            failed = True
            print(json.dumps({"error": str(error)}, ensure_ascii=False))
    return 1 if failed else 0


def _convert(line: str, arguments: argparse.Namespace) -> str:
    version, protocol = arguments.version, arguments.protocol
    if arguments.encode:
        fields = json.loads(line)
        if not isinstance(fields, dict):
            raise WireError("not an object")
        return encode_line(fields, version, protocol)
    return json.dumps(decode_line(line, version, protocol), ensure_ascii=False)
