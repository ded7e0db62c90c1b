"""
What is tried with made-up octets: every parser of one protocol.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from smsgw.protocols.dialects import SPOKEN, dialect_of
from smsgw.protocols.events import LoginRequested, Received
from smsgw.protocols.masking import masked_frame
from smsgw.protocols.reader import READERS
from smsgw.protocols.rows import WireError
from smsgw.protocols.session import Session
from tests.support.vectors import vectors_of

__all__ = ["Target", "seeds"]


def seeds(protocol: str) -> Iterator[bytes]:
    """
    The vectors that are frames or streams.
    """
    for vector in vectors_of(protocol):
        if vector["kind"] in ("pdu", "stream", "malformed") and vector["hex"]:
            yield b"\x00" + bytes.fromhex(vector["hex"])


class Target:
    """
    The first octet chooses the version and how a stream is cut into pieces.
    """

    def __init__(self, protocol: str) -> None:
        self._dialects = [
            dialect_of(protocol, "900001", "secret", version, "S", {})
            for version in SPOKEN[protocol].versions
        ]
        self._reader = READERS[protocol]
        self._protocol = self._dialects[0].protocol

    def try_one(self, data: bytes) -> None:
        """
        Nothing but C{WireError} comes out of a parser; a session takes any stream.
        """
        if not data:
            return
        choice, octets = data[0], data[1:]
        dialect = self._dialects[choice % len(self._dialects)]
        self._frame(dialect.version, octets)
        size = (choice >> 4) * 7 or len(octets) or 1
        for state in ("new", "bound"):
            self._stream(dialect, octets, size, state)

    def _frame(self, version: int, octets: bytes) -> None:
        try:
            pdu = self._protocol.decode(octets, version)
        except WireError:
            pass
        else:
            repr(pdu)
        if len(octets) >= self._protocol.header.size:
            shown = masked_frame(self._protocol, version, octets)
            assert len(octets) == len(shown)
        with suppress(WireError):
            self._reader.decode(octets.hex(), "")

    def _stream(self, dialect: Any, octets: bytes, size: int, state: str) -> None:
        session = Session(self._protocol, dialect.version)
        session.open(0.0)
        session.state = state
        for at in range(0, len(octets), size):
            for event in session.receive_data(octets[at : at + size], 1.0):
                self._event(dialect, event)
        session.data_to_send()
        assert len(session._buffer) <= self._protocol.limit

    def _event(self, dialect: Any, event: object) -> None:
        if isinstance(event, LoginRequested):
            dialect.read_login(event.pdu)
            dialect.proves(event.pdu, "secret")
        elif isinstance(event, Received):
            dialect.read(event.pdu, event.sequence)
            dialect.acknowledge(event.pdu)
            dialect.read_submit(event.pdu)
            dialect.answer_other(event.pdu)
