"""
SGIP 1.2 and 1.3: the PDUs between an SP and an SMG, and CheckUser.

Field comments are in the standard; C{sgip.md} section 5 has the same rows. Only
C{Trace_Resp} has two layouts. C{Reserve} may be missing and octets may follow it.
"""

from smsgw.protocols.wire import Pdu, counted, octets, pdu, repeated, text, uint

__all__ = [
    "PDUS",
    "V12",
    "V13",
    "VERSIONS",
    "Bind",
    "BindResp",
    "CheckUser",
    "CheckUserResp",
    "Deliver",
    "DeliverResp",
    "Report",
    "ReportResp",
    "Submit",
    "SubmitResp",
    "Trace",
    "TraceNode",
    "TraceResp",
    "Unbind",
    "UnbindResp",
    "UserRpt",
    "UserRptResp",
]

V12, V13 = 0x12, 0x13
VERSIONS = (V12, V13)
HEADER_SIZE = 20
NODE = {V12: 47, V13: 51}
NODE_ID = {V12: 6, V13: 10}
NO_NODES: tuple[bytes, ...] = ()


@pdu(0x00000001, "Bind", VERSIONS, HEADER_SIZE)
class Bind(Pdu):
    """
    Ask to come in; C{login_type} says who asks whom.
    """

    login_type: int = uint(1, "LoginType", default=1)
    login_name: str = text(16, "LoginName", default="")
    login_password: str = text(16, "LoginPassword", default="")
    reserve: int = uint(8, "Reserve", default=0, loose=True)


@pdu(0x80000001, "Bind_Resp", VERSIONS, HEADER_SIZE)
class BindResp(Pdu):
    """
    0 welcome, else why not.
    """

    result: int = uint(1, "Result", default=0)
    reserve: int = uint(8, "Reserve", default=0, loose=True)


@pdu(0x00000002, "Unbind", VERSIONS, HEADER_SIZE)
class Unbind(Pdu):
    """
    The client has nothing more to say.
    """


@pdu(0x80000002, "Unbind_Resp", VERSIONS, HEADER_SIZE)
class UnbindResp(Pdu):
    """
    After it both sides close; some write the body of the other answers.
    """


@pdu(0x00000003, "Submit", VERSIONS, HEADER_SIZE)
class Submit(Pdu):
    """
    A message to phones (MT); its id is its sequence.
    """

    sp_number: str = text(21, "SPNumber")
    charge_number: str = text(21, "ChargeNumber", default="0" * 21)
    user_number: tuple[str, ...] = repeated(1, "UserCount", text(21, "UserNumber"))
    corp_id: str = text(5, "CorpId", default="")
    service_type: str = text(10, "ServiceType", default="")
    fee_type: int = uint(1, "FeeType", default=1)
    fee_value: str = text(6, "FeeValue", default="0")
    given_value: str = text(6, "GivenValue", default="0")
    agent_flag: int = uint(1, "AgentFlag", default=0)
    more_late_to_mt_flag: int = uint(1, "MorelatetoMTFlag", default=2)
    priority: int = uint(1, "Priority", default=0)
    expire_time: str = text(16, "ExpireTime", default="")
    schedule_time: str = text(16, "ScheduleTime", default="")
    report_flag: int = uint(1, "ReportFlag", default=1)
    tp_pid: int = uint(1, "TP_pid", default=0)
    tp_udhi: int = uint(1, "TP_udhi", default=0)
    message_coding: int = uint(1, "MessageCoding", default=8)
    message_type: int = uint(1, "MessageType", default=0)
    message_content: bytes = counted(4, "MessageLength", "MessageContent")
    reserve: int = uint(8, "Reserve", default=0, loose=True)


@pdu(0x80000003, "Submit_Resp", VERSIONS, HEADER_SIZE)
class SubmitResp(Pdu):
    """
    Taken, or refused.
    """

    result: int = uint(1, "Result", default=0)
    reserve: int = uint(8, "Reserve", default=0, loose=True)


@pdu(0x00000004, "Deliver", VERSIONS, HEADER_SIZE)
class Deliver(Pdu):
    """
    A message from a phone (MO), never a report; C{reserve} is the LinkID.
    """

    user_number: str = text(21, "UserNumber")
    sp_number: str = text(21, "SPNumber")
    tp_pid: int = uint(1, "TP_pid", default=0)
    tp_udhi: int = uint(1, "TP_udhi", default=0)
    message_coding: int = uint(1, "MessageCoding", default=8)
    message_content: bytes = counted(4, "MessageLength", "MessageContent")
    reserve: int = uint(8, "Reserve", default=0, loose=True)


