"""
SGIP's part of a session: refusals, no keepalive, whole conversations.
"""

import pytest

from smsgw.protocols.events import (
    Answered,
    Bound,
    Closing,
    Event,
    LoginRefused,
    LoginRequested,
    Received,
)
from smsgw.protocols.protocol import Grant
from smsgw.protocols.session import Session
from smsgw.protocols.sgip import (
    PDUS,
    V12,
    V13,
    Bind,
    BindResp,
    DeliverResp,
    Submit,
    SubmitResp,
    Unbind,
)
from smsgw.protocols.sgip_rules import SGIP, granted, respond
from smsgw.protocols.sgip_sequence import Sequences, pack_sequence
from tests.support.vectors import of_kind, vectors_of

HEX = {v["name"]: bytes.fromhex(v["hex"]) for v in vectors_of("sgip")}
NODE, AT = 3075561117, 1763775015.0  # 2025-11-22 09:30:15 in China
SUBMIT = Submit(sp_number="1065", user_number=("8613800138000",), message_content=b"")


def session(counter: int = 0) -> Session:
    """
    A session that counts as the vectors' node does.
    """
    made = Session(SGIP, V12, numbers=Sequences(NODE, lambda: AT, first=counter))
    made.open(0.0)
    return made


def bound() -> Session:
    """
    A client's session that was let in.
    """
    made = session()
    made.login(Bind(login_name="sp_user", login_password="sp_pass"), 0.0)
    assert HEX["sgip_bind_sp_to_smg"] == made.data_to_send()
    (told,) = made.receive_data(HEX["sgip_bind_resp_ok"], 0.0)
    assert isinstance(told, Bound)
    return made


def test_granted() -> None:
    """
    The layout is the contract's, whatever the answer is.
    """
    assert Grant(0, V13) == granted(V13, BindResp(), 29)
    assert Grant(34, V12) == granted(V12, BindResp(result=34), 29)


def test_every_request_can_be_refused() -> None:
    """
    Each request has its answer, and it encodes in every version.
    """
    for command in (c for c in PDUS if c < SGIP.response):
        answer = respond(command, 7)
        assert answer is not None
        assert command | SGIP.response == answer.command
        for version in SGIP.versions:
            SGIP.encode(answer, version, 1)
    assert respond(6, 7) is None


def fed(data: bytes, step: int) -> tuple[list[Event], bytes]:
    """
    What a bound session tells and answers when fed C{step} octets at a time.
    """
    client = bound()
    asked = client.ask(SUBMIT, 0.0, "token")
    assert pack_sequence(NODE, AT, 1) == asked
    client.data_to_send()
    events: list[Event] = []
    for at in range(0, len(data), step):
        events += client.receive_data(data[at : at + step], 0.0)
    return events, client.data_to_send()


def test_whole_and_octet_by_octet() -> None:
    """
    A stream tells the same however it is cut; all 12 octets find the request.
    """
    data = HEX["sgip_submit_resp_queue_full"] + HEX["sgip_submit_resp_ok"]
    data += HEX["sgip_report_delivered"] + HEX["sgip_deliver_mo_gbk"]
    data += HEX["sgip_userrpt_cancelled"] + HEX["sgip_stream_two_pdus_one_read"]
    whole = fed(data, len(data))
    assert whole == fed(data, 1) == fed(data, 7)
    answered, *received = whole[0]
    assert isinstance(answered, Answered)
    assert ("token", SubmitResp()) == (answered.token, answered.pdu)
    titles = [event.pdu.title for event in received if isinstance(event, Received)]
    assert ["Report", "Deliver", "UserRpt", "Submit"] == titles
    (unbind,) = [v for v in (whole[1],) if v]
    assert 0x80000002 == SGIP.head(unbind)[0]


def test_every_vector_in_one_stream() -> None:
    """
    All PDU vectors but the logins and the Unbinds in one go and in pieces.
    """
    data = b"".join(
        bytes.fromhex(v["hex"])
        for v in of_kind("pdu", "sgip")
        if v["command"] not in ("Bind", "Unbind")
    )
    assert fed(data, len(data)) == fed(data, 1)


