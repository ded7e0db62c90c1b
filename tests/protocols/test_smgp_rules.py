"""
SMGP's part of a session: layouts, grants, refusals, whole conversations.
"""

import pytest

from smsgw.protocols.events import Answered, Bound, Closing, Event, Received
from smsgw.protocols.protocol import Grant
from smsgw.protocols.session import Session
from smsgw.protocols.smgp import (
    PDUS,
    V13,
    V20,
    V30,
    V31,
    DeliverResp,
    LoginResp,
    Submit,
    SubmitResp,
)
from smsgw.protocols.smgp_rules import SMGP, granted, layout, respond
from smsgw.protocols.smgp_values import login, login_resp
from tests.support.vectors import vectors_of

HEX = {v["name"]: bytes.fromhex(v["hex"]) for v in vectors_of("smgp")}


def test_layouts() -> None:
    """
    A minor version nobody knows is its major's; unknown majors have no layout.
    """
    assert [V13, V20, V30, V31, V30, V13, 0, 0] == [
        layout(octet) for octet in (0x13, 0x20, 0x30, 0x31, 0x33, 0x12, 0x00, 0x40)
    ]


def test_granted() -> None:
    """
    The layout is the one asked for, whatever the server's highest is.
    """
    assert Grant(0, V30) == granted(V30, LoginResp(server_version=V13), 33)
    refused = LoginResp(status=22, server_version=V20)
    assert Grant(22, V20) == granted(V30, refused, 33)


def test_every_request_can_be_refused() -> None:
    """
    Each request has its answer, and it encodes in every version.
    """
    for command in (c for c in PDUS if c < SMGP.response):
        answer = respond(command, 10, bytes(20))
        assert answer is not None
        assert command | SMGP.response == answer.command
        for version in SMGP.versions:
            SMGP.encode(answer, version, 1)
    assert respond(8, 11, bytes(12)) is None


def bound(version: int = V30) -> Session:
    """
    A client's session that was let in.
    """
    session = Session(SMGP, version)
    session.open(0.0)
    asked = login("333", "0555", 2, version, 0.0)
    sequence = session.login(asked, 0.0)
    answer = SMGP.encode(login_resp(asked, 0, "0555"), version, sequence)
    (told,) = session.receive_data(answer, 0.0)
    assert isinstance(told, Bound)
    session.data_to_send()
    return session


def fed(data: bytes, step: int) -> tuple[list[Event], bytes]:
    """
    What a bound session tells and answers when fed C{step} octets at a time.
    """
    session = bound()
    session.sequence = 9
    submit = Submit(src_term_id="1065", dest_term_id=("13800138000",), msg_content=b"")
    assert 10 == session.ask(submit, 0.0, "token")
    session.data_to_send()
    events: list[Event] = []
    for at in range(0, len(data), step):
        events += session.receive_data(data[at : at + step], 0.0)
    return events, session.data_to_send()


def test_whole_and_octet_by_octet() -> None:
    """
    A stream tells the same however it is cut.
    """
    data = HEX["smgp_stream_three_pdus"] + HEX["smgp_active_test"]
    data += HEX["smgp_deliver_report_delivrd"] + HEX["smgp_deliver_mo_ucs2_long_1_of_2"]
    whole = fed(data, len(data))
    assert whole == fed(data, 1) == fed(data, 7)
    answered, *received = whole[0]
    assert isinstance(answered, Answered)
    assert isinstance(answered.pdu, SubmitResp)
    assert [0x68, 102, 101] == [e.sequence for e in received if type(e) is Received]
    assert HEX["smgp_active_test_resp"] == whole[1]


def test_every_vector_in_one_stream() -> None:
    """
    All PDU vectors but the logins and the Exit in one go and in pieces.
    """
    frames = [
        bytes.fromhex(v["hex"])
        for v in vectors_of("smgp")
        if v["kind"] == "pdu" and v["command"] not in ("Login", "Exit")
    ]
    data = b"".join(frames)
    assert fed(data, len(data)) == fed(data, 1)


def test_bad_bodies_are_answered() -> None:
    """
    A Deliver that lies about its length gets Status 10 with its own id.
    """
    session = bound()
    assert [] == session.receive_data(HEX["smgp_deliver_msglength_lies"], 0.0)
    answer = SMGP.decode(session.data_to_send(), V30)
    expected = DeliverResp(msg_id=bytes.fromhex("01006111220931000007"), status=10)
    assert expected == answer


def test_bad_length_closes() -> None:
    """
    A length shorter than a header ends the connection.
    """
    session = bound()
    (closing,) = session.receive_data(HEX["smgp_bad_length_11"], 0.0)
    assert Closing("framing") == closing


@pytest.mark.parametrize("name", ["smgp_deliver_mo_gb18030", "smgp_submit_ascii"])
def test_before_login(name: str) -> None:
    """
    Before the login every other request is answered with Status 11 and a close.
    """
    session = Session(SMGP, V30)
    session.open(0.0)
    assert [Closing("unexpected")] == session.receive_data(HEX[name], 0.0)
    answer = SMGP.decode(session.data_to_send(), V30)
    assert isinstance(answer, SubmitResp | DeliverResp)
    assert 11 == answer.status


def test_leaving() -> None:
    """
    An Exit is answered, then both close.
    """
    client = bound()
    client.terminate(0.0)
    assert HEX["smgp_exit"][4:8] == client.data_to_send()[4:8]
    server = bound()
    server.receive_data(HEX["smgp_exit"], 0.0)
    assert HEX["smgp_exit_resp"] == server.data_to_send()


def test_thirteen_octets_are_a_sign_of_life() -> None:
    """
    An Active_Test_Resp with an extra octet keeps the connection up.
    """
    session = bound()
    session.tick(31.0)
    sequence = session.data_to_send()[8:12]
    answer = bytes.fromhex("0000000d80000004") + sequence + b"\0"
    assert [] == session.receive_data(answer, 32.0)
    assert 62.0 == session.deadline