@pdu(0x80000004, "Deliver_Resp", VERSIONS, HEADER_SIZE)
class DeliverResp(Pdu):
    """
    Kept, or not.
    """

    result: int = uint(1, "Result", default=0)
    reserve: int = uint(8, "Reserve", default=0, loose=True)


@pdu(0x00000005, "Report", VERSIONS, HEADER_SIZE)
class Report(Pdu):
    """
    What became of a Submit for one of its numbers.
    """

    submit_sequence: int = uint(12, "SubmitSequenceNumber")
    report_type: int = uint(1, "ReportType", default=0)
    user_number: str = text(21, "UserNumber")
    state: int = uint(1, "State", default=0)
    error_code: int = uint(1, "ErrorCode", default=0)
    reserve: int = uint(8, "Reserve", default=0, loose=True)


@pdu(0x80000005, "Report_Resp", VERSIONS, HEADER_SIZE)
class ReportResp(Pdu):
    """
    Kept, or not.
    """

    result: int = uint(1, "Result", default=0)
    reserve: int = uint(8, "Reserve", default=0, loose=True)


@pdu(0x00000010, "CheckUser", VERSIONS, HEADER_SIZE)
class CheckUser(Pdu):
    """
    SMG to billing centre; never on an SP's link, here for the packet reader.
    """

    user_name: str = text(16, "UserName", default="")
    password: str = text(16, "Password", default="")
    user_number: str = text(21, "UserNumber")
    reserve: int = uint(8, "Reserve", default=0, loose=True)


@pdu(0x80000010, "CheckUser_Resp", VERSIONS, HEADER_SIZE)
class CheckUserResp(Pdu):
    """
    SMG to billing centre.
    """

    result: int = uint(1, "Result", default=0)
    status: int = uint(1, "Status", default=0)
    reserve: int = uint(8, "Reserve", default=0, loose=True)


@pdu(0x00000011, "UserRpt", VERSIONS, HEADER_SIZE)
class UserRpt(Pdu):
    """
    A phone's contract: 0 cancelled, 1 suspended for arrears, 2 restored.
    """

    sp_number: str = text(21, "SPNumber")
    user_number: str = text(21, "UserNumber")
    user_condition: int = uint(1, "UserCondition", default=0)
    reserve: int = uint(8, "Reserve", default=0, loose=True)


@pdu(0x80000011, "UserRpt_Resp", VERSIONS, HEADER_SIZE)
class UserRptResp(Pdu):
    """
    Kept, or not.
    """

    result: int = uint(1, "Result", default=0)
    reserve: int = uint(8, "Reserve", default=0, loose=True)


@pdu(0x00001000, "Trace", VERSIONS, HEADER_SIZE)
class Trace(Pdu):
    """
    Ask where a Submit is.
    """

    submit_sequence: int = uint(12, "SubmitSequenceNumber")
    user_number: str = text(21, "UserNumber")
    reserve: int = uint(8, "Reserve", default=0, loose=True)


@pdu(0x80001000, "Trace_Resp", VERSIONS, HEADER_SIZE)
class TraceResp(Pdu):
    """
    The way of a Submit; each of C{nodes} holds a L{TraceNode}.
    """

    nodes: tuple[bytes, ...] = repeated(
        1, "Count", octets(NODE, "nodes"), default=NO_NODES
    )


@pdu(0, "node", VERSIONS, header=0)
class TraceNode(Pdu):
    """
    When a node took and passed on a Submit; 0 ok, 1 pending, else an error.
    """

    result: int = uint(1, "Result", default=0)
    node_id: str = text(NODE_ID, "NodeId")
    receive_time: str = text(16, "ReceiveTime", default="")
    send_time: str = text(16, "SendTime", default="")
    reserve: int = uint(8, "Reserve", default=0)


PDUS: dict[int, type[Pdu]] = {
    cls.command: cls
    for cls in (
        Bind,
        BindResp,
        Unbind,
        UnbindResp,
        Submit,
        SubmitResp,
        Deliver,
        DeliverResp,
        Report,
        ReportResp,
        CheckUser,
        CheckUserResp,
        UserRpt,
        UserRptResp,
        Trace,
        TraceResp,
    )
}
