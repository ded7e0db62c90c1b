"""
SGIP for a session: its header of 20 octets, its answers; it has no keepalive.
"""

from collections.abc import Callable, Mapping
from struct import Struct
from types import MappingProxyType

from smsgw.protocols.protocol import Grant, Protocol
from smsgw.protocols.rows import Pdu, WireError
from smsgw.protocols.sgip import (
    NODE,
    PDUS,
    VERSIONS,
    Bind,
    BindResp,
    CheckUser,
    CheckUserResp,
    Deliver,
    DeliverResp,
    Report,
    ReportResp,
    Submit,
    SubmitResp,
    Trace,
    TraceResp,
    Unbind,
    UnbindResp,
    UserRpt,
    UserRptResp,
)

__all__ = ["BAD_COMMAND", "BAD_FORMAT", "LAST_SEQUENCE", "SGIP", "respond"]

BAD_LOGIN, SECOND_LOGIN, BAD_FORMAT, BAD_COMMAND = 1, 2, 5, 7
LAST_SEQUENCE = (1 << 96) - 1
HEADER = Struct(">II12s")
COUNTED = HEADER.size + 1
_LAYOUT: Mapping[int, int] = MappingProxyType({size: v for v, size in NODE.items()})


class _Sgip(Protocol):
    """
    Sequences are 12 octets, taken as one number: a message's id.
    """

    def head(self, frame: bytes) -> tuple[int, int]:
        """
        Command and sequence of a whole frame.
        """
        _, command, sequence = HEADER.unpack_from(frame)
        return command, int.from_bytes(sequence, "big")

    def read(self, cls: type[Pdu], frame: bytes, version: int) -> Pdu:
        """
        A Trace_Resp's layout is told by its length, whatever was agreed on.
        """
        if cls is TraceResp and len(frame) > COUNTED and frame[HEADER.size]:
            size = (len(frame) - COUNTED) // frame[HEADER.size]
            version = _LAYOUT.get(size, version)
        return super().read(cls, frame, version)

    def encode(self, pdu: Pdu, version: int, sequence: int) -> bytes:
        """
        A whole frame.
        """
        body = pdu.codecs[version].encode(pdu)
        if not 0 <= sequence <= LAST_SEQUENCE:
            raise WireError(f"{pdu.title}: a sequence beyond 12 octets")
        number = sequence.to_bytes(12, "big")
        return HEADER.pack(HEADER.size + len(body), pdu.command, number) + body


def granted(asked: int, pdu: Pdu, length: int) -> Grant:
    """
    SGIP does not tell versions: the layout is the contract's.
    """
    assert isinstance(pdu, BindResp)
    return Grant(pdu.result, asked)


_ANSWERS: Mapping[int, Callable[[int], Pdu]] = MappingProxyType(
    {
        Bind.command: lambda code: BindResp(result=code),
        Unbind.command: lambda code: UnbindResp(),
        Submit.command: lambda code: SubmitResp(result=code),
        Deliver.command: lambda code: DeliverResp(result=code),
        Report.command: lambda code: ReportResp(result=code),
        CheckUser.command: lambda code: CheckUserResp(result=code),
        UserRpt.command: lambda code: UserRptResp(result=code),
        Trace.command: lambda code: TraceResp(),
    }
)


def respond(command: int, code: int, frame: bytes = b"") -> Pdu | None:
    """
    The answer that needs no owner: unbind, and refusals.
    """
    answer = _ANSWERS.get(command)
    return answer(code) if answer else None


SGIP = _Sgip(
    name="sgip",
    pdus=PDUS,
    versions=VERSIONS,
    logins=frozenset({Bind.command}),
    terminate=Unbind,
    keepalive=None,
    respond=respond,
    granted=granted,
    second_login=SECOND_LOGIN,
    bad_body=BAD_FORMAT,
    bad_command=BAD_COMMAND,
    not_bound=BAD_LOGIN,
    header=HEADER,
    limit=8192,
    last_sequence=LAST_SEQUENCE,
)
