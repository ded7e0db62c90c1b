"""
Neutral values to SMGP's PDUs and back, at both ends.
"""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from smsgw.protocols.smgp import (
    V13,
    V30,
    ActiveTest,
    Deliver,
    DeliverResp,
    Query,
    QueryResp,
    Submit,
    SubmitResp,
)
from smsgw.protocols.smgp_dialect import SmgpDialect, SmgpSettings
from smsgw.protocols.smgp_rules import SMGP
from smsgw.protocols.smgp_values import FORMS
from tests.support.vectors import vectors_of

NOON = 1767326645.0
SETTINGS = SmgpSettings(
    "333", "0555", service_id="SVC01", msg_src="12345", m_service_id="PROD0001"
)
DIALECT = SmgpDialect(SETTINGS)
SEGMENT = OutSegment(
    "13800138000",
    "10659012345",
    b"\5\0\3\x2e\3\1text",
    coding=8,
    udhi=True,
    part=1,
    parts=3,
    valid_until=NOON,
)
ID = "01006101021204000007"
HEX = {v["name"]: bytes.fromhex(v["hex"]) for v in vectors_of("smgp")}


def of(**changed: object) -> SmgpDialect:
    """
    The dialect with other settings.
    """
    return SmgpDialect(attrs.evolve(SETTINGS, **changed))


def test_login() -> None:
    """
    The version octet may differ from the layout's; the mode is told.
    """
    asked = of(login_mode=1, version_octet=0x33).login(NOON)
    assert 0x33 == asked.client_version
    expected = Login("333", V30, "receiver", asked.authenticator_client)
    assert expected == DIALECT.read_login(asked)
    asked.login_mode = 9
    assert "9" == DIALECT.read_login(asked).kind


def test_submit_and_read_it() -> None:
    """
    What one end submits the other reads, through the octets.
    """
    pdu = DIALECT.submit(SEGMENT)
    told = ["01", "02", "09", "0a", "10", "12"]
    assert told == [f"{tag:02x}" for tag in pdu.tlvs]
    read = SMGP.decode(SMGP.encode(pdu, V30, 1), V30)
    assert [attrs.evolve(SEGMENT, service="SVC01")] == DIALECT.read_submit(read)


@pytest.mark.parametrize(
    ("coding", "text"),
    [(0, b"hello"), (8, "预约".encode("utf-16-be")), (15, "预约".encode("gb18030"))],
)
def test_codings(coding: int, text: bytes) -> None:
    """
    A message of one part has its coding and no place among parts.
    """
    pdu = DIALECT.submit(OutSegment("13800138000", "1065", text, coding))
    assert (coding, text) == (pdu.msg_format, pdu.msg_content)
    assert b"\0" == pdu.tlvs[2]
    assert not {9, 10} & set(pdu.tlvs)
    (read,) = DIALECT.read_submit(pdu)
    assert (1, 1, False) == (read.part, read.parts, read.udhi)


def test_contract_fields() -> None:
    """
    A contract's fields go where they belong, in the order of their tags.
    """
    dialect = of(
        fee_type="02",
        fee_code="000100",
        fixed_fee="500",
        charge_term_id="13800138000",
        charge_user_type=3,
        charge_term_pseudo="abc",
        submit_msg_type=0,
        link_id="LINK0000000000000001",
        number_prefix="86",
        pk_split=False,
        tp_pid=-1,
        msg_src="",
        m_service_id="",
    )
    pdu = dialect.submit(SEGMENT)
    assert ("02", "000100", "500") == (pdu.fee_type, pdu.fee_code, pdu.fixed_fee)
    assert ("8613800138000",) == pdu.dest_term_id
    assert "13800138000" == pdu.charge_term_id
    expected = {2: b"\1", 3: b"LINK0000000000000001", 4: b"\3", 6: b"abc", 11: b"\0"}
    assert list(expected.items()) == list(pdu.tlvs.items())


def test_read_vectors() -> None:
    """
    A part's place is told by TLVs, or by its header; several numbers are read.
    """
    long = SMGP.decode(HEX["smgp_submit_long_2_of_3"], V30)
    assert isinstance(long, Submit)
    long.tlvs = {2: b"\1"}
    (read,) = DIALECT.read_submit(long)
    assert (2, 3, True) == (read.part, read.parts, read.udhi)
    two = DIALECT.read_submit(SMGP.decode(HEX["smgp_submit_two_dest"], V30))
    assert ["13312345678", "18912345678"] == [segment.to for segment in two]
    assert two[0].valid_until > NOON - 366 * 86400


