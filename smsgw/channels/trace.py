"""
What goes over a channel's connections, written down: as text, and for Wireshark.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, BinaryIO

import attrs
import msgspec

from smsgw.protocols.masking import masked_frame
from smsgw.protocols.pcap import FILE_HEADER, Conversation
from smsgw.protocols.protocol import Protocol
from smsgw.protocols.reader import READERS
from smsgw.protocols.rows import WireError

__all__ = ["Trace"]

CHINA = timezone(timedelta(hours=8))
MOST = 256 * 1024 * 1024
_json = msgspec.json.Encoder().encode


@attrs.define(eq=False)
class Trace:
    """
    One channel's trace while it is on: C{stem}.log and C{stem}.pcap.

    C{plain} shows numbers and texts; without it they never reach the disk, and what
    a login proves itself with never does. It ends
    by itself after C{most} octets, or so many C{frames} (0: any). With C{octets} each
    line has its frame in hex, too.
    """

    stem: Path
    protocol: Protocol
    now: Callable[[], float]
    plain: bool = False
    most: int = MOST
    frames: int = 0
    octets: bool = False
    noted: int = attrs.field(default=0, init=False)
    written: int = attrs.field(default=0, init=False)
    _log: BinaryIO = attrs.field(init=False)
    _pcap: BinaryIO = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._log = self._open(".log")
        self._pcap = self._open(".pcap")
        if not self._pcap.tell():
            self._pcap.write(FILE_HEADER)

    def _open(self, ending: str) -> BinaryIO:
        path = self.stem.with_name(self.stem.name + ending)
        path.touch(mode=0o600, exist_ok=True)
        return path.open("ab")

    def tap(
        self, name: str, version: Callable[[], int], ends: tuple[str, int, str, int]
    ) -> "Tap":
        """
        The ear on one connection; C{ends}: our address and port, the peer's.
        """
        return Tap(self, name, version, Conversation(*ends))

    def note(self, name: str, outgoing: bool, frame: bytes, version: int) -> bytes:
        """
        Write a line about a frame; the frame as it may be shown.
        """
        plain = self.plain and not self._is_login(frame)
        shown = frame if plain else masked_frame(self.protocol, version, frame)
        at = datetime.fromtimestamp(self.now(), UTC).astimezone(CHINA)
        fields = self._told(shown, version)
        if self.octets:
            fields["hex"] = shown.hex()
        told = b"%s %s %s %s\n" % (
            at.isoformat(timespec="milliseconds").encode(),
            name.encode(),
            b">" if outgoing else b"<",
            _json(fields),
        )
        self._log.write(told)
        self._log.flush()
        self.written += len(told)
        self.noted += 1
        return shown

    def _is_login(self, frame: bytes) -> bool:
        try:
            command, _ = self.protocol.head(frame)
        except WireError:
            return False
        return command & ~self.protocol.response in self.protocol.logins

    def _told(self, frame: bytes, version: int) -> dict[str, Any]:
        reader = READERS[self.protocol.name]
        named = {number: word for word, number in reader.versions.items()}
        try:
            return reader.decode(frame.hex(), named.get(version, reader.usual))
        except WireError as error:
            return {"error": str(error), "octets": len(frame)}

    def keep(self, packet: bytes) -> None:
        """
        Write to the pcap file.
        """
        self._pcap.write(packet)
        self._pcap.flush()
        self.written += len(packet)

    @property
    def full(self) -> bool:
        """
        Enough has been written.
        """
        counted = bool(self.frames) and self.noted >= self.frames
        return counted or self.written >= self.most

    def close(self) -> None:
        """
        The files are complete.
        """
        self._log.close()
        self._pcap.close()


@attrs.define(eq=False)
class Tap:
    """
    Cuts what one connection says into frames, and gives them to its trace.
    """

    trace: Trace
    name: str
    version: Callable[[], int]
    conversation: Conversation
    _rest: dict[bool, bytes] = attrs.field(factory=dict, init=False)

    def __call__(self, outgoing: bool, data: bytes) -> None:
        if self.trace.full:
            return
        buffer = self._rest.get(outgoing, b"") + data
        at, shown, version = 0, [], self.version()
        trace = self.trace
        cut, note = trace.protocol.cut, trace.note
        try:
            while not trace.full and (end := cut(buffer, at)):
                shown.append(note(self.name, outgoing, buffer[at:end], version))
                at = end
        except WireError:  # the session closes on it; say so, show nothing of it
            shown.append(note(self.name, outgoing, buffer[at:], version))
            at = len(buffer)
        self._rest[outgoing] = buffer[at:]
        if shown:
            whole = b"".join(shown)
            now = self.trace.now()
            self.trace.keep(self.conversation.packet(outgoing, whole, now))
