"""
SMGP 3.0, with 1.3, 2.0 and 3.1: the PDUs of the SP-SMGW interface and of Forward.

Field comments are in the standard; C{smgp.md} section 4 has the same rows.
"""

from collections.abc import Mapping
from types import MappingProxyType

from smsgw.protocols.wire import (
    Pdu,
    counted,
    octets,
    pdu,
    repeated,
    text,
    tlvs,
    uint,
)

__all__ = [
    "PDUS",
    "TAGS",
    "V13",
    "V20",
    "V30",
    "V31",
    "VERSIONS",
    "ActiveTest",
    "ActiveTestResp",
    "Deliver",
    "DeliverResp",
    "Exit",
    "ExitResp",
    "Forward",
    "ForwardResp",
    "Login",
    "LoginResp",
    "Query",
    "QueryResp",
    "Submit",
    "SubmitResp",
]

V13, V20, V30, V31 = 0x13, 0x20, 0x30, 0x31
VERSIONS = (V13, V20, V30, V31)
NOTHING: Mapping[int, bytes] = MappingProxyType({})
TAGS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        0x0001: ("TP_pid", "uint"),
        0x0002: ("TP_udhi", "uint"),
        0x0003: ("LinkID", "text"),
        0x0004: ("ChargeUserType", "uint"),
        0x0005: ("ChargeTermType", "uint"),
        0x0006: ("ChargeTermPseudo", "text"),
        0x0007: ("DestTermType", "uint"),
        0x0008: ("DestTermPseudo", "text"),
        0x0009: ("PkTotal", "uint"),
        0x000A: ("PkNumber", "uint"),
        0x000B: ("SubmitMsgType", "uint"),
        0x000C: ("SPDealResult", "uint"),
        0x000D: ("SrcTermType", "uint"),
        0x000E: ("SrcTermPseudo", "text"),
        0x000F: ("NodesCount", "uint"),
        0x0010: ("MsgSrc", "text"),
        0x0011: ("SrcType", "uint"),
        0x0012: ("MServiceID", "text"),
    }
)


@pdu(0x00000001, "Login", VERSIONS)
class Login(Pdu):
    """
    Ask to come in; the same in all versions.
    """

    client_id: str = text(8, "ClientID")
    authenticator_client: bytes = octets(16, "AuthenticatorClient")
    login_mode: int = uint(1, "LoginMode", default=2)
    timestamp: int = uint(4, "TimeStamp")
    client_version: int = uint(1, "ClientVersion", default=V30)


@pdu(0x80000001, "Login_Resp", VERSIONS)
class LoginResp(Pdu):
    """
    Welcome, or why not; C{server_version} is the highest the server speaks.
    """

    status: int = uint(4, "Status", default=0)
    authenticator_server: bytes = octets(16, "AuthenticatorServer", default=bytes(16))
    server_version: int = uint(1, "ServerVersion", default=V30, loose=True)


@pdu(0x00000002, "Submit", VERSIONS)
class Submit(Pdu):
    """
    A message to phones (MT); 1.3 has no C{fixed_fee}.
    """

    msg_type: int = uint(1, "MsgType", default=6)
    need_report: int = uint(1, "NeedReport", default=1)
    priority: int = uint(1, "Priority", default=1)
    service_id: str = text(10, "ServiceID", default="")
    fee_type: str = text(2, "FeeType", default="00")
    fee_code: str = text(6, "FeeCode", default="0")
    fixed_fee: str = text(6, "FixedFee", default="", since=V20)
    msg_format: int = uint(1, "MsgFormat", default=8)
    valid_time: str = text(17, "ValidTime", default="")
    at_time: str = text(17, "AtTime", default="")
    src_term_id: str = text(21, "SrcTermID")
    charge_term_id: str = text(21, "ChargeTermID", default="")
    dest_term_id: tuple[str, ...] = repeated(
        1, "DestTermIDCount", text(21, "DestTermID")
    )
    msg_content: bytes = counted(1, "MsgLength", "MsgContent")
    reserve: bytes = octets(8, "Reserve", default=bytes(8))
    tlvs: Mapping[int, bytes] = tlvs(TAGS, "tlvs", default=NOTHING, loose=True)


@pdu(0x80000002, "Submit_Resp", VERSIONS)
class SubmitResp(Pdu):
    """
    Taken under C{msg_id}, or refused; then the id says nothing.
    """

    msg_id: bytes = octets(10, "MsgID", default=bytes(10))
    status: int = uint(4, "Status", default=0)