@pytest.mark.parametrize(
    ("status", "again", "table", "expected"),
    [
        (0, False, "standard", Sent(ID)),
        (1, False, "standard", Throttled(1.0, "1")),
        (8, False, "old", Throttled(1.0, "8")),
        (103, False, "vendor", Throttled(1.0, "103")),
        (47, False, "standard", Rejected("47", "permanent")),
        (75, False, "standard", Rejected("75", "quota")),
        (12, True, "standard", Sent("")),
        (12, False, "standard", Rejected("12", "permanent")),
        (12, True, "old", Rejected("12", "config")),
    ],
)
def test_outcome(status: int, again: bool, table: str, expected: Outcome) -> None:
    """
    An answer is taken, refused or too fast, by the channel's table.
    """
    answer = SubmitResp(msg_id=bytes.fromhex(ID), status=status)
    assert expected == of(status_table=table).outcome(answer, 1, again)


def test_outcome_without_id() -> None:
    """
    An id of zeros can match no report.
    """
    assert Sent("") == DIALECT.outcome(SubmitResp(), 1)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("code", ["DELIVRD", "EXPIRED/001", "RT:0148/148"])
def test_receipt(form: str, code: str) -> None:
    """
    A report goes through both ends in any form.
    """
    states = {"DELIVRD": "delivered", "EXPIRED/001": "expired"}
    receipt = ReceiptIn(
        ID,
        states.get(code, "undelivered"),
        code,
        "13800138000",
        "2601021204",
        "2601021205",
        "10659012345",
        "00000000000000000007",
    )
    pdu = of(report_form=form).deliver_receipt(receipt, "7")
    assert "20260102120500" == pdu.recv_time
    read = SMGP.decode(SMGP.encode(pdu, V30, 1), V30)
    assert receipt == DIALECT.read(read, 1)
    assert DeliverResp(msg_id=bytes(9) + b"\7") == DIALECT.acknowledge(pdu)


@pytest.mark.parametrize(
    ("state", "code", "expected"),
    [
        ("delivered", "", "DELIVRD"),
        ("canceled", "", "DELETED"),
        ("undelivered", "SOMETHING/12345", "UNDELIV"),
        ("undelivered", "MK:0001/短", "MK:0001"),
    ],
)
def test_foreign_codes(state: str, code: str, expected: str) -> None:
    """
    What fits no stat is told as its state's.
    """
    receipt = ReceiptIn(ID, state, code, "13800138000")
    read = DIALECT.read(DIALECT.deliver_receipt(receipt, "7"), 1)
    assert isinstance(read, ReceiptIn)
    assert expected == read.code


def test_receipt_without_id() -> None:
    """
    A report without an id is not read, but taken: it would only come again.
    """
    pdu = Deliver(
        msg_id=bytes(10),
        is_report=1,
        src_term_id="13800138000",
        dest_term_id="1065",
        msg_content=b"stat:DELIVRD",
    )
    assert DIALECT.read(pdu, 1) is None
    assert DeliverResp(msg_id=bytes(10)) == DIALECT.acknowledge(pdu)


@pytest.mark.parametrize("indicator", [0, 1, 0x40])
def test_inbound(indicator: int) -> None:
    """
    A phone's part goes through both ends, whatever is said of its header.
    """
    part = InboundPart(
        "13800138000", "10659", b"\5\0\3\1\2\1hi", 8, True, "00000000000000000009"
    )
    assert part == DIALECT.read(DIALECT.deliver_inbound(part, "9", indicator), 1)


def test_inbound_vector() -> None:
    """
    A captured message is read.
    """
    read = DIALECT.read(SMGP.decode(HEX["smgp_deliver_mo_gb18030"], V30), 1)
    assert isinstance(read, InboundPart)
    assert ("106590123450001", 15, False) == (
        read.access_number,
        read.coding,
        read.udhi,
    )
    assert "退订TD" == read.payload.decode("gb18030")


@given(st.binary(max_size=140))
def test_any_report_content(content: bytes) -> None:
    """
    Whatever a report says, it is read or not, and never breaks.
    """
    pdu = Deliver(
        msg_id=bytes(10),
        is_report=1,
        src_term_id="",
        dest_term_id="",
        msg_content=b"id:" + content,
    )
    assert (len(content) >= 10) == (DIALECT.read(pdu, 1) is not None)


