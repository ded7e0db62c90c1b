"""
What was accepted, a line each, for tests that compare after a crash.
"""

from hashlib import sha256
from pathlib import Path
from typing import TextIO

import attrs

from smsgw.protocols.cmpp import Submit
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
    Tab-separated, one line a recipient: Msg_Id (16 hex digits), number, Src_Id,
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

    def accepted(self, msg_id: int, number: str, submit: Submit) -> None:
        """
        One recipient of an accepted submit.
        """
        payload = submit.msg_content
        data = parse_udh(payload) if submit.tp_udhi & 0x41 else None
        part, parts, reference = 1, 1, 0
        if data is not None:
            payload = data.body
            part, parts, reference = data.part, data.parts, data.reference
        self._file.write(
            f"{msg_id:016x}\t{number}\t{submit.src_id}\t{part}/{parts}"
            f"\t{reference}\t{digest(payload)}\n"
        )

    def close(self) -> None:
        """
        No more lines.
        """
        self._file.close()
