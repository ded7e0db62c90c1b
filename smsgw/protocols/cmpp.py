"""
CMPP 2.0, 2.1 and 3.0: the PDUs of the SP-ISMG interface and of FWD.

Field comments are in the standard; C{cmpp.md} section 6 has the same rows.
"""

from smsgw.protocols.wire import Pdu, counted, octets, pdu, repeated, text, uint

__all__ = [
    "PDUS",
    "V20",
    "V21",
    "V30",
    "VERSIONS",
    "ActiveTest",
    "ActiveTestResp",
    "Cancel",
    "CancelResp",
    "Connect",
    "ConnectResp",
    "Deliver",
    "DeliverResp",
    "Forward",
    "ForwardResp",
    "Query",
    "QueryResp",
    "Report",
    "Submit",
    "SubmitResp",
    "Terminate",
    "TerminateResp",
]

V20, V21, V30 = 0x20, 0x21, 0x30
VERSIONS = (V20, V21, V30)
NUMBER = {V20: 21, V30: 32}
STATUS = {V20: 1, V30: 4}


@pdu(0x00000001, "CMPP_CONNECT", VERSIONS)
class Connect(Pdu):
    """
    Log in; the same in all versions.
    """

    source_addr: str = text(6, "Source_Addr")
    authenticator_source: bytes = octets(16, "AuthenticatorSource")
    version: int = uint(1, "Version")
    timestamp: int = uint(4, "Timestamp")


@pdu(0x80000001, "CMPP_CONNECT_RESP", VERSIONS)
class ConnectResp(Pdu):
    """
    The gateway's answer, read by its length: 30 octets 2.x, 33 octets 3.0.
    """

    status: int = uint(STATUS, "Status")
    authenticator_ismg: bytes = octets(16, "AuthenticatorISMG", default=bytes(16))
    version: int = uint(1, "Version")


@pdu(0x00000002, "CMPP_TERMINATE", VERSIONS)
class Terminate(Pdu):
    """
    End of the application connection.
    """


@pdu(0x80000002, "CMPP_TERMINATE_RESP", VERSIONS)
class TerminateResp(Pdu):
    """
    After it both sides close.
    """


@pdu(0x00000004, "CMPP_SUBMIT", VERSIONS)
class Submit(Pdu):
    """
    A message to phones (MT).
    """

    msg_id: int = uint(8, "Msg_Id", default=0)
    pk_total: int = uint(1, "Pk_total", default=1)
    pk_number: int = uint(1, "Pk_number", default=1)
    registered_delivery: int = uint(1, "Registered_Delivery", default=1)
    msg_level: int = uint(1, "Msg_level", default=0)
    service_id: str = text(10, "Service_Id", default="")
    fee_user_type: int = uint(1, "Fee_UserType", default=2)
    fee_terminal_id: str = text(NUMBER, "Fee_terminal_Id", default="")
    fee_terminal_type: int = uint(1, "Fee_terminal_type", default=0, since=V30)
    tp_pid: int = uint(1, "TP_pId", default=0)
    tp_udhi: int = uint(1, "TP_udhi", default=0)
    msg_fmt: int = uint(1, "Msg_Fmt", default=8)
    msg_src: str = text(6, "Msg_src")
    fee_type: str = text(2, "FeeType", default="01")
    fee_code: str = text(6, "FeeCode", default="000000")
    valid_time: str = text(17, "ValId_Time", default="")
    at_time: str = text(17, "At_Time", default="")
    src_id: str = text(21, "Src_Id")
    dest_terminal_id: tuple[str, ...] = repeated(
        1, "DestUsr_tl", text(NUMBER, "Dest_terminal_Id")
    )
    dest_terminal_type: int = uint(1, "Dest_terminal_type", default=0, since=V30)
    msg_content: bytes = counted(1, "Msg_Length", "Msg_Content")
    reserve: str = text(8, "Reserve", default="", until=V21)
    link_id: str = text(20, "LinkID", default="", since=V30)


@pdu(0x80000004, "CMPP_SUBMIT_RESP", VERSIONS)
class SubmitResp(Pdu):
    """
    Taken under C{msg_id}, or refused.
    """

    msg_id: int = uint(8, "Msg_Id")
    result: int = uint(STATUS, "Result", default=0)


@pdu(0x00000005, "CMPP_DELIVER", VERSIONS)
class Deliver(Pdu):
    """
    A message from a phone (MO), or a status report.
    """

    msg_id: int = uint(8, "Msg_Id")
    dest_id: str = text(21, "Dest_Id")
    service_id: str = text(10, "Service_Id", default="")
    tp_pid: int = uint(1, "TP_pid", default=0)
    tp_udhi: int = uint(1, "TP_udhi", default=0)
    msg_fmt: int = uint(1, "Msg_Fmt", default=0)
    src_terminal_id: str = text(NUMBER, "Src_terminal_Id")
    src_terminal_type: int = uint(1, "Src_terminal_type", default=0, since=V30)
    registered_delivery: int = uint(1, "Registered_Delivery", default=0)
    msg_content: bytes = counted(1, "Msg_Length", "Msg_Content")
    reserved: str = text(8, "Reserved", default="", until=V21, loose=True)
    link_id: str = text(20, "LinkID", default="", since=V30, loose=True)


@pdu(0, "report", VERSIONS, header=0)
class Report(Pdu):
    """
    The C{Msg_Content} of a status report: 60 octets of 2.x or 71 of 3.0.
    """

    msg_id: int = uint(8, "Msg_Id")
    stat: str = text(7, "Stat")
    submit_time: str = text(10, "Submit_time", default="")
    done_time: str = text(10, "Done_time", default="")
    dest_terminal_id: str = text(NUMBER, "Dest_terminal_Id")
    smsc_sequence: int = uint(4, "SMSC_sequence", default=0)


