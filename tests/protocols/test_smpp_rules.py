"""
SMPP's part of a session: layouts, grants, refusals, whole conversations.
"""

import pytest

from smsgw.protocols.events import Answered, Bound, Closing, Event, Received
from smsgw.protocols.protocol import Grant
from smsgw.protocols.rows import WireError
from smsgw.protocols.session import Session
from smsgw.protocols.smpp import (
    PDUS,
    V33,
    V34,
    V50,
    AlertNotification,
    BindTransceiver,
    BindTransceiverResp,
    EnquireLink,
    GenericNack,
    Outbind,
    SubmitSm,
    SubmitSmResp,
)
from smsgw.protocols.smpp_rules import SC_INTERFACE_VERSION, SMPP, layout, respond
from tests.support.vectors import vectors_of

HEX = {v["name"]: bytes.fromhex(v["hex"]) for v in vectors_of("smpp")}
BIND = BindTransceiver(system_id="900001", password="secret")
SUBMIT = SubmitSm(source_addr="1065", destination_addr="8613800138000")


def test_layouts() -> None:
    """
    Up to 3.3 there are no TLVs; between known versions the lower one counts.
    """
    assert [V33, V33, V33, V34, V34, V50, V50] == [
        layout(octet) for octet in (0x00, 0x32, 0x33, 0x34, 0x40, 0x50, 0x51)
    ]


@pytest.mark.parametrize(
    ("asked", "told", "expected"),
    [
        (V34, b"\x34", V34),
        (V34, b"\x50", V34),
        (V50, b"\x34", V34),
        (V34, b"\x33", V33),
        (V34, b"", V34),
        (V50, None, V50),
    ],
)
def test_granted(asked: int, told: bytes | None, expected: int) -> None:
    """
    The lower version counts; a server that tells none is taken at our word.
    """
    tlvs = {} if told is None else {SC_INTERFACE_VERSION: told}
    answer = BindTransceiverResp(system_id="SMSC", tlvs=tlvs)
    assert Grant(0, expected) == SMPP.granted(asked, answer, 30)


def test_not_granted() -> None:
    """
    A status refuses, and a GENERIC_NACK does whatever it says.
    """
    refused = BindTransceiverResp(command_status=13)
    assert Grant(13, V34) == SMPP.granted(V34, refused, 16)
    assert Grant(3, V34) == SMPP.granted(V34, GenericNack(command_status=3), 16)
    assert Grant(8, V34) == SMPP.granted(V34, GenericNack(), 16)


def test_every_request_can_be_refused() -> None:
    """
    Each request but two has its answer without a body; others have a nack.
    """
    silent = {Outbind.command, AlertNotification.command}
    for command in (c for c in PDUS if c < SMPP.response and c not in silent):
        answer = respond(command, 0x58)
        assert answer is not None
        assert command | SMPP.response == answer.command
        for version in SMPP.versions:
            assert 16 == len(SMPP.encode(answer, version, 1))
    assert [None, None] == [respond(command, 1) for command in silent]
    assert respond(0x80000004, 1) is None
    assert GenericNack(command_status=3) == respond(0x111, 0)


@pytest.mark.parametrize(("sequence", "status"), [(-1, 0), (1 << 32, 0), (1, 1 << 32)])
def test_header_that_does_not_fit(sequence: int, status: int) -> None:
    """
    A sequence or a status has four octets.
    """
    with pytest.raises(WireError):
        SMPP.encode(GenericNack(command_status=status), V34, sequence)


def bound() -> Session:
    """
    A client's session that was let in.
    """
    session = Session(SMPP, V34)
    session.open(0.0)
    sequence = session.login(BIND, 0.0)
    answer = BindTransceiverResp(system_id="SMSC")
    (told,) = session.receive_data(SMPP.encode(answer, V34, sequence), 0.0)
    assert isinstance(told, Bound)
    session.data_to_send()
    return session


