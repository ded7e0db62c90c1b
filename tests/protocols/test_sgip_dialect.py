"""
Neutral values to SGIP's PDUs and back, at both ends.
"""

from typing import Any

import attrs
import pytest

from smsgw.protocols.dialects import Dialect, Host
from smsgw.protocols.events import Answered, Closing, LoginRequested, Received
from smsgw.protocols.neutral import (
    LOGIN_WORDS,
    SUBMIT_WORDS,
    InboundPart,
    Login,
    Outcome,
    OutSegment,
    ReceiptIn,
    Rejected,
    Sent,
    Throttled,
)
from smsgw.protocols.session import Session
from smsgw.protocols.sgip import (
    V12,
    V13,
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
    UserRpt,
    UserRptResp,
)
from smsgw.protocols.sgip_dialect import SgipDialect, SgipSettings
from smsgw.protocols.sgip_rules import SGIP
from smsgw.protocols.sgip_sequence import Nodes, sequence_fields
from tests.support.vectors import vectors_of

AT = 1763775015.0  # 2025-11-22 09:30:15 in China
DAY = 86400.0
SETTINGS = SgipSettings("sp_user", "sp_pass", node=3075561117, service_type="SVC01")
DIALECT = SgipDialect(SETTINGS)
SEGMENT = OutSegment(
    "13012345678",
    "10655012345",
    b"\5\0\3\x5a\3\1text",
    coding=8,
    udhi=True,
    part=1,
    parts=3,
    valid_until=AT + 2 * DAY,
)
ID = "b751569d42e1c7d700000001"
HEX = {v["name"]: bytes.fromhex(v["hex"]) for v in vectors_of("sgip")}


def of(**changed: Any) -> SgipDialect:
    """
    The dialect with other settings.
    """
    return SgipDialect(attrs.evolve(SETTINGS, **changed))


def both_ends(dialect: SgipDialect) -> tuple[Dialect, Host]:
    """
    For mypy: it is what both seams ask for.
    """
    return dialect, dialect


def vector(name: str) -> Any:
    """
    The PDU of a vector.
    """
    return SGIP.decode(HEX[name], V12)


def test_login() -> None:
    """
    A Bind is the vector's, octet by octet; its type is told.
    """
    dialect, host = both_ends(of())
    asked = dialect.login(AT)
    assert dialect.numbers is not None
    frame = SGIP.encode(asked, dialect.version, dialect.numbers())
    assert HEX["sgip_bind_sp_to_smg"] == frame
    assert Login("sp_user", V13, "1") == host.read_login(asked)
    back = of(login_type=2).login(AT)
    assert "2" == host.read_login(back).kind


def test_a_shared_node() -> None:
    """
    Contracts with one node count together when they are told to.
    """
    nodes, first, second = Nodes(lambda: AT), of(), of(login_type=11)
    for dialect in (first, second):
        dialect.numbers = nodes.of(dialect.settings.node)
    made = [first.numbers(), second.numbers(), first.numbers()]
    assert [0, 1, 2] == [sequence_fields(sequence)[2] for sequence in made]


@pytest.mark.parametrize(
    ("name", "payload", "coding"),
    [
        ("sgip_submit_ascii", b"hello", 0),
        ("sgip_submit_ucs2", b"", 8),
        ("sgip_submit_gbk", b"", 15),
        ("sgip_submit_long_1_of_3", b"", 8),
        ("sgip_submit_long_3_of_3", b"", 8),
    ],
)
def test_submit(name: str, payload: bytes, coding: int) -> None:
    """
    What the vector says is read, and written again octet by octet.
    """
    pdu = vector(name)
    (segment,) = DIALECT.read_submit(pdu) or ()
    assert coding == segment.coding
    assert payload in segment.payload
    assert ("13012345678", "10655012345") == (segment.to, segment.src)
    assert pdu == DIALECT.submit(segment)


def test_a_part_has_its_place() -> None:
    """
    A part's place is the one in its header.
    """
    told = []
    for index in (1, 2, 3):
        (read,) = DIALECT.read_submit(vector(f"sgip_submit_long_{index}_of_3")) or ()
        told.append((read.part, read.parts, read.udhi))
    assert [(1, 3, True), (2, 3, True), (3, 3, True)] == told