def test_other_pdus() -> None:
    """
    What is no Deliver is not read and not acknowledged.
    """
    assert DIALECT.read(ActiveTest(), 1) is None
    assert DIALECT.acknowledge(ActiveTest()) is None
    assert not DIALECT.delivered(ActiveTest())


@pytest.mark.parametrize("word", LOGIN_WORDS)
def test_login_words(word: str) -> None:
    """
    Every word has a code, in a layout that the client can read.
    """
    answer, version, code = DIALECT.admit(DIALECT.login(NOON), word, "0555", V30)
    assert code == answer.status > 0
    assert V30 == version


def test_login_let_in() -> None:
    """
    The one who knows the secret comes in, in the layout asked for.
    """
    dialect = of(version=V13)
    asked = dialect.login(NOON)
    assert dialect.proves(asked, "0555")
    assert not dialect.proves(asked, "555")
    answer, version, code = dialect.admit(asked, "", "0555", V30)
    assert (0, V30, V13, 0) == (answer.status, answer.server_version, version, code)
    asked.client_version = 0
    assert V30 == dialect.admit(asked, "version", "0555", V30)[1]


@pytest.mark.parametrize("word", SUBMIT_WORDS)
def test_submit_words(word: str) -> None:
    """
    Every word refuses, and a refusal has no id.
    """
    answer = DIALECT.submitted(ActiveTest(), ID, word)
    assert answer.status
    assert bytes(10) == answer.msg_id


def test_submitted() -> None:
    """
    A taken Submit has its id; a raw code refuses as well.
    """
    assert Sent(ID) == DIALECT.outcome(DIALECT.submitted(ActiveTest(), ID), 1)
    assert 58 == DIALECT.submitted(ActiveTest(), ID, code=58).status


def test_ids() -> None:
    """
    A gateway's ids are a time and a counter, or look like nothing.
    """
    assert ID == DIALECT.new_id(NOON, 10061, 7, 99)
    assert 20 == len(of(opaque_ids=True).new_id(NOON, 10061, 7, 99))


def test_other_requests() -> None:
    """
    What is no submit has its plain answer.
    """
    query = Query(query_time="20260102", query_type=1, query_code="A")
    expected = QueryResp(query_time="20260102", query_type=1, query_code="A")
    assert expected == DIALECT.answer_other(query)
    assert DIALECT.read_submit(query) is None
    assert DIALECT.answer_other(DeliverResp(msg_id=bytes(10))) is None


def test_delivered() -> None:
    """
    Only Status 0 is a yes.
    """
    assert DIALECT.delivered(DeliverResp(msg_id=bytes(10)))
    assert not DIALECT.delivered(DeliverResp(msg_id=bytes(10), status=1))


def test_a_conversation() -> None:
    """
    Both ends log in, submit, report and leave through two sessions in 1.3 too.
    """
    dialect = of(version=V13)
    client, server = Session(SMGP, V13), Session(SMGP, V30)
    client.open(0.0)
    server.open(0.0)
    client.login(dialect.login(NOON), 0.0)
    (asked,) = server.receive_data(client.data_to_send(), 0.0)
    assert isinstance(asked, LoginRequested)
    answer, layout, _ = dialect.admit(asked.pdu, "", "0555", V30)
    server.accept_login(asked.sequence, answer, layout, 0.0)
    client.receive_data(server.data_to_send(), 0.0)
    assert ("bound", V13, V13) == (client.state, client.version, server.version)
    client.ask(dialect.submit(SEGMENT), 0.0, "token")
    (got,) = server.receive_data(client.data_to_send(), 0.0)
    assert isinstance(got, Received)
    assert [attrs.evolve(SEGMENT, service="SVC01")] == dialect.read_submit(got.pdu)
    server.answer(got.sequence, dialect.submitted(got.pdu, ID))
    receipt = ReceiptIn(ID, "delivered", "DELIVRD", "13800138000")
    server.ask(dialect.deliver_receipt(receipt, "8"), 0.0)
    answered, told = client.receive_data(server.data_to_send(), 0.0)
    assert isinstance(answered, Answered)
    assert isinstance(told, Received)
    assert Sent(ID) == dialect.outcome(answered.pdu, answered.sequence)
    read = dialect.read(told.pdu, told.sequence)
    assert attrs.evolve(receipt, delivery_id=f"{8:020x}") == read
    client.terminate(1.0)
    server.receive_data(client.data_to_send(), 1.0)
    assert [Closing("terminated")] == client.receive_data(server.data_to_send(), 1.0)