def fed(data: bytes, step: int) -> tuple[list[Event], bytes]:
    """
    What a bound session tells and answers when fed C{step} octets at a time.
    """
    session = bound()
    session.sequence = 1
    assert 2 == session.ask(SUBMIT, 0.0, "token")
    session.data_to_send()
    events: list[Event] = []
    for at in range(0, len(data), step):
        events += session.receive_data(data[at : at + step], 0.0)
    return events, session.data_to_send()


def test_whole_and_octet_by_octet() -> None:
    """
    A stream tells the same however it is cut.
    """
    data = HEX["smpp_submit_sm_resp"] + HEX["smpp_enquire_link"]
    data += HEX["smpp_deliver_sm_receipt"] + HEX["smpp_deliver_sm_mo_ucs2"]
    whole = fed(data, len(data))
    assert whole == fed(data, 1) == fed(data, 7)
    answered, *received = whole[0]
    assert isinstance(answered, Answered)
    assert SubmitSmResp(message_id="0059113978") == answered.pdu
    assert [100, 102] == [e.sequence for e in received if type(e) is Received]
    assert HEX["smpp_enquire_link_resp"] == whole[1]


def test_every_vector_in_one_stream() -> None:
    """
    All vectors but binds and unbinds in one go and in pieces, broken ones too.
    """
    frames = [
        bytes.fromhex(v["hex"])
        for v in vectors_of("smpp")
        if not v["command"].startswith(("bind", "unbind"))
    ]
    data = b"".join(frames)
    whole = fed(data, len(data))
    assert whole == fed(data, 1) == fed(data, 13)
    assert not [event for event in whole[0] if isinstance(event, Closing)]
    deliveries = [e for e in whole[0] if type(e) is Received and e.sequence != 1]
    assert len(deliveries) > 10


def test_sequences_are_echoed() -> None:
    """
    Numbers outside the standard's range come back as they came.
    """
    data = HEX["smpp_enquire_link_seq_high_ch"] + HEX["smpp_enquire_link_seq_zero_ch"]
    told, answers = fed(data, len(data))
    assert [] == told
    assert [b"\x80\0\0\0", bytes(4)] == [answers[12:16], answers[28:32]]


def test_bad_requests() -> None:
    """
    A lying length has its own answer, an unknown command a nack.
    """
    session = bound()
    bad = HEX["smpp_deliver_sm_bad_sm_length_ch"]
    assert [] == session.receive_data(bad, 0.0)
    expected = "00000010800000050000000100000001"
    assert expected == session.data_to_send().hex()
    unknown = bytes.fromhex("00000010000001110000000000000007")
    assert [] == session.receive_data(unknown, 0.0)
    expected = "00000010800000000000000300000007"
    assert expected == session.data_to_send().hex()
    assert "bound" == session.state


def test_nack_answers_what_it_names() -> None:
    """
    A GENERIC_NACK answers any request by its number; one for none is a stray.
    """
    session = bound()
    sequence = session.ask(SUBMIT, 0.0, "token")
    nack = GenericNack(command_status=3)
    (told,) = session.receive_data(SMPP.encode(nack, V34, sequence), 0.0)
    assert isinstance(told, Answered)
    assert ("token", nack) == (told.token, told.pdu)
    assert [] == session.receive_data(SMPP.encode(nack, V34, 0), 0.0)
    assert 1 == session.strays


@pytest.mark.parametrize("length", [15, 70_001])
def test_impossible_lengths(length: int) -> None:
    """
    A length that no PDU has ends the session at once.
    """
    (told,) = bound().receive_data(length.to_bytes(4, "big"), 0.0)
    assert isinstance(told, Closing)
    assert "framing" == told.reason


def test_submit_before_bind() -> None:
    """
    A submit before the bind hears so, and the session ends.
    """
    session = Session(SMPP, V34)
    session.open(0.0)
    (told,) = session.receive_data(SMPP.encode(SUBMIT, V34, 9), 0.0)
    assert isinstance(told, Closing)
    assert "00000010800000040000000400000009" == session.data_to_send().hex()


def test_keepalive() -> None:
    """
    An idle session asks and is answered.
    """
    session = bound()
    assert [] == session.tick(30.0)
    asked = SMPP.decode(session.data_to_send(), V34)
    assert EnquireLink() == asked