@pdu(0x00000003, "Deliver", VERSIONS)
class Deliver(Pdu):
    """
    A message from a phone (MO), or a status report.
    """

    msg_id: bytes = octets(10, "MsgID")
    is_report: int = uint(1, "IsReport", default=0)
    msg_format: int = uint(1, "MsgFormat", default=0)
    recv_time: str = text(14, "RecvTime", default="")
    src_term_id: str = text(21, "SrcTermID")
    dest_term_id: str = text(21, "DestTermID")
    msg_content: bytes = counted(1, "MsgLength", "MsgContent")
    reserve: bytes = octets(8, "Reserve", default=bytes(8))
    tlvs: Mapping[int, bytes] = tlvs(TAGS, "tlvs", default=NOTHING, loose=True)


@pdu(0x80000003, "Deliver_Resp", VERSIONS)
class DeliverResp(Pdu):
    """
    C{msg_id} is the Deliver's, never the one inside a report.
    """

    msg_id: bytes = octets(10, "MsgID")
    status: int = uint(4, "Status", default=0)


@pdu(0x00000004, "Active_Test", VERSIONS)
class ActiveTest(Pdu):
    """
    Are you there?
    """


@pdu(0x80000004, "Active_Test_Resp", VERSIONS)
class ActiveTestResp(Pdu):
    """
    Yes; some peers add an octet, which is ignored.
    """


@pdu(0x00000005, "Forward", VERSIONS)
class Forward(Pdu):
    """
    Gateway to gateway; never on an SP's link, here for the packet reader.
    """

    msg_id: bytes = octets(10, "MsgID")
    dest_smgw_no: str = text(6, "DestSMGWNo", default="")
    src_smgw_no: str = text(6, "SrcSMGWNo", default="")
    smc_no: str = text(6, "SMCNo", default="")
    msg_type: int = uint(1, "MsgType", default=6)
    report_flag: int = uint(1, "ReportFlag", default=1)
    priority: int = uint(1, "Priority", default=1)
    service_id: str = text(10, "ServiceID", default="")
    fee_type: str = text(2, "FeeType", default="00")
    fee_code: str = text(6, "FeeCode", default="0")
    fixed_fee: str = text(6, "FixedFee", default="")
    msg_format: int = uint(1, "MsgFormat", default=0)
    valid_time: str = text(17, "ValidTime", default="")
    at_time: str = text(17, "AtTime", default="")
    src_term_id: str = text(21, "SrcTermID")
    dest_term_id: str = text(21, "DestTermID")
    charge_term_id: str = text(21, "ChargeTermID", default="")
    msg_content: bytes = counted(1, "MsgLength", "MsgContent")
    reserve: bytes = octets(8, "Reserve", default=bytes(8))
    tlvs: Mapping[int, bytes] = tlvs(TAGS, "tlvs", default=NOTHING, loose=True)


@pdu(0x80000005, "Forward_Resp", VERSIONS)
class ForwardResp(Pdu):
    """
    Gateway to gateway.
    """

    msg_id: bytes = octets(10, "MsgID")
    status: int = uint(4, "Status", default=0)
    tlvs: Mapping[int, bytes] = tlvs(TAGS, "tlvs", default=NOTHING, loose=True)


@pdu(0x00000006, "Exit", VERSIONS)
class Exit(Pdu):
    """
    End of the connection.
    """


@pdu(0x80000006, "Exit_Resp", VERSIONS)
class ExitResp(Pdu):
    """
    After it both sides close.
    """


@pdu(0x00000007, "Query", VERSIONS)
class Query(Pdu):
    """
    Ask for the traffic counters of a day.
    """

    query_time: str = text(8, "QueryTime")
    query_type: int = uint(1, "QueryType", default=0)
    query_code: str = text(10, "QueryCode", default="")


@pdu(0x80000007, "Query_Resp", VERSIONS)
class QueryResp(Pdu):
    """
    The counters of a day.
    """

    query_time: str = text(8, "QueryTime")
    query_type: int = uint(1, "QueryType", default=0)
    query_code: str = text(10, "QueryCode", default="")
    mt_tlmsg: int = uint(4, "MT_TLMsg", default=0)
    mt_tlusr: int = uint(4, "MT_Tlusr", default=0)
    mt_scs: int = uint(4, "MT_Scs", default=0)
    mt_wt: int = uint(4, "MT_WT", default=0)
    mt_fl: int = uint(4, "MT_FL", default=0)
    mo_scs: int = uint(4, "MO_Scs", default=0)
    mo_wt: int = uint(4, "MO_WT", default=0)
    mo_fl: int = uint(4, "MO_FL", default=0)
    reserve: bytes = octets(8, "Reserve", default=bytes(8))


PDUS: dict[int, type[Pdu]] = {
    cls.command: cls
    for cls in (
        Login,
        LoginResp,
        Submit,
        SubmitResp,
        Deliver,
        DeliverResp,
        ActiveTest,
        ActiveTestResp,
        Forward,
        ForwardResp,
        Exit,
        ExitResp,
        Query,
        QueryResp,
    )
}
