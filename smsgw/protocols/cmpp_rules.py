"""
CMPP for a session: which commands carry it and how a login's answer is read.
"""

from smsgw.protocols.cmpp import (
    PDUS,
    V20,
    V21,
    V30,
    VERSIONS,
    ActiveTest,
    ActiveTestResp,
    CancelResp,
    Connect,
    ConnectResp,
    DeliverResp,
    ForwardResp,
    QueryResp,
    SubmitResp,
    Terminate,
    TerminateResp,
)
from smsgw.protocols.protocol import Grant, Protocol
from smsgw.protocols.rows import Pdu

__all__ = ["CMPP", "layout"]

V30_CONNECT_RESP = 33


def layout(version: int) -> int:
    """
    The body layout behind a Version octet; 0 for one that no table knows.

    0x00 and 0x01 are 2.x logins of gateways with separate MT and MO links.
    """
    if version in (0x00, 0x01):
        return V20
    return version if version in VERSIONS else 0


def granted(asked: int, pdu: Pdu, length: int) -> Grant:
    """
    The answer's length tells its layout, whatever was asked (section 2.3).
    """
    assert isinstance(pdu, ConnectResp)
    if pdu.status:
        return Grant(pdu.status, pdu.version)
    if length == V30_CONNECT_RESP:
        return Grant(0, V30)
    v21 = asked == V21 or (asked > V21 and pdu.version == V21)
    return Grant(0, V21 if v21 else V20)


def respond(command: int, code: int, frame: bytes) -> Pdu | None:
    """
    The answer that needs no owner: keepalive, terminate, and refusals.
    """
    msg_id = int.from_bytes(frame[12:20], "big")
    if command == ActiveTest.command:
        return ActiveTestResp()
    if command == Terminate.command:
        return TerminateResp()
    return _refusal(command, code, msg_id)


def _refusal(command: int, code: int, msg_id: int) -> Pdu | None:
    match command:
        case 0x00000001:
            return ConnectResp(status=code, version=V30)
        case 0x00000004:
            return SubmitResp(msg_id=0, result=code)
        case 0x00000005:
            return DeliverResp(msg_id=msg_id, result=code)
        case 0x00000006:
            return QueryResp(time="")
        case 0x00000007:
            return CancelResp(success_id=1)
        case 0x00000009:
            return ForwardResp(msg_id=msg_id, result=code)
    return None


CMPP = Protocol(
    name="cmpp",
    pdus=PDUS,
    versions=VERSIONS,
    logins=frozenset({Connect.command}),
    terminate=Terminate,
    keepalive=ActiveTest,
    respond=respond,
    granted=granted,
    second_login=5,
    bad_body=4,
)
