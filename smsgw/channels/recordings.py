"""
What traces wrote, asked for and read again: by people who see it as it comes.

A recording's files are called C{CHANNEL-TIME-plain} or C{CHANNEL-TIME-masked}.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import msgspec

from smsgw.channels.traces import Watch, ask, asked, release

__all__ = ["Frame", "Recording", "Recordings"]

KEPT = 30 * 86_400.0
_TIME = "%Y%m%dT%H%M%SZ"
_PIECE = 1 << 23
_SEQUENCES = ("Sequence_Id", "SequenceID", "sequence_number", "Sequence")
_HEAD = frozenset({"command", "hex", "error", "octets"})


@attrs.frozen
class Recording:
    """
    A trace that was made or is being made; C{plain} shows numbers and texts.
    """

    stem: str
    at: float
    plain: bool
    octets: int


@attrs.frozen
class Frame:
    """
    One of its lines: when (in China's time, to the millisecond), over which
    connection, which way, what. C{place} is where its line ends.
    """

    at: str
    line: str
    outgoing: bool
    command: str
    fields: dict[str, Any]
    octets: str
    place: int

    @property
    def sequence(self) -> str:
        """
        As the protocol calls it.
        """
        found = (self.fields[name] for name in _SEQUENCES if name in self.fields)
        told = next(found, "")
        return str(told.get("counter", "") if isinstance(told, dict) else told)


@attrs.define(eq=False)
class Recordings:
    """
    Those in a node's folder of traces.
    """

    folder: Path

    def start(
        self, channel: str, seconds: float, frames: int, plain: bool, now: float
    ) -> str:
        """
        Wish for one; it begins within a second and ends by itself. The channel's that
        are older than a month go.
        """
        for one in self.of(channel):
            if now - one.at > KEPT:
                self.remove(one.stem)
        told = datetime.fromtimestamp(now, UTC).strftime(_TIME)
        stem = f"{channel}-{told}-{'plain' if plain else 'masked'}"
        ask(self.folder, channel, Watch(now + seconds, stem, plain, frames, True))
        return stem

    def stop(self, channel: str) -> None:
        """
        Enough of it.
        """
        release(self.folder, channel)

    def wanted(self, channel: str, now: float) -> Watch | None:
        """
        The trace that runs, or begins within a second.
        """
        if not self.folder.exists():
            return None
        return asked(self.folder, now).get(channel)

    def of(self, channel: str) -> list[Recording]:
        """
        A channel's, newest first.
        """
        name = re.compile(
            re.escape(channel) + r"-(\d{8}T\d{6}Z)-(plain|masked)", re.ASCII
        )
        found = []
        for path in self.folder.glob("*.log"):
            if told := name.fullmatch(path.stem):
                at = datetime.strptime(told[1], _TIME).replace(tzinfo=UTC)
                size, plain = path.stat().st_size, told[2] == "plain"
                found.append(Recording(path.stem, at.timestamp(), plain, size))
        return sorted(found, key=lambda one: one.at, reverse=True)

    def frames(self, stem: str, after: int, most: int) -> list[Frame]:
        """
        Oldest first, those that stand behind the place C{after}.
        """
        path = self.folder / f"{stem}.log"
        if not path.exists():
            return []
        with path.open("rb") as log:
            log.seek(after)
            data = log.read(_PIECE)
        return list(_frames(data, after))[:most]

    def file(self, stem: str, ending: str) -> bytes:
        """
        The whole file, C{log} or C{pcap}.
        """
        return (self.folder / f"{stem}.{ending}").read_bytes()

    def remove(self, stem: str) -> None:
        """
        Both files go.
        """
        for ending in ("log", "pcap"):
            (self.folder / f"{stem}.{ending}").unlink(missing_ok=True)


def _frames(data: bytes, place: int) -> Iterator[Frame]:
    """
    Whole lines; one that is being written is read next time.
    """
    for line in data.splitlines(keepends=True):
        if not line.endswith(b"\n"):
            return
        place += len(line)
        at, name, way, body = line.split(b" ", 3)
        told: dict[str, Any] = msgspec.json.decode(body)
        fields = {key: value for key, value in told.items() if key not in _HEAD}
        yield Frame(
            at.decode()[11:23],
            name.decode(),
            way == b">",
            told.get("command", ""),
            fields if "error" not in told else {"error": told["error"]},
            told.get("hex", ""),
            place,
        )
