"""
What a session must know of its protocol, as one value.
"""

from collections.abc import Callable, Mapping
from struct import Struct

import attrs

from smsgw.protocols.rows import Pdu, WireError

__all__ = ["Grant", "Protocol"]

HEADER = Struct(">III")
_LENGTH = Struct(">I")


@attrs.frozen
class Grant:
    """
    What a login's answer means: C{code} 0 lets us in, in layout C{version}.
    """

    code: int
    version: int


@attrs.frozen(eq=False)
class Protocol:
    """
    A protocol's PDUs, its header and the commands that carry a session.

    C{logins} are the commands that ask to come in; C{terminate} and C{keepalive}
    make the requests of their name (None: the protocol has none). C{respond}
    makes the plain answer to such a request, or the refusal of a bad one from
    its command, a code and its frame. C{granted} reads a login's answer from
    the asked version, the answer and its length.
    """

    name: str
    pdus: Mapping[int, type[Pdu]]
    versions: tuple[int, ...]
    logins: frozenset[int]
    terminate: type[Pdu] | None
    keepalive: type[Pdu] | None
    respond: Callable[[int, int, bytes], Pdu | None]
    granted: Callable[[int, Pdu, int], Grant]
    second_login: int
    bad_body: int
    bad_command: int = 0
    not_bound: int = 0
    header: Struct = HEADER
    limit: int = 4096
    response: int = 0x80000000
    last_sequence: int = 0xFFFFFFFF

    def head(self, frame: bytes) -> tuple[int, int]:
        """
        Command and sequence of a whole frame.
        """
        _, command, sequence = self.header.unpack_from(frame)
        return command, sequence

    def read(self, cls: type[Pdu], frame: bytes, version: int) -> Pdu:
        """
        The PDU of a frame whose command is known, or L{WireError}.
        """
        pdu: Pdu = cls.codecs[version].decode(frame)
        return pdu

    def encode(self, pdu: Pdu, version: int, sequence: int) -> bytes:
        """
        A whole frame.
        """
        body = pdu.codecs[version].encode(pdu)
        length = self.header.size + len(body)
        return self.header.pack(length, pdu.command, sequence) + body

    def decode(self, frame: bytes, version: int) -> Pdu:
        """
        The PDU of a whole frame, or L{WireError}.
        """
        if len(frame) < self.header.size:
            raise WireError(f"{len(frame)} octets are no header")
        length: int = _LENGTH.unpack_from(frame)[0]
        command, _ = self.head(frame)
        if length != len(frame):
            raise WireError(f"length {length} of {len(frame)} octets")
        cls = self.pdus.get(command)
        if cls is None:
            raise WireError(f"unknown command {command:#010x}")
        return self.read(cls, frame, version)

    def cut(self, buffer: bytes, at: int) -> int:
        """
        Where the frame that starts at C{at} ends; 0 while it is incomplete.

        The length is checked before its octets are waited for.
        """
        if len(buffer) - at < 4:
            return 0
        length: int = _LENGTH.unpack_from(buffer, at)[0]
        if not self.header.size <= length <= self.limit:
            raise WireError(f"impossible length {length}")
        end = at + length
        return end if end <= len(buffer) else 0
