"""
Neutral values to PDUs and back, at both ends.
"""

import attrs
import pytest

from smsgw.protocols.cmpp import (
    V20,
    V30,
    ActiveTest,
    Cancel,
    Deliver,
    DeliverResp,
    Query,
    SubmitResp,
)
from smsgw.protocols.cmpp_dialect import CmppDialect, CmppSettings, cmpp_settings
from smsgw.protocols.cmpp_values import msg_id_fields
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

NOON = 1767326645.0
SETTINGS = CmppSettings("901234", "pa55word", service_id="NOTICE")
DIALECT = CmppDialect(SETTINGS)
SEGMENT = OutSegment(
    "13800138000",
    "10690000123",
    b"\5\0\3\x2e\3\1text",
    coding=8,
    udhi=True,
    part=1,
    parts=3,
    valid_until=NOON,
)
ASKED = DIALECT.submit(SEGMENT)


def test_settings() -> None:
    """
    A channel's own settings are taken, others passed over.
    """
    extra = {"fee_code": "000010", "max_parts": 5, "secret": "no"}
    settings = cmpp_settings("901234", "pa55word", "2.0", "NOTICE", extra)
    expected = CmppSettings("901234", "pa55word", V20, service_id="NOTICE")
    assert expected.version == settings.version
    assert ("000010", "pa55word") == (settings.fee_code, settings.secret)
    assert "pa55word" not in repr(settings)


def test_login() -> None:
    """
    The Version octet may differ from the layout's.
    """
    assert V30 == DIALECT.login(NOON).version
    mt_only = CmppSettings("901234", "pa55word", V20, version_octet=0)
    assert 0 == CmppDialect(mt_only).login(NOON).version


def test_submit_and_read_it() -> None:
    """
    What one end submits the other reads.
    """
    pdu = DIALECT.submit(SEGMENT)
    assert ("901234", "NOTICE", 3, 1) == (
        pdu.msg_src,
        pdu.service_id,
        pdu.pk_total,
        pdu.pk_number,
    )
    assert [attrs.evolve(SEGMENT, service="NOTICE")] == DIALECT.read_submit(pdu)


def test_pk_policy() -> None:
    """
    A contract may want 1/1 in every part.
    """
    pdu = CmppDialect(CmppSettings("901234", "s", pk_split=False)).submit(SEGMENT)
    assert (1, 1) == (pdu.pk_total, pdu.pk_number)


@pytest.mark.parametrize(
    ("pdu", "again", "expected"),
    [
        (DIALECT.submitted(ASKED, "ccb6dec003e9ffff"), False, Sent("ccb6dec003e9ffff")),
        (SubmitResp(msg_id=0), False, Sent("")),
        (DIALECT.submitted(ASKED, "", code=8), False, Throttled(1.0, "8")),
        (DIALECT.submitted(ASKED, "", code=13), False, Rejected("13", "permanent")),
        (DIALECT.submitted(ASKED, "", code=3), True, Sent("")),
        (DIALECT.submitted(ASKED, "", code=3), False, Rejected("3", "carrier_fault")),
    ],
)
def test_outcome(pdu: SubmitResp, again: bool, expected: Outcome) -> None:
    """
    An answer is taken, refused or too fast.
    """
    assert expected == DIALECT.outcome(pdu, 1, again)


@pytest.mark.parametrize("version", [V20, V30])
def test_receipt(version: int) -> None:
    """
    A report goes through both ends.
    """
    dialect = CmppDialect(CmppSettings("901234", "s", version))
    receipt = ReceiptIn(
        "ccb6dec003e9ffff",
        "expired",
        "MI:0024",
        "13800138000",
        "2601021204",
        "2601021205",
        "10690000",
        "0000000000000007",
    )
    pdu = dialect.deliver_receipt(receipt, "7")
    assert {V20: 60, V30: 71}[version] == len(pdu.msg_content)
    assert receipt == dialect.read(pdu, 1)
    assert DeliverResp(msg_id=7, result=0) == dialect.acknowledge(pdu)


