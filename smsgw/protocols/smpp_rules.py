"""
SMPP for a session: a header with the result of answers, bodies that are absent.
"""

from struct import Struct

from smsgw.protocols.protocol import Grant, Protocol
from smsgw.protocols.rows import Pdu, WireError
from smsgw.protocols.smpp import (
    PDUS,
    V33,
    V34,
    VERSIONS,
    BindReceiver,
    BindResp,
    BindTransceiver,
    BindTransmitter,
    EnquireLink,
    GenericNack,
    SmppPdu,
    Unbind,
)

__all__ = [
    "BAD_COMMAND",
    "BAD_LENGTH",
    "SC_INTERFACE_VERSION",
    "SMPP",
    "WRONG_STATE",
    "layout",
    "respond",
]

BAD_LENGTH, BAD_COMMAND, WRONG_STATE, ALREADY_BOUND, SYSTEM_ERROR = 1, 3, 4, 5, 8
SC_INTERFACE_VERSION = 0x0210
RESPONSE = 0x80000000
HEADER = Struct(">IIII")
LARGEST = 0xFFFFFFFF


class _Smpp(Protocol):
    """
    The third number of the header is an answer's result.
    """

    def head(self, frame: bytes) -> tuple[int, int]:
        """
        Command and sequence of a whole frame.
        """
        _, command, _, sequence = HEADER.unpack_from(frame)
        return command, sequence

    def read(self, cls: type[Pdu], frame: bytes, version: int) -> Pdu:
        """
        Who may be sent no TLVs may yet send them.
        """
        return super().read(cls, frame, V34)

    def encode(self, pdu: Pdu, version: int, sequence: int) -> bytes:
        """
        A whole frame.
        """
        assert isinstance(pdu, SmppPdu)
        status = pdu.command_status
        if not (0 <= sequence <= LARGEST and 0 <= status <= LARGEST):
            raise WireError(f"{pdu.title}: a sequence or a status beyond 4 octets")
        body = pdu.codecs[version].encode(pdu)
        return (
            HEADER.pack(HEADER.size + len(body), pdu.command, status, sequence) + body
        )


def layout(version: int) -> int:
    """
    The layout behind an interface_version: up to 3.3 a peer knows no TLVs.
    """
    return max((known for known in VERSIONS if known <= version), default=V33)


def granted(asked: int, pdu: Pdu, length: int) -> Grant:
    """
    The server's version counts if it is lower; most that tell none know TLVs.
    """
    assert isinstance(pdu, SmppPdu)
    if not isinstance(pdu, BindResp):
        return Grant(pdu.command_status or SYSTEM_ERROR, asked)
    told = pdu.tlvs.get(SC_INTERFACE_VERSION, b"")
    version = layout(told[-1]) if told else asked
    return Grant(pdu.command_status, min(asked, version))


def respond(command: int, code: int, frame: bytes = b"") -> Pdu | None:
    """
    The answer that needs no owner: keepalive, unbind, and refusals.
    """
    if command not in PDUS:
        return GenericNack(command_status=code or BAD_COMMAND)
    answer = PDUS.get(command | RESPONSE)
    if command & RESPONSE or answer is None:
        return None  # an answer, an outbind, an alert
    return answer(command_status=code)


SMPP = _Smpp(
    name="smpp",
    pdus=PDUS,
    versions=VERSIONS,
    logins=frozenset(
        {BindTransmitter.command, BindReceiver.command, BindTransceiver.command}
    ),
    terminate=Unbind,
    keepalive=EnquireLink,
    respond=respond,
    granted=granted,
    second_login=ALREADY_BOUND,
    bad_body=BAD_LENGTH,
    bad_command=BAD_COMMAND,
    not_bound=WRONG_STATE,
    header=HEADER,
    limit=70_000,
    last_sequence=0x7FFFFFFF,
)