def test_submit_and_read_it() -> None:
    """
    What one end submits the other reads, through the octets.
    """
    frame = SGIP.encode(DIALECT.submit(SEGMENT), V12, 1)
    read = DIALECT.read_submit(SGIP.decode(frame, V12))
    assert [attrs.evolve(SEGMENT, service="SVC01")] == read


def test_two_numbers_and_times() -> None:
    """
    Several numbers are read, with the times that were asked for.
    """
    first, second = DIALECT.read_submit(vector("sgip_submit_times")) or ()
    assert ["13012345678", "13012345679"] == [first.to, second.to]
    assert AT + 2 * DAY == first.valid_until
    assert 1763776800.0 == second.at_time


def test_contract_fields() -> None:
    """
    A contract's fields go where they belong; a reply has its LinkID.
    """
    dialect = of(
        charge_number="8613012345678",
        fee_type=2,
        fee_value="100",
        more_late_to_mt_flag=0,
        link_id="4c494e4b30303031",
    )
    pdu = vector("sgip_submit_mo_reply_linkid")
    (segment,) = dialect.read_submit(pdu) or ()
    assert pdu == dialect.submit(segment)
    other = of(corp_id="00007", number_prefix="", priority=9, silent_flag=0)
    made = other.submit(attrs.evolve(SEGMENT, registered=False))
    assert ("00007", ("13012345678",), 9, 0) == (
        made.corp_id,
        made.user_number,
        made.priority,
        made.report_flag,
    )


@pytest.mark.parametrize(
    ("flag", "registered"), [(0, True), (1, True), (2, False), (9, True)]
)
def test_report_flag(flag: int, registered: bool) -> None:
    """
    Only 2 asks for no report.
    """
    pdu = DIALECT.submit(SEGMENT)
    pdu.report_flag = flag
    (read,) = DIALECT.read_submit(pdu) or ()
    assert registered is read.registered
    quiet = DIALECT.submit(attrs.evolve(SEGMENT, registered=False))
    assert 2 == quiet.report_flag


@pytest.mark.parametrize(
    ("version", "count", "flag", "result"),
    [(V12, 0, 1, 5), (V12, 3, 1, 5), (V13, 3, 1, 19), (V12, 1, 3, 5)],
)
def test_nothing_to_send(version: int, count: int, flag: int, result: int) -> None:
    """
    No number, too many, or a record of a fee: nothing is read, all is answered.
    """
    host = of(version=version, most_receivers=2)
    pdu = host.submit(SEGMENT)
    pdu.user_number, pdu.report_flag = ("8613012345678",) * count, flag
    assert [] == host.read_submit(pdu)
    assert SubmitResp(result=result) == host.answer_other(pdu)


@pytest.mark.parametrize(
    ("result", "again", "expected"),
    [
        (0, False, Sent(ID)),
        (11, False, Throttled(1.0, "11")),
        (33, False, Throttled(1.0, "33")),
        (88, False, Throttled(1.0, "88")),
        (6, False, Rejected("6", "permanent")),
        (50, False, Rejected("50", "content")),
        (182, False, Rejected("182", "quota")),
        (9, True, Sent(ID)),
        (9, False, Rejected("9", "permanent")),
        (200, False, Rejected("200", "permanent")),
    ],
)
def test_outcome(result: int, again: bool, expected: Outcome) -> None:
    """
    An answer is taken under the Submit's sequence, refused, or too fast.
    """
    answer = SubmitResp(result=result)
    assert expected == DIALECT.outcome(answer, int(ID, 16), again)