@pytest.mark.parametrize("indicator", [1, 0x40])
def test_inbound(indicator: int) -> None:
    """
    A phone's message goes through both ends, with either header indicator.
    """
    part = InboundPart(
        "13800138000", "10690000", b"\5\0\3\1\2\1hi", 8, True, "0000000000000009"
    )
    assert part == DIALECT.read(DIALECT.deliver_inbound(part, "9", indicator), 1)


def test_unreadable_report() -> None:
    """
    A report too short to read is answered with a length error.
    """
    pdu = Deliver(
        msg_id=5,
        dest_id="",
        src_terminal_id="",
        registered_delivery=1,
        msg_content=b"x",
    )
    assert DIALECT.read(pdu, 1) is None
    assert DeliverResp(msg_id=5, result=4) == DIALECT.acknowledge(pdu)


def test_other_pdus() -> None:
    """
    What is no DELIVER is not read and not acknowledged.
    """
    assert DIALECT.read(ActiveTest(), 1) is None
    assert DIALECT.acknowledge(ActiveTest()) is None


@pytest.mark.parametrize("word", LOGIN_WORDS)
def test_login_words(word: str) -> None:
    """
    Every word has a code; the answer is in a layout that the client can read.
    """
    pdu = DIALECT.login(NOON)
    answer, layout, code = DIALECT.admit(pdu, word, "pa55word", V30)
    assert code == answer.status > 0
    assert V30 == layout


def test_login_let_in() -> None:
    """
    The one who knows the secret comes in, in the layout asked for.
    """
    dialect = CmppDialect(attrs.evolve(SETTINGS, version=V20))
    pdu = dialect.login(NOON)
    assert Login("901234", V20, "", pdu.authenticator_source) == dialect.read_login(pdu)
    assert dialect.proves(pdu, "pa55word")
    assert not dialect.proves(pdu, "other")
    answer, layout, code = dialect.admit(pdu, "", "pa55word", V30)
    assert (0, V20, 0) == (answer.status, layout, code)


@pytest.mark.parametrize("word", SUBMIT_WORDS)
def test_submit_words(word: str) -> None:
    """
    Every word refuses, and a refusal has no id.
    """
    answer = DIALECT.submitted(ASKED, "7", word)
    assert answer.result
    assert 0 == answer.msg_id


def test_other_requests() -> None:
    """
    What is no submit has its plain answer.
    """
    query = Query(time="20260102", query_type=1, query_code="A")
    answer = DIALECT.answer_other(query)
    assert ("20260102", 1, "A") == (answer.time, answer.query_type, answer.query_code)
    assert 1 == DIALECT.answer_other(Cancel(msg_id=7)).success_id
    assert DIALECT.read_submit(query) is None


def test_delivered() -> None:
    """
    Only Result 0 is a yes.
    """
    assert DIALECT.delivered(DeliverResp(msg_id=7))
    assert not DIALECT.delivered(DeliverResp(msg_id=7, result=1))
    assert not DIALECT.delivered(ASKED)


def test_ids_are_the_gateways_own() -> None:
    """
    A time, a gateway, a counter.
    """
    made = DIALECT.new_id(NOON, 1001, 7, 99)
    fields = msg_id_fields(int(made, 16))
    assert (1001, 7) == (fields["gateway"], fields["sequence"])


def test_receipt_without_a_code() -> None:
    """
    A state has its own Stat; a code of somebody else's is not cut.
    """
    for code in ("", "too long for it", "编码"):
        receipt = ReceiptIn("7", "expired", code, "13800138000")
        read = DIALECT.read(DIALECT.deliver_receipt(receipt, "8"), 1)
        assert isinstance(read, ReceiptIn)
        assert ("EXPIRED", "expired") == (read.code, read.state)


def test_a_contracts_own_ways() -> None:
    """
    A prefix before receivers; another Msg_Fmt for UCS-2, and for nothing else.
    """
    dialect = CmppDialect(attrs.evolve(SETTINGS, number_prefix="86", ucs2_fmt=25))
    made = dialect.submit(SEGMENT)
    assert (("8613800138000",), 25) == (made.dest_terminal_id, made.msg_fmt)
    assert 0 == dialect.submit(attrs.evolve(SEGMENT, coding=0)).msg_fmt