def test_reverse_bind() -> None:
    """
    The carrier comes in to deliver; its sequences are echoed whole.
    """
    server = session()
    data = HEX["sgip_bind_smg_to_sp"]
    told = [event for octet in data for event in server.receive_data(bytes([octet]), 0)]
    (asked,) = told
    assert isinstance(asked, LoginRequested)
    server.accept_login(asked.sequence, BindResp(), V12, 0.0)
    assert data[8:20] == server.data_to_send()[8:20]
    (got,) = server.receive_data(HEX["sgip_deliver_mo_gbk"], 1.0)
    assert isinstance(got, Received)
    server.answer(got.sequence, DeliverResp())
    assert HEX["sgip_deliver_resp_ok"] == server.data_to_send()


def test_refused() -> None:
    """
    A login that is refused ends the session with its code.
    """
    client = session()
    client.login(Bind(), 0.0)
    refused, closing = client.receive_data(HEX["sgip_bind_resp_bad_login"], 0.0)
    assert isinstance(refused, LoginRefused)
    assert (1, Closing("login_refused", 1)) == (refused.code, closing)


def test_second_bind() -> None:
    """
    A Bind on a bound connection gets Result 2.
    """
    client = bound()
    client.receive_data(HEX["sgip_bind_smg_to_sp"], 0.0)
    assert BindResp(result=2) == SGIP.decode(client.data_to_send(), V12)


@pytest.mark.parametrize("name", ["sgip_submit_ascii", "sgip_deliver_mo_gbk"])
def test_before_login(name: str) -> None:
    """
    Before the login every other request is answered with Result 1 and a close.
    """
    server = session()
    assert [Closing("unexpected")] == server.receive_data(HEX[name], 0.0)
    answer = SGIP.decode(server.data_to_send(), V12)
    assert isinstance(answer, SubmitResp | DeliverResp)
    assert 1 == answer.result


def test_bad_bodies_are_answered() -> None:
    """
    A Submit that lies about its numbers gets Result 5 and the link stays.
    """
    client = bound()
    assert [] == client.receive_data(HEX["sgip_submit_usercount_lies"], 0.0)
    frame = client.data_to_send()
    assert HEX["sgip_submit_usercount_lies"][8:20] == frame[8:20]
    assert SubmitResp(result=5) == SGIP.decode(frame, V12)
    assert "bound" == client.state


@pytest.mark.parametrize("name", ["sgip_bad_length_too_short", "sgip_bad_length_huge"])
@pytest.mark.parametrize("step", [1, 20])
def test_bad_lengths_close(name: str, step: int) -> None:
    """
    An impossible length ends the connection before its octets are waited for.
    """
    client, told = bound(), list[Event]()
    for at in range(0, 20, step):
        told += client.receive_data(HEX[name][at : at + step], 0.0)
    assert [Closing("framing")] == told


def test_the_limit() -> None:
    """
    8192 octets are waited for, one more is too many.
    """
    assert 0 == SGIP.cut((8192).to_bytes(4, "big"), 0)
    client = bound()
    assert [Closing("framing")] == client.receive_data(bytes((0, 0, 32, 1)), 0.0)


def test_unbind() -> None:
    """
    An Unbind is answered with its sequence; either answer to ours ends it.
    """
    for answer in ("sgip_unbind_resp", "sgip_unbind_resp_29_octets"):
        client = session(counter=49)
        client.login(Bind(), 0.0)
        welcome = SGIP.encode(BindResp(), V12, pack_sequence(NODE, AT, 49))
        client.receive_data(welcome, 0.0)
        client.data_to_send()
        client.terminate(0.0)
        assert HEX["sgip_unbind"] == client.data_to_send()
        assert [Closing("terminated")] == client.receive_data(HEX[answer], 0.0)
    peer = bound()
    peer.receive_data(HEX["sgip_unbind"], 0.0)
    assert HEX["sgip_unbind_resp"] == peer.data_to_send()


def test_silence_is_left() -> None:
    """
    Nothing keeps an idle link up: after a while we say Unbind.
    """
    client = bound()
    client.idle = 25.0
    assert 25.0 == client.deadline
    assert [] == client.tick(25.0)
    assert Unbind() == SGIP.decode(client.data_to_send(), V12)