@pytest.mark.parametrize(
    ("name", "counter", "code", "state"),
    [
        ("sgip_report_delivered", 1, "DELIVRD", "delivered"),
        ("sgip_report_waiting", 1, "ACCEPTD", "pending"),
        ("sgip_report_failed_unknown_user", 2, "IB:0029", "undelivered"),
        ("sgip_report_failed_blacklist_69", 3, "IB:0069", "undelivered"),
        ("sgip_report_second_user_no_prefix", 5, "DELIVRD", "delivered"),
    ],
)
def test_reports(name: str, counter: int, code: str, state: str) -> None:
    """
    A Report names the Submit, the number without 86, its state and code.
    """
    _, sequence = SGIP.head(HEX[name])
    read = DIALECT.read(vector(name), sequence)
    number = "13012345679" if counter == 5 else "13012345678"
    carrier_id = f"{ID[:-1]}{counter}"
    expected = ReceiptIn(
        carrier_id, state, code, number, delivery_id=f"{sequence:024x}"
    )
    assert expected == read
    if counter != 5:
        assert vector(name) == DIALECT.deliver_receipt(expected, "")


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("delivered", (0, 0)),
        ("undelivered", (2, 0)),
        ("expired", (2, 61)),
        ("unknown", (2, 55)),
        ("rejected", (2, 76)),
        ("canceled", (2, 0)),
        ("pending", (1, 0)),
    ],
)
def test_receipt_without_a_code(state: str, told: tuple[int, int]) -> None:
    """
    A receipt whose code is none of SGIP's is told as its state's.
    """
    for code in ("", "MK:0001"):
        receipt = ReceiptIn(ID, state, code, "13800138000")
        pdu = DIALECT.deliver_receipt(receipt, "1")
        assert told == (pdu.state, pdu.error_code)
        assert "8613800138000" == pdu.user_number


@pytest.mark.parametrize("indicator", [0, 1, 0x40])
@pytest.mark.parametrize("number", ["13800138000", "10655012345"])
def test_inbound(indicator: int, number: str) -> None:
    """
    A phone's part goes through both ends; its id is its sequence.
    """
    part = InboundPart(
        number, "10659", b"\5\0\3\1\2\1hi", 8, indicator != 0, f"{9:024x}"
    )
    pdu = DIALECT.deliver_inbound(part, "ignored", indicator)
    read = SGIP.decode(SGIP.encode(pdu, V12, 9), V12)
    assert part == DIALECT.read(read, 9)


def test_inbound_vectors() -> None:
    """
    Messages of phones are read.
    """
    told = DIALECT.read(vector("sgip_deliver_mo_gbk"), 7)
    assert isinstance(told, InboundPart)
    assert ("13012345678", "106550123450001", 15, False) == (
        told.number,
        told.access_number,
        told.coding,
        told.udhi,
    )
    assert "退订TD" == told.payload.decode("gb18030")
    long = DIALECT.read(vector("sgip_deliver_mo_long_1_of_2"), 9)
    assert isinstance(long, InboundPart)
    assert long.udhi


def test_acknowledge() -> None:
    """
    What a carrier asks is answered with yes, what it should not ask refused.
    """
    user = UserRpt(sp_number="1065", user_number="", user_condition=0)
    assert DeliverResp() == DIALECT.acknowledge(vector("sgip_deliver_mo_gbk"))
    assert ReportResp() == DIALECT.acknowledge(vector("sgip_report_waiting"))
    assert UserRptResp() == DIALECT.acknowledge(user)
    assert DIALECT.read(user, 1) is None
    assert SubmitResp(result=7) == DIALECT.acknowledge(vector("sgip_submit_ascii"))
    assert DIALECT.acknowledge(SubmitResp()) is None


@pytest.mark.parametrize("word", LOGIN_WORDS)
def test_login_words(word: str) -> None:
    """
    Every word has a code.
    """
    answer, layout, code = DIALECT.admit(DIALECT.login(AT), word, "", V12)
    assert code == answer.result > 0
    assert V12 == layout


def test_login_let_in() -> None:
    """
    The one who knows the password comes in.
    """
    asked = DIALECT.login(AT)
    assert DIALECT.proves(asked, "sp_pass")
    assert not DIALECT.proves(asked, "sp_pas")
    assert not DIALECT.proves(Unbind(), "sp_pass")
    assert (BindResp(), V13, 0) == DIALECT.admit(asked, "", "sp_pass", V13)


@pytest.mark.parametrize("word", SUBMIT_WORDS)
def test_submit_words(word: str) -> None:
    """
    Every word refuses, and too fast asks for another try.
    """
    answer = DIALECT.submitted(Unbind(), ID, word)
    outcome = DIALECT.outcome(answer, 1)
    slower = word in ("throttled", "busy")
    assert isinstance(outcome, Throttled if slower else Rejected)