@pdu(0x80000005, "CMPP_DELIVER_RESP", VERSIONS)
class DeliverResp(Pdu):
    """
    C{msg_id} is the DELIVER's, never the one inside a report.
    """

    msg_id: int = uint(8, "Msg_Id")
    result: int = uint(STATUS, "Result", default=0)


@pdu(0x00000006, "CMPP_QUERY", VERSIONS)
class Query(Pdu):
    """
    Ask for the traffic counters of a day.
    """

    time: str = text(8, "Time")
    query_type: int = uint(1, "Query_Type", default=0)
    query_code: str = text(10, "Query_Code", default="")
    reserve: str = text(8, "Reserve", default="")


@pdu(0x80000006, "CMPP_QUERY_RESP", VERSIONS)
class QueryResp(Pdu):
    """
    The counters of a day.
    """

    time: str = text(8, "Time")
    query_type: int = uint(1, "Query_Type", default=0)
    query_code: str = text(10, "Query_Code", default="")
    mt_tlmsg: int = uint(4, "MT_TLMsg", default=0)
    mt_tlusr: int = uint(4, "MT_Tlusr", default=0)
    mt_scs: int = uint(4, "MT_Scs", default=0)
    mt_wt: int = uint(4, "MT_WT", default=0)
    mt_fl: int = uint(4, "MT_FL", default=0)
    mo_scs: int = uint(4, "MO_Scs", default=0)
    mo_wt: int = uint(4, "MO_WT", default=0)
    mo_fl: int = uint(4, "MO_FL", default=0)


@pdu(0x00000007, "CMPP_CANCEL", VERSIONS)
class Cancel(Pdu):
    """
    Take a message back.
    """

    msg_id: int = uint(8, "Msg_Id")


@pdu(0x80000007, "CMPP_CANCEL_RESP", VERSIONS)
class CancelResp(Pdu):
    """
    0 deleted, 1 failed.
    """

    success_id: int = uint(STATUS, "Success_Id")


@pdu(0x00000008, "CMPP_ACTIVE_TEST", VERSIONS)
class ActiveTest(Pdu):
    """
    Are you there?
    """


@pdu(0x80000008, "CMPP_ACTIVE_TEST_RESP", VERSIONS)
class ActiveTestResp(Pdu):
    """
    Yes; the octet is missing from careless peers.
    """

    reserved: int = uint(1, "Reserved", default=0, loose=True)


@pdu(0x00000009, "CMPP_FWD", VERSIONS)
class Forward(Pdu):
    """
    Gateway to gateway; never on an SP's link, here for the packet reader.
    """

    source_id: str = text(6, "Source_Id")
    destination_id: str = text(6, "Destination_Id")
    nodes_count: int = uint(1, "NodesCount", default=0)
    msg_fwd_type: int = uint(1, "Msg_Fwd_Type", default=0)
    msg_id: int = uint(8, "Msg_Id", default=0)
    pk_total: int = uint(1, "Pk_total", default=1)
    pk_number: int = uint(1, "Pk_number", default=1)
    registered_delivery: int = uint(1, "Registered_Delivery", default=0)
    msg_level: int = uint(1, "Msg_level", default=0)
    service_id: str = text(10, "Service_Id", default="")
    fee_user_type: int = uint(1, "Fee_UserType", default=0)
    fee_terminal_id: str = text(21, "Fee_terminal_Id", default="")
    fee_terminal_pseudo: str = text(32, "Fee_terminal_Pseudo", default="", since=V30)
    fee_terminal_user_type: int = uint(1, "Fee_terminal_UserType", default=0, since=V30)
    tp_pid: int = uint(1, "TP_pid", default=0)
    tp_udhi: int = uint(1, "TP_udhi", default=0)
    msg_fmt: int = uint(1, "Msg_Fmt", default=0)
    msg_src: str = text(6, "Msg_src", default="")
    fee_type: str = text(2, "FeeType", default="")
    fee_code: str = text(6, "FeeCode", default="")
    valid_time: str = text(17, "Valid_Time", default="")
    at_time: str = text(17, "At_Time", default="")
    src_id: str = text(21, "Src_Id")
    src_pseudo: str = text(32, "Src_Pseudo", default="", since=V30)
    src_user_type: int = uint(1, "Src_UserType", default=0, since=V30)
    src_type: int = uint(1, "Src_type", default=0, since=V30)
    dest_id: tuple[str, ...] = repeated(1, "DestUsr_tl", text(21, "Dest_Id"))
    dest_pseudo: str = text(32, "Dest_Pseudo", default="", since=V30)
    dest_user_type: int = uint(1, "Dest_UserType", default=0, since=V30)
    msg_content: bytes = counted(1, "Msg_Length", "Msg_Content")
    reserve: str = text(8, "Reserve", default="", until=V21)
    link_id: str = text(20, "LinkID", default="", since=V30)


@pdu(0x80000009, "CMPP_FWD_RESP", VERSIONS)
class ForwardResp(Pdu):
    """
    Gateway to gateway.
    """

    msg_id: int = uint(8, "Msg_Id")
    pk_total: int = uint(1, "Pk_total", default=1)
    pk_number: int = uint(1, "Pk_number", default=1)
    result: int = uint(STATUS, "Result", default=0)


PDUS: dict[int, type[Pdu]] = {
    cls.command: cls
    for cls in (
        Connect,
        ConnectResp,
        Terminate,
        TerminateResp,
        Submit,
        SubmitResp,
        Deliver,
        DeliverResp,
        Query,
        QueryResp,
        Cancel,
        CancelResp,
        ActiveTest,
        ActiveTestResp,
        Forward,
        ForwardResp,
    )
}
