"""
What was accepted, a line each, for tests that compare after a crash.
"""

from collections import Counter, deque
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TextIO

import attrs

from smsgw.protocols.neutral import OutSegment
from smsgw.text import parse_udh

__all__ = ["Entry", "Journal", "digest"]


def digest(payload: bytes) -> str:
    """
    The content's name in a journal: payload without its header.
    """
    return sha256(payload).hexdigest()[:24]


@attrs.frozen
class Entry:
    """
    One recipient of an accepted submit.
    """

    carrier_id: str
    number: str
    source: str
    part: int
    parts: int
    reference: int
    content: str

    @property
    def message(self) -> tuple[str, str, int]:
        """
        What stays the same when a segment is sent again.
        """
        return self.number, self.content, self.part


@attrs.define(eq=False)
class Journal:
    """
    Tab-separated, one line a recipient: the carrier's id, number, source, part/parts,
    concatenation reference, digest of the payload without header.

    The last C{most} are kept to be looked at too. Lines are with the operating
    system after L{flush}, which comes before anything is written to a client.
    """

    most: int = 0
    _file: TextIO | None = None
    _lines: list[str] = attrs.field(factory=list, init=False)
    _kept: deque[Entry] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._kept = deque(maxlen=self.most)

    @classmethod
    def at(cls, path: Path, most: int = 0) -> "Journal":
        """
        Append to a file.
        """
        return cls(most, path.open("a", encoding="utf-8"))

    def accepted(self, carrier_id: str, number: str, segment: OutSegment) -> None:
        """
        One recipient of an accepted submit.
        """
        payload = segment.payload
        data = parse_udh(payload) if segment.udhi else None
        part, parts, reference = 1, 1, 0
        if data is not None:
            payload = data.body
            part, parts, reference = data.part, data.parts, data.reference
        name = digest(payload)
        if self._file is not None:
            self._lines.append(
                f"{carrier_id}\t{number}\t{segment.src}\t{part}/{parts}"
                f"\t{reference}\t{name}\n"
            )
        if self.most:
            self._kept.append(
                Entry(carrier_id, number, segment.src, part, parts, reference, name)
            )

    def flush(self) -> None:
        """
        Lines to the operating system.
        """
        if self._lines and self._file is not None:
            self._file.write("".join(self._lines))
            self._file.flush()
            self._lines.clear()

    def last(self, limit: int) -> Iterator[Entry]:
        """
        The newest, newest first.
        """
        for entry, _ in zip(reversed(self._kept), range(limit), strict=False):
            yield entry

    def counts(self) -> Counter[tuple[str, str, int]]:
        """
        How often each number was given each part of each text.
        """
        return Counter(entry.message for entry in self._kept)

    def close(self) -> None:
        """
        No more lines.
        """
        self.flush()
        if self._file is not None:
            self._file.close()
