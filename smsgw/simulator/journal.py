"""
What was accepted, a line each, for tests that compare after a crash.
"""

from hashlib import sha256
from pathlib import Path
from typing import TextIO

import attrs

from smsgw.simulator.manner import Asked
from smsgw.text import parse_udh

__all__ = ["Journal", "digest"]


def digest(payload: bytes) -> str:
    """
    The content's name in a journal: payload without its header.
    """
    return sha256(payload).hexdigest()[:24]


@attrs.define(eq=False)
class Journal:
    """
    Tab-separated, one line a recipient: message id, number, source number,
    part/parts, concatenation reference, digest of the payload without header.

    A line is with the operating system before its response is written.
    """

    _file: TextIO

    @classmethod
    def at(cls, path: Path) -> "Journal":
        """
        Append to a file.
        """
        return cls(path.open("a", encoding="utf-8", buffering=1))

    def accepted(self, shown_id: str, number: str, asked: Asked) -> None:
        """
        One recipient of an accepted submit.
        """
        payload = asked.content
        data = parse_udh(payload) if asked.udhi & 0x41 else None
        part, parts, reference = 1, 1, 0
        if data is not None:
            payload = data.body
            part, parts, reference = data.part, data.parts, data.reference
        self._file.write(
            f"{shown_id}\t{number}\t{asked.src}\t{part}/{parts}"
            f"\t{reference}\t{digest(payload)}\n"
        )

    def close(self) -> None:
        """
        No more lines.
        """
        self._file.close()
