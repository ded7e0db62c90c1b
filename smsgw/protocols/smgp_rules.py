"""
SMGP for a session: which commands carry it and how a login's answer is read.
"""

from smsgw.protocols.protocol import Grant, Protocol
from smsgw.protocols.rows import Pdu
from smsgw.protocols.smgp import (
    PDUS,
    V13,
    V20,
    V30,
    VERSIONS,
    ActiveTest,
    ActiveTestResp,
    DeliverResp,
    Exit,
    ExitResp,
    ForwardResp,
    Login,
    LoginResp,
    QueryResp,
    SubmitResp,
)

__all__ = ["BAD_COMMAND", "BAD_STRUCTURE", "SMGP", "layout", "respond"]

BAD_STRUCTURE, BAD_COMMAND = 10, 11
_MAJOR = {1: V13, 2: V20, 3: V30}


def layout(version: int) -> int:
    """
    The body layout behind a version octet; 0 for one that no table knows.

    Within a major version nothing but 1.x's lack of FixedFee is known to differ.
    """
    return version if version in VERSIONS else _MAJOR.get(version >> 4, 0)


def granted(asked: int, pdu: Pdu, length: int) -> Grant:
    """
    A server reads by the version of the login, whatever its own highest is.
    """
    assert isinstance(pdu, LoginResp)
    return Grant(pdu.status, pdu.server_version if pdu.status else asked)


def respond(command: int, code: int, frame: bytes) -> Pdu | None:
    """
    The answer that needs no owner: keepalive, exit, and refusals.
    """
    if command == ActiveTest.command:
        return ActiveTestResp()
    if command == Exit.command:
        return ExitResp()
    return _refusal(command, code, frame[12:22].ljust(10, b"\0"))


def _refusal(command: int, code: int, msg_id: bytes) -> Pdu | None:
    match command:
        case 0x00000001:
            return LoginResp(status=code)
        case 0x00000002:
            return SubmitResp(status=code)
        case 0x00000003:
            return DeliverResp(msg_id=msg_id, status=code)
        case 0x00000005:
            return ForwardResp(msg_id=msg_id, status=code)
        case 0x00000007:
            return QueryResp(query_time="")
    return None


SMGP = Protocol(
    name="smgp",
    pdus=PDUS,
    versions=VERSIONS,
    logins=frozenset({Login.command}),
    terminate=Exit,
    keepalive=ActiveTest,
    respond=respond,
    granted=granted,
    second_login=BAD_COMMAND,
    bad_body=BAD_STRUCTURE,
    bad_command=BAD_COMMAND,
    not_bound=BAD_COMMAND,
    limit=8192,
)