def test_submitted() -> None:
    """
    A taken Submit has its sequence as id; raw codes refuse as well.
    """
    assert ID == DIALECT.new_id(AT, 1, 7, int(ID, 16))
    assert SubmitResp() == DIALECT.submitted(Unbind(), ID)
    assert 63 == DIALECT.submitted(Unbind(), ID, code=63).result
    assert 63 == DIALECT.submitted(Unbind(), ID, "throttled", 63).result
    assert 33 == of(throttled_code=33).submitted(Unbind(), ID, "throttled").result


def test_other_requests() -> None:
    """
    What is no submit has its plain answer; the wrong direction is refused.
    """
    trace = Trace(submit_sequence=1, user_number="")
    assert DIALECT.read_submit(trace) is None
    assert TraceResp() == DIALECT.answer_other(trace)
    check = CheckUser(user_number="")
    assert CheckUserResp(result=7) == DIALECT.answer_other(check)
    deliver = vector("sgip_deliver_mo_gbk")
    assert isinstance(deliver, Deliver)
    assert DeliverResp(result=7) == DIALECT.answer_other(deliver)
    report = Report(submit_sequence=1, user_number="")
    assert ReportResp(result=7) == DIALECT.answer_other(report)
    assert DIALECT.answer_other(SubmitResp()) is None


def test_delivered() -> None:
    """
    Only Result 0 is a yes.
    """
    assert DIALECT.delivered(DeliverResp())
    assert DIALECT.delivered(ReportResp())
    assert not DIALECT.delivered(ReportResp(result=5))
    assert not DIALECT.delivered(SubmitResp())


def joined(
    client: SgipDialect, server: SgipDialect, node: int
) -> tuple[Session, Session]:
    """
    Two sessions, the first one let in by the second.
    """
    here = Session(SGIP, client.version, numbers=client.numbers)
    there = Session(SGIP, V13, numbers=Nodes(lambda: AT).of(node))
    here.open(0.0)
    there.open(0.0)
    here.login(client.login(AT), 0.0)
    (asked,) = there.receive_data(here.data_to_send(), 0.0)
    assert isinstance(asked, LoginRequested)
    answer, layout, _ = server.admit(asked.pdu, "", "sp_pass", V12)
    there.accept_login(asked.sequence, answer, layout, 0.0)
    here.receive_data(there.data_to_send(), 0.0)
    assert ("bound", "bound") == (here.state, there.state)
    return here, there


def test_a_conversation_in_two_directions() -> None:
    """
    A Submit on our connection, its Report and an Unbind on the carrier's.
    """
    sp, smg = of(), of(node=107551, login_type=2, login_name="", secret="")
    client, server = joined(sp, smg, 107551)
    sequence = client.ask(sp.submit(SEGMENT), 0.0, "token")
    assert int(ID, 16) == sequence
    (got,) = server.receive_data(client.data_to_send(), 0.0)
    assert isinstance(got, Received)
    assert isinstance(got.pdu, Submit)
    carrier_id = smg.new_id(AT, 1, 1, got.sequence)
    server.answer(got.sequence, smg.submitted(got.pdu, carrier_id))
    (answered,) = client.receive_data(server.data_to_send(), 0.0)
    assert isinstance(answered, Answered)
    assert answered.pdu is not None
    assert Sent(ID) == sp.outcome(answered.pdu, answered.sequence)
    carrier, listener = joined(smg, sp, 3075561117)
    receipt = ReceiptIn(carrier_id, "delivered", "", "13012345678")
    carrier.ask(smg.deliver_receipt(receipt, ""), 0.0, "report")
    (told,) = listener.receive_data(carrier.data_to_send(), 0.0)
    assert isinstance(told, Received)
    read = sp.read(told.pdu, told.sequence)
    expected = attrs.evolve(
        receipt, code="DELIVRD", delivery_id="0001a41f42e1c7d700000001"
    )
    assert expected == read
    answer = sp.acknowledge(told.pdu)
    assert answer is not None
    listener.answer(told.sequence, answer)
    (kept,) = carrier.receive_data(listener.data_to_send(), 0.0)
    assert isinstance(kept, Answered)
    assert kept.pdu is not None
    assert smg.delivered(kept.pdu)
    carrier.terminate(1.0)
    listener.receive_data(carrier.data_to_send(), 1.0)
    ended = carrier.receive_data(listener.data_to_send(), 1.0)
    assert [Closing("terminated")] == ended
