"""
Neutral values to SMPP's PDUs and back, at both ends.
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
from smsgw.protocols.rows import Pdu
from smsgw.protocols.session import Session
from smsgw.protocols.smpp import (
    V33,
    V34,
    V50,
    BindReceiver,
    BindResp,
    BindTransceiverResp,
    CancelSm,
    CancelSmResp,
    DataSm,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    EnquireLink,
    GenericNack,
    Outbind,
    QuerySm,
    QuerySmResp,
    ReplaceSm,
    ReplaceSmResp,
    SubmitMulti,
    SubmitMultiResp,
    SubmitSm,
    SubmitSmResp,
)
from smsgw.protocols.smpp_dialect import SmppDialect, SmppSettings
from smsgw.protocols.smpp_parts import Target
from smsgw.protocols.smpp_rules import SC_INTERFACE_VERSION, SMPP
from tests.support.vectors import vectors_of

NOON = 1767326645.0
SETTINGS = SmppSettings("900001", "pa55word", service_type="CMT")
DIALECT = SmppDialect(SETTINGS)
SEGMENT = OutSegment(
    "13800138000",
    "10690000123",
    b"\5\0\3\x2e\3\1text",
    coding=8,
    udhi=True,
    part=1,
    parts=3,
    valid_until=NOON,
    service="CMT",
)
ID = "0059113978"
HEX = {v["name"]: bytes.fromhex(v["hex"]) for v in vectors_of("smpp")}


def of(**changed: object) -> SmppDialect:
    """
    The dialect with other settings.
    """
    return SmppDialect(attrs.evolve(SETTINGS, **changed))


def through(pdu: Pdu, version: int = V34) -> Pdu:
    """
    A PDU as the other end reads it.
    """
    return SMPP.decode(SMPP.encode(pdu, version, 1), version)


@pytest.mark.parametrize("kind", ["transmitter", "receiver", "transceiver"])
def test_login(kind: str) -> None:
    """
    The interface_version may differ from the layout's; the way is told.
    """
    asked = of(bind=kind, version_octet=0x40, system_type="SP").login(NOON)
    assert 0x40 == asked.interface_version
    assert Login("900001", V34, kind) == DIALECT.read_login(through(asked))
    assert f"bind_{kind}" == asked.title


@pytest.mark.parametrize("long", ["udh", "sar", "payload"])
def test_submit_and_read_it(long: str) -> None:
    """
    What one end submits the other reads, through the octets.
    """
    pdu = of(long=long).submit(SEGMENT)
    assert (long != "sar") == bool(pdu.esm_class & 0x40)
    assert ("8613800138000", 1, 1) == (
        pdu.destination_addr,
        pdu.dest_addr_ton,
        pdu.dest_addr_npi,
    )
    assert [SEGMENT] == DIALECT.read_submit(through(pdu))


def test_submit_like_the_vectors() -> None:
    """
    A part with a header is the vector's, octet by octet.
    """
    frame = HEX["smpp_submit_sm_udh_1_of_3"]
    vector = SMPP.decode(frame, V34)
    assert isinstance(vector, SubmitSm)
    segment = OutSegment("13012345678", "10690000", vector.short_message, 8, True, 1, 3)
    pdu = of(service_type="").submit(segment)
    assert frame == SMPP.encode(pdu, V34, int.from_bytes(frame[12:16], "big"))


def test_contract_fields() -> None:
    """
    A contract's fields go where they belong.
    """
    dialect = of(
        service_type="VMA",
        source_ton=3,
        number_prefix="",
        dest_ton=2,
        dest_npi=8,
        esm_class=3,
        protocol_id=1,
        priority_flag=2,
        registered_delivery=0x11,
        send_times=False,
        ucs2_dcs=24,
    )
    pdu = dialect.submit(SEGMENT)
    expected = {
        "service_type": "VMA",
        "source_addr_ton": 3,
        "dest_addr_ton": 2,
        "dest_addr_npi": 8,
        "destination_addr": "13800138000",
        "esm_class": 0x43,
        "protocol_id": 1,
        "priority_flag": 2,
        "registered_delivery": 0x11,
        "validity_period": "",
        "data_coding": 24,
    }
    assert expected == {name: getattr(pdu, name) for name in expected}
    unasked = dialect.submit(attrs.evolve(SEGMENT, registered=False, src="Hospital"))
    assert (0, 5, 0) == (
        unasked.registered_delivery,
        unasked.source_addr_ton,
        unasked.source_addr_npi,
    )


def test_many_receivers() -> None:
    """
    A SUBMIT_MULTI is a segment for each phone, a DATA_SM one; lists are none.
    """
    targets = (Target("8613800138000", 1, 1), Target("staff", flag=2))
    multi = SubmitMulti(source_addr="1065", dest_address=targets, short_message=b"hi")
    (read,) = DIALECT.read_submit(through(multi)) or []
    assert ("13800138000", b"hi", 0) == (read.to, read.payload, read.coding)
    data = DataSm(
        source_addr="1065", destination_addr="8613800138000", tlvs={0x0424: b"hi"}
    )
    (read,) = DIALECT.read_submit(through(data)) or []
    assert ("13800138000", b"hi", False) == (read.to, read.payload, read.registered)


def test_relative_validity() -> None:
    """
    A time from now on needs a now.
    """
    pdu = SMPP.decode(HEX["smpp_submit_sm_relative_validity"], V34)
    assert [0.0] == [s.valid_until for s in DIALECT.read_submit(pdu) or []]
    until = [s.valid_until for s in DIALECT.read_submit(pdu, NOON) or []]
    assert [NOON + 2 * 86400] == until


@pytest.mark.parametrize(
    ("status", "classes", "expected"),
    [
        (0x00, "", Sent(ID)),
        (0x14, "", Throttled(1.0, "0x14")),
        (0x58, "", Throttled(1.0, "0x58")),
        (0x08, "", Rejected("0x08", "carrier_fault")),
        (0x0B, "", Rejected("0x0b", "permanent")),
        (0x45, "", Rejected("0x45", "permanent")),
        (0x45, "0x45=throttle", Throttled(1.0, "0x45")),
        (0x401, "0x45=throttle 0x401=blacklist", Rejected("0x401", "blacklist")),
    ],
)
def test_outcome(status: int, classes: str, expected: Outcome) -> None:
    """
    An answer is taken, refused or too fast, by the channel's classes.
    """
    answer = SubmitSmResp(command_status=status, message_id=ID)
    assert expected == of(status_classes=classes).outcome(answer, 1)


def test_outcome_without_id() -> None:
    """
    Without an id no receipt can match; a nack refuses whatever it says.
    """
    assert Sent("") == DIALECT.outcome(SubmitSmResp(), 1)
    assert Sent("7") == DIALECT.outcome(SubmitMultiResp(message_id="7"), 1)
    refused = DIALECT.outcome(GenericNack(command_status=3), 1)
    assert Rejected("0x03", "config") == refused
    assert Rejected("0x00", "config") == DIALECT.outcome(GenericNack(), 1)


@pytest.mark.parametrize("tlvs", [False, True])
@pytest.mark.parametrize(
    "base", ["same", "resp_hex_receipt_dec", "resp_dec_receipt_hex"]
)
@pytest.mark.parametrize("code", ["DELIVRD", "EXPIRED/0A1", "MK:0001/148", "ACCEPTD"])
def test_receipt(tlvs: bool, base: str, code: str) -> None:
    """
    A receipt goes through both ends, with TLVs or without, in any base of ids.
    """
    states = {"DELIVRD": "delivered", "EXPIRED/0A1": "expired", "ACCEPTD": "pending"}
    dialect = of(receipt_tlvs=tlvs, id_base=base)
    receipt = ReceiptIn(
        dialect.new_id(NOON, 1001, 7, 9),
        states.get(code, "undelivered"),
        code,
        "13800138000",
        "2601021204",
        "2601021205",
        "10690000123",
    )
    pdu = dialect.deliver_receipt(receipt, "7")
    assert tlvs == bool(pdu.tlvs)
    read = dialect.read(through(pdu), 1)
    assert isinstance(read, ReceiptIn)
    assert attrs.evolve(receipt, delivery_id=read.delivery_id) == read
    assert DeliverSmResp(message_id="") == dialect.acknowledge(pdu)


@pytest.mark.parametrize(
    ("state", "code", "expected"),
    [
        ("delivered", "", "DELIVRD"),
        ("canceled", "", "DELETED"),
        ("rejected", "", "REJECTD"),
        ("undelivered", "SOMETHING/12345", "UNDELIV"),
        ("undelivered", "MK:0001/短", "MK:0001"),
    ],
)
def test_foreign_codes(state: str, code: str, expected: str) -> None:
    """
    What fits no stat is told as its state's.
    """
    receipt = ReceiptIn(ID, state, code, "13800138000")
    read = DIALECT.read(through(DIALECT.deliver_receipt(receipt, "7")), 1)
    assert isinstance(read, ReceiptIn)
    assert expected == read.code


@pytest.mark.parametrize(
    ("name", "carrier_id", "state", "code"),
    [
        ("smpp_deliver_sm_receipt_ch", "38601fa", "delivered", "DELIVRD"),
        (
            "smpp_deliver_sm_receipt_bad_tlv_length_ch",
            "0000003005",
            "delivered",
            "DELIVRD",
        ),
        ("smpp_deliver_sm_receipt_acceptd_ch", "94251430923", "pending", "ACCEPTD/107"),
        ("smpp_deliver_sm_receipt_undeliv", "0059113980", "undelivered", "UNDELIV/001"),
    ],
)
def test_receipt_vectors(name: str, carrier_id: str, state: str, code: str) -> None:
    """
    Captured receipts are read; TLVs win over the text.
    """
    read = DIALECT.read(SMPP.decode(HEX[name], V34), 1)
    assert isinstance(read, ReceiptIn)
    assert (carrier_id, state, code) == (read.carrier_id, read.state, read.code)


def test_receipt_by_tlvs_alone() -> None:
    """
    A receipt in a DATA_SM may have no text at all.
    """
    tlvs = {0x001E: b"77\0", 0x0427: b"\5", 0x0423: b"\3\0\7"}
    pdu = DataSm(
        source_addr="8613800138000", destination_addr="1065", esm_class=4, tlvs=tlvs
    )
    read = DIALECT.read(through(pdu), 1)
    assert isinstance(read, ReceiptIn)
    expected = ("77", "undelivered", "UNDELIV/007", "13800138000")
    assert expected == (read.carrier_id, read.state, read.code, read.number)
    assert DataSmResp(message_id="") == DIALECT.acknowledge(pdu)


def test_intermediate_receipt() -> None:
    """
    An intermediate notification is not the end, whatever it says.
    """
    pdu = DeliverSm(
        source_addr="",
        destination_addr="",
        esm_class=0x20,
        short_message=b"id:7 stat:UNDELIV",
    )
    read = DIALECT.read(pdu, 1)
    assert isinstance(read, ReceiptIn)
    assert "pending" == read.state


def test_receipt_without_id() -> None:
    """
    A receipt without an id is not read, but taken: it would only come again.
    """
    pdu = DeliverSm(
        source_addr="", destination_addr="", esm_class=4, short_message=b"stat:DELIVRD"
    )
    assert DIALECT.read(pdu, 1) is None
    assert DeliverSmResp(message_id="") == DIALECT.acknowledge(pdu)


@pytest.mark.parametrize("long", ["udh", "sar", "payload"])
def test_inbound(long: str) -> None:
    """
    A phone's part goes through both ends, whichever way its place is told.
    """
    part = InboundPart("13800138000", "10659", b"\5\0\3\1\2\1hi", 8, True)
    pdu = of(long=long).deliver_inbound(part, "9", 1)
    read = DIALECT.read(through(pdu), 1)
    assert isinstance(read, InboundPart)
    assert attrs.evolve(part, delivery_id=read.delivery_id) == read


def test_long_inbound() -> None:
    """
    A content beyond a short_message comes in message_payload.
    """
    part = InboundPart("13800138000", "10659", b"ab" * 200, 8)
    pdu = DIALECT.deliver_inbound(part, "9")
    assert b"" == pdu.short_message
    read = DIALECT.read(through(pdu), 1)
    assert isinstance(read, InboundPart)
    assert part.payload == read.payload


def test_inbound_vectors() -> None:
    """
    Captured messages are read, in the centre's alphabet if that is known.
    """
    long = DIALECT.read(SMPP.decode(HEX["smpp_deliver_sm_mo_udh_1_of_2"], V34), 1)
    assert isinstance(long, InboundPart)
    assert ("13012345678", "10690000", 8, True) == (
        long.number,
        long.access_number,
        long.coding,
        long.udhi,
    )
    pdu = SMPP.decode(HEX["smpp_deliver_sm_mo_ch"], V34)
    plain, gsm = DIALECT.read(pdu, 1), of(alphabet="gsm").read(pdu, 1)
    assert isinstance(plain, InboundPart)
    assert isinstance(gsm, InboundPart)
    assert (b"@$#!%&/:", 0) == (plain.payload, plain.coding)
    assert ("¡¤#!%&/:".encode("utf-16-be"), 8) == (gsm.payload, gsm.coding)


@given(st.binary(max_size=140), st.integers(0, 255), st.integers(0, 255))
def test_any_content(content: bytes, esm_class: int, data_coding: int) -> None:
    """
    Whatever a delivery says, it is read or not, and never breaks.
    """
    pdu = DeliverSm(
        source_addr="",
        destination_addr="",
        esm_class=esm_class,
        data_coding=data_coding,
        short_message=content,
    )
    for dialect in (DIALECT, of(alphabet="gsm", id_base="resp_hex_receipt_dec")):
        read = dialect.read(pdu, 1)
        assert read is None or isinstance(read, ReceiptIn | InboundPart)
    submit = SubmitSm(
        source_addr="",
        destination_addr="",
        esm_class=esm_class,
        data_coding=data_coding,
        short_message=content,
    )
    assert 1 == len(DIALECT.read_submit(submit) or [])


def test_other_pdus() -> None:
    """
    What is no delivery is not read and not acknowledged.
    """
    assert DIALECT.read(EnquireLink(), 1) is None
    assert DIALECT.acknowledge(EnquireLink()) is None
    assert not DIALECT.delivered(EnquireLink())


@pytest.mark.parametrize("word", LOGIN_WORDS)
def test_login_words(word: str) -> None:
    """
    Every word has a code, and a refusal no body.
    """
    answer, version, code = DIALECT.admit(DIALECT.login(NOON), word, "pa55word", V50)
    assert isinstance(answer, BindResp)
    assert code == answer.command_status > 0
    assert answer.system_id is None
    assert V34 == version


@pytest.mark.parametrize(
    ("asked", "highest", "expected"),
    [(V34, V50, V34), (V50, V34, V34), (V33, V50, V33), (V50, V50, V50)],
)
def test_login_let_in(asked: int, highest: int, expected: int) -> None:
    """
    The one who knows the password comes in, in the lower of both versions.
    """
    dialect = of(version=asked)
    pdu = dialect.login(NOON)
    assert dialect.proves(pdu, "pa55word")
    assert not dialect.proves(pdu, "pa55worD")
    assert not dialect.proves(EnquireLink(), "")
    answer, version, code = dialect.admit(pdu, "", "pa55word", highest)
    assert isinstance(answer, BindTransceiverResp)
    assert ("SMSGW", bytes([highest])) == (
        answer.system_id,
        answer.tlvs[SC_INTERFACE_VERSION],
    )
    assert (expected, 0) == (version, code)


def test_password_beyond_latin() -> None:
    """
    A secret that no PDU can carry proves nothing and breaks nothing.
    """
    pdu = BindReceiver(system_id="900001", password="é?")
    assert DIALECT.proves(pdu, "é?")
    assert not DIALECT.proves(pdu, "密码")


@pytest.mark.parametrize("word", SUBMIT_WORDS)
def test_submit_words(word: str) -> None:
    """
    Every word refuses each kind of submit, without a body.
    """
    for pdu in (
        DIALECT.submit(SEGMENT),
        SubmitMulti(source_addr="", dest_address=()),
        DataSm(source_addr="", destination_addr=""),
    ):
        answer = DIALECT.submitted(pdu, ID, word)
        assert 16 == len(SMPP.encode(answer, V34, 1))
        assert not isinstance(DIALECT.outcome(answer, 1), Sent)


def test_submitted() -> None:
    """
    A taken submit has its id; a raw code refuses as well.
    """
    submit = DIALECT.submit(SEGMENT)
    assert SubmitSmResp(message_id=ID) == DIALECT.submitted(submit, ID)
    refused = SubmitSmResp(command_status=0x22)
    assert refused == DIALECT.submitted(submit, ID, code=0x22)
    assert GenericNack(command_status=3) == DIALECT.submitted(
        Outbind(system_id=""), ID, "unsupported"
    )


def test_ids() -> None:
    """
    Our ids are a time and a counter, in the base that the contract wants.
    """
    assert 16 == len(DIALECT.new_id(NOON, 1001, 7, 99))
    assert of(id_base="resp_dec_receipt_hex").new_id(NOON, 1001, 7, 99).isdecimal()


def test_other_requests() -> None:
    """
    What is no submit has its plain answer.
    """
    answers: list[tuple[Pdu, Pdu]] = [
        (QuerySm(message_id=ID), QuerySmResp(command_status=0x67)),
        (CancelSm(message_id=ID), CancelSmResp(command_status=0x11)),
        (ReplaceSm(message_id=ID), ReplaceSmResp(command_status=0x13)),
    ]
    for asked, expected in answers:
        assert expected == DIALECT.answer_other(asked)
        assert DIALECT.read_submit(asked) is None
    assert DIALECT.answer_other(Outbind(system_id="SMSC")) is None


def test_delivered() -> None:
    """
    Only status 0 is a yes, with a body or without.
    """
    assert DIALECT.delivered(DeliverSmResp(message_id=""))
    assert DIALECT.delivered(DeliverSmResp())
    assert DIALECT.delivered(DataSmResp())
    assert not DIALECT.delivered(DeliverSmResp(command_status=0x64))


@pytest.mark.parametrize("version", [V33, V34, V50])
def test_a_conversation(version: int) -> None:
    """
    Both ends log in, submit, report and leave through two sessions.
    """
    dialect = of(version=version)
    client, server = Session(SMPP, version), Session(SMPP, V50)
    client.open(0.0)
    server.open(0.0)
    client.login(dialect.login(NOON), 0.0)
    (asked,) = server.receive_data(client.data_to_send(), 0.0)
    assert isinstance(asked, LoginRequested)
    answer, layout, _ = dialect.admit(asked.pdu, "", "pa55word", V50)
    server.accept_login(asked.sequence, answer, layout, 0.0)
    client.receive_data(server.data_to_send(), 0.0)
    assert ("bound", version, version) == (
        client.state,
        client.version,
        server.version,
    )
    client.ask(dialect.submit(SEGMENT), 0.0, "token")
    (got,) = server.receive_data(client.data_to_send(), 0.0)
    assert isinstance(got, Received)
    assert [SEGMENT] == dialect.read_submit(got.pdu)
    server.answer(got.sequence, dialect.submitted(got.pdu, ID))
    receipt = ReceiptIn(ID, "delivered", "DELIVRD", "13800138000")
    server.ask(dialect.deliver_receipt(receipt, "8"), 0.0)
    answered, told = client.receive_data(server.data_to_send(), 0.0)
    assert isinstance(answered, Answered)
    assert isinstance(told, Received)
    assert Sent(ID) == dialect.outcome(answered.pdu, answered.sequence)
    read = dialect.read(told.pdu, told.sequence)
    assert isinstance(read, ReceiptIn)
    assert attrs.evolve(receipt, delivery_id=read.delivery_id) == read
    client.terminate(1.0)
    server.receive_data(client.data_to_send(), 1.0)
    assert [Closing("terminated")] == client.receive_data(server.data_to_send(), 1.0)
