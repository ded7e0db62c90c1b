"""
Files for table programs: written so that they open as meant, and run nothing.
"""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

__all__ = ["csv_file"]

_RUNS = ("=", "+", "-", "@", "\t", "\r")


def csv_file(rows: Iterable[Sequence[object]]) -> bytes:
    """
    UTF-8 with the mark that Excel needs; what looks like a formula is made text.
    """
    out = StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([_plain(one) for one in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _plain(value: object) -> object:
    if isinstance(value, str) and value.startswith(_RUNS):
        return f"'{value}"
    return value
