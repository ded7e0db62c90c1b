"""
Playbooks of the session: what goes in, what comes out, rule by rule.
"""

from collections.abc import Callable

import pytest

from smsgw.errors import Unavailable
from smsgw.protocols.cmpp import (
    V20,
    V21,
    V30,
    ActiveTest,
    ActiveTestResp,
    ConnectResp,
    DeliverResp,
    SubmitResp,
    Terminate,
    TerminateResp,
)
from smsgw.protocols.cmpp_rules import CMPP
from smsgw.protocols.events import (
    Answered,
    Bound,
    Closing,
    Event,
    Expired,
    LoginRefused,
    LoginRequested,
    Received,
)
from smsgw.protocols.rows import Pdu, WireError
from smsgw.protocols.session import Session
from tests.support.sessions import Pair, bound, connect, deliver, pair, submit
from tests.support.vectors import VECTORS


def sent(session: Session, version: int = V30) -> list[Pdu]:
    """
    What a session has to send, read.
    """
    data, pdus = session.data_to_send(), []
    while data:
        end = CMPP.cut(data, 0)
        pdus.append(CMPP.decode(data[:end], version))
        data = data[end:]
    return pdus


def frame(pdu: Pdu, sequence: int, version: int = V30) -> bytes:
    """
    A PDU's octets.
    """
    return CMPP.encode(pdu, version, sequence)


def vector(name: str) -> bytes:
    """
    A vector's octets.
    """
    (found,) = [v for v in VECTORS if v["name"] == name]
    return bytes.fromhex(found["hex"])


# Logging in.


def test_login() -> None:
    """
    A login is asked, accepted, and both sides are bound.
    """
    both = pair()
    (told,) = both.bind()
    assert Bound(V30, ConnectResp(status=0, version=V30)) == told
    assert ("bound", "bound") == (both.client.state, both.server.state)


@pytest.mark.parametrize(
    ("answer", "version"),
    [("connect_resp_v2_all_zero", V20), ("connect_resp_v2", V21)],
)
def test_lower_version(answer: str, version: int) -> None:
    """
    The answer's length, not what was asked, decides the layout.
    """
    client = Session(CMPP, V30, sequence=37 if version == V20 else 22)
    client.open(0.0)
    client.login(connect(), 0.0)
    (told,) = client.receive_data(vector(answer), 0.0)
    assert isinstance(told, Bound)
    assert version == told.version == client.version


def test_lower_version_not_allowed() -> None:
    """
    A contract may insist on its version.
    """
    client = Session(CMPP, V30, downgrade=False)
    client.open(0.0)
    client.login(connect(), 0.0)
    answer = frame(ConnectResp(status=0, version=V20), 1, V20)
    assert [Closing("version")] == client.receive_data(answer, 0.0)


def test_login_refused() -> None:
    """
    A refusal tells its code and the offered version to the client, and closes.
    """
    both = pair()
    both.client.open(0.0)
    both.server.open(0.0)
    both.client.login(connect(), 0.0)
    (asked,) = both.to_server()
    assert isinstance(asked, LoginRequested)
    answer = ConnectResp(status=4, version=V20)
    told = both.server.refuse_login(asked.sequence, answer, V30, 4)
    assert [Closing("login_refused", 4)] == told
    refused, closing = both.to_client()
    assert LoginRefused(4, V20, answer) == refused
    assert Closing("login_refused", 4) == closing


@pytest.mark.parametrize("asked", [False, True])
def test_login_timeout(asked: bool) -> None:
    """
    Who does not get in within the limit is closed.
    """
    session = Session(CMPP, V30, login_timeout=10)
    session.open(5.0)
    if asked:
        session.login(connect(), 5.0)
    assert 15.0 == session.deadline
    assert [] == session.tick(14.9)
    assert [Closing("login_timeout")] == session.tick(15.0)
    assert session.deadline is None


@pytest.mark.parametrize("pdu", [submit(), ActiveTest(), Terminate()])
def test_nothing_before_login(pdu: Pdu) -> None:
    """
    Anything but a login before the login closes.
    """
    server = Session(CMPP, V30)
    server.open(0.0)
    assert [Closing("unexpected")] == server.receive_data(frame(pdu, 1), 0.0)


def test_second_login() -> None:
    """
    A second CONNECT is answered with Status 5, then closed.
    """
    both = bound()
    told = both.server.receive_data(frame(connect(), 9), both.now)
    assert [Closing("unexpected")] == told
    assert [ConnectResp(status=5, version=V30)] == sent(both.server)


def test_bad_login_body() -> None:
    """
    A CONNECT of a wrong length gets a length error and is closed.
    """
    server = Session(CMPP, V20)
    server.open(0.0)
    told = server.receive_data(bytes.fromhex("0000000d000000010000000100"), 0.0)
    assert [Closing("unexpected")] == told
    assert [ConnectResp(status=4, version=V30)] == sent(server, V20)


def test_bad_login_answer() -> None:
    """
    A CONNECT_RESP that cannot be read closes.
    """
    client = Session(CMPP, V30)
    client.login(connect(), 0.0)
    told = client.receive_data(bytes.fromhex("0000000d800000010000000100"), 0.0)
    assert [Closing("unexpected")] == told


def test_deliver_right_after_login() -> None:
    """
    A DELIVER in the segment of the CONNECT_RESP is received.
    """
    client = Session(CMPP, V30)
    client.login(connect(), 0.0)
    data = frame(ConnectResp(status=0, version=V30), 1) + frame(deliver(), 8)
    told = client.receive_data(data, 0.0)
    assert Received(8, deliver()) == told[1]


# Asking and answering.


def test_ask_and_answer() -> None:
    """
    Answers come back with their request's token, in any order.
    """
    both = bound()
    first = both.client.ask(submit(), both.now, "one")
    second = both.client.ask(submit(b"two"), both.now, "two")
    told = both.to_server()
    assert [Received(first, submit()), Received(second, submit(b"two"))] == told
    both.server.answer(second, SubmitResp(msg_id=2))
    both.server.answer(first, SubmitResp(msg_id=1))
    expected = [
        Answered(second, "two", SubmitResp(msg_id=2)),
        Answered(first, "one", SubmitResp(msg_id=1)),
    ]
    assert expected == both.to_client()


def test_room() -> None:
    """
    Requests use the window up, keepalives do not, answers give it back.
    """
    both = bound(window=2, idle=5)
    both.client.ask(submit(), both.now)
    both.client.tick(both.now + 5)
    assert 1 == both.client.room
    both.client.ask(submit(), both.now)
    assert 0 == both.client.room
    both.server.answer(2, SubmitResp(msg_id=1))
    both.to_client()
    assert 1 == both.client.room


def test_ask_when_not_bound() -> None:
    """
    Nothing can be asked before the login.
    """
    session = Session(CMPP, V30)
    assert 0 == session.room
    with pytest.raises(Unavailable):
        session.ask(submit(), 0.0)


def test_ask_what_does_not_fit() -> None:
    """
    A PDU that does not fit raises and takes no room.
    """
    both = bound(window=1)
    with pytest.raises(WireError):
        both.client.ask(submit(b"a" * 256), both.now)
    assert 1 == both.client.room


def test_sequences() -> None:
    """
    Sequences wrap past 0 and skip those in flight.
    """
    both = bound()
    both.client.sequence = 0xFFFFFFFE
    assert 0xFFFFFFFF == both.client.ask(submit(), both.now)
    assert 1 == both.client.ask(submit(), both.now)
    both.client.sequence = 0xFFFFFFFE
    assert 2 == both.client.ask(submit(), both.now)


def test_stray_answers() -> None:
    """
    An answer to nothing, or of another command, is counted and dropped.
    """
    both = bound()
    sequence = both.client.ask(submit(), both.now)
    data = frame(SubmitResp(msg_id=1), 99) + frame(DeliverResp(msg_id=1), sequence)
    assert [] == both.client.receive_data(data, both.now)
    assert 2 == both.client.strays
    assert 15 == both.client.room


def test_old_layout_of_an_answer() -> None:
    """
    A 21-octet SUBMIT_RESP answers on a 3.0 link.
    """
    both = bound()
    both.client.sequence = 8
    both.client.ask(submit(), both.now, "t")
    data = vector("malformed_v2_resp_on_v3_link")
    assert [Answered(9, "t", SubmitResp(msg_id=1))] == both.client.receive_data(
        data, both.now
    )


# Time.


def test_resend_and_give_up() -> None:
    """
    A request is sent three times in all, octet for octet, then given up.
    """
    both = bound(timeout=60, idle=0, misses=9)
    sequence = both.client.ask(submit(), 0.0, "t")
    once = both.client.data_to_send()
    assert 60.0 == both.client.deadline
    for at in (60.0, 120.0):
        assert [] == both.client.tick(at)
        assert once == both.client.data_to_send()
    assert [Expired(sequence, "t")] == both.client.tick(180.0)
    assert b"" == both.client.data_to_send()
    assert 16 == both.client.room


def test_answer_to_a_resend() -> None:
    """
    An answer after a resend says so.
    """
    both = bound(timeout=60, idle=0)
    sequence = both.client.ask(submit(), both.now)
    both.client.tick(both.now + 60)
    told = both.client.receive_data(frame(SubmitResp(msg_id=1), sequence), both.now)
    assert [Answered(sequence, None, SubmitResp(msg_id=1), again=True)] == told


def test_late_answer() -> None:
    """
    An answer after giving up still reaches its owner, for five minutes.
    """
    both = bound(timeout=60, tries=1, idle=0, misses=9)
    first = both.client.ask(submit(), 0.0, "a")
    second = both.client.ask(submit(), 0.0, "b")
    both.client.tick(60.0)
    told = both.client.receive_data(frame(SubmitResp(msg_id=1), first), 70.0)
    assert [Answered(first, "a", SubmitResp(msg_id=1), late=True)] == told
    both.client.tick(361.0)
    assert [] == both.client.receive_data(frame(SubmitResp(msg_id=1), second), 362.0)


def test_silent_after_misses() -> None:
    """
    Three requests given up in a row end the link.
    """
    both = bound(timeout=60, tries=1, idle=0)
    for token in range(4):
        both.client.ask(submit(), float(token), token)
    told = both.client.tick(62.0)
    assert [Expired, Expired, Expired, Closing] == [type(e) for e in told]
    assert Closing("silent", 0, [3]) == told[-1]


def test_keepalive() -> None:
    """
    An idle link is tested; the answer keeps it.
    """
    both = bound(idle=30)
    assert both.now + 30 == both.client.deadline
    both.client.tick(both.now + 30)
    assert [] == both.to_server()
    both.now += 31
    assert [] == both.to_client()
    assert both.now + 30 == both.client.deadline
    assert 0 == both.client.strays


def test_keepalive_unanswered() -> None:
    """
    After three unanswered tests the link is closed.
    """
    both = bound(idle=30, timeout=60)
    for at in (30, 90, 150):
        assert [] == both.client.tick(both.now + at)
        assert [ActiveTest()] == sent(both.client)
    assert [Closing("silent")] == both.client.tick(both.now + 210)


def test_keepalive_is_answered() -> None:
    """
    The peer's test is answered with one octet and its sequence.
    """
    both = bound()
    data = vector("composed_active_test")
    assert [] == both.server.receive_data(data, both.now)
    assert vector("composed_active_test_resp") == both.server.data_to_send()


def test_careless_keepalive_answer() -> None:
    """
    An ACTIVE_TEST_RESP without its octet is taken.
    """
    both = bound(idle=30)
    both.client.sequence = 8
    both.client.tick(both.now + 30)
    data = vector("malformed_active_test_resp_without_reserved")
    assert [] == both.client.receive_data(data, both.now + 31)
    assert 0 == both.client.strays


# Leaving.


def test_terminate() -> None:
    """
    One side says TERMINATE, the other answers; both close.
    """
    both = bound()
    assert [] == both.client.terminate(both.now)
    assert [] == both.to_server()
    assert [Closing("terminated")] == both.to_client()
    assert [Closing("peer_terminated")] == both.server.tick(both.now + 0.2)


def test_terminate_drains() -> None:
    """
    Leaving waits for answers, asks nothing new, and still answers the peer.
    """
    both = bound()
    sequence = both.client.ask(submit(), both.now)
    both.client.terminate(both.now, drain=5.0)
    assert [submit()] == sent(both.client)
    with pytest.raises(Unavailable):
        both.client.ask(submit(), both.now)
    data = frame(deliver(), 4) + frame(SubmitResp(msg_id=1), sequence)
    told = both.client.receive_data(data, both.now)
    assert [Received, Answered] == [type(event) for event in told]
    both.client.answer(4, DeliverResp(msg_id=7))
    assert [Terminate(), DeliverResp(msg_id=7)] == sent(both.client)


def test_terminate_drains_no_longer_than_told() -> None:
    """
    After the drain's limit TERMINATE is sent, after its own limit all is over.
    """
    both = bound()
    both.client.ask(submit(), both.now, "t")
    both.client.terminate(both.now, drain=5.0)
    both.client.data_to_send()
    assert [] == both.client.tick(both.now + 5)
    assert [Terminate()] == sent(both.client)
    told = both.client.tick(both.now + 10)
    assert [Closing("terminated", 0, ["t"])] == told


def test_both_terminate() -> None:
    """
    Crossing TERMINATEs end both sides.
    """
    both = bound()
    both.client.terminate(both.now)
    both.server.terminate(both.now)
    data = both.client.data_to_send(), both.server.data_to_send()
    both.server.receive_data(data[0], both.now)
    both.client.receive_data(data[1], both.now)
    assert [TerminateResp()] == sent(both.client)
    assert ("left", "left") == (both.client.state, both.server.state)


def test_terminate_before_login() -> None:
    """
    Who is not in just closes.
    """
    session = Session(CMPP, V30)
    assert [Closing("terminated")] == session.terminate(0.0)
    assert [] == session.terminate(0.0)


def test_nothing_after_leaving() -> None:
    """
    After TERMINATE_RESP nothing more is received, answered or sent.
    """
    both = bound()
    both.client.receive_data(frame(Terminate(), 5), both.now)
    assert [] == both.client.receive_data(frame(deliver(), 6), both.now)
    both.client.answer(6, DeliverResp(msg_id=7))
    assert [TerminateResp()] == sent(both.client)


def test_abort() -> None:
    """
    When the transport is gone, what was asked is told once.
    """
    both = bound()
    both.client.ask(submit(), both.now, "t")
    assert [Closing("lost", 0, ["t"])] == both.client.abort("lost")
    assert [] == both.client.abort("lost")
    assert [] == both.client.receive_data(b"x", both.now)


# Malformed input.


@pytest.mark.parametrize("name", ["malformed_length_zero", "malformed_http_request"])
def test_framing(name: str) -> None:
    """
    An impossible length closes at once.
    """
    both = bound()
    assert [Closing("framing")] == both.server.receive_data(vector(name), both.now)


def test_bad_request_body() -> None:
    """
    A request with a bad body is answered with 4 and its Msg_Id; the link lives.
    """
    both = bound(V20)
    data = vector("malformed_msg_length_overruns")
    assert [] == both.client.receive_data(data, both.now)
    (answer,) = sent(both.client, V20)
    assert DeliverResp(msg_id=int.from_bytes(data[12:20], "big"), result=4) == answer
    assert "bound" == both.client.state


def test_bad_submit_body() -> None:
    """
    A 2.0 SUBMIT on a 3.0 link is answered with SUBMIT_RESP 4.
    """
    both = bound()
    assert [] == both.server.receive_data(vector("submit_v2_ucs2"), both.now)
    assert [SubmitResp(msg_id=0, result=4)] == sent(both.server)


def test_bad_response_body() -> None:
    """
    A response with a bad body completes its request as a protocol error.
    """
    both = bound()
    sequence = both.client.ask(submit(), both.now, "t")
    data = bytes.fromhex("0000000d80000004") + sequence.to_bytes(4, "big") + b"\0"
    (told,) = both.client.receive_data(data, both.now)
    assert isinstance(told, Answered)
    assert ("t", None, True) == (told.token, told.pdu, bool(told.error))
    assert 16 == both.client.room


def test_too_many_bad_bodies() -> None:
    """
    Ten bad bodies end the link.
    """
    both = bound()
    told: list[Event] = []
    for _ in range(10):
        told += both.server.receive_data(vector("submit_v2_ucs2"), both.now)
    assert [Closing("violations")] == told


def test_too_many_unknown_commands() -> None:
    """
    Unknown commands are ignored, the tenth ends the link.
    """
    both = bound()
    data = bytes.fromhex("0000000c0000000a00000001")
    assert [] == both.server.receive_data(data * 9, both.now)
    assert b"" == both.server.data_to_send()
    told = both.server.receive_data(data, both.now)
    assert [Closing("unknown_commands")] == told


# Pieces.


def everything(both: Pair) -> bytes:
    """
    A stream with something of each kind.
    """
    for token in range(3):
        both.client.ask(submit(), both.now, token)
    return b"".join(
        [
            frame(SubmitResp(msg_id=5), 3),
            frame(deliver(), 1),
            frame(ActiveTest(), 2),
            bytes.fromhex("0000000c0000000a00000001"),
            frame(SubmitResp(msg_id=6), 2),
            frame(SubmitResp(msg_id=6), 77),
            vector("submit_v2_ucs2"),
            frame(ActiveTestResp(), 5),
            bytes.fromhex("0000000d800000040000000400"),
            frame(Terminate(), 9),
            bytes(4),
        ]
    )


def whole(session: Session, data: bytes) -> list[Event]:
    """
    Feed at once.
    """
    return session.receive_data(data, 1000.0)


def by_octet(session: Session, data: bytes) -> list[Event]:
    """
    Feed octet by octet.
    """
    events: list[Event] = []
    for at in range(len(data)):
        events += session.receive_data(data[at : at + 1], 1000.0)
    return events


@pytest.mark.parametrize("feed", [whole, by_octet])
def test_pieces(feed: Callable[[Session, bytes], list[Event]]) -> None:
    """
    Whole and byte by byte the events and the answers are the same.
    """
    both, twin = bound(), bound()
    expected = whole(twin.client, everything(twin))
    assert expected == feed(both.client, everything(both))
    assert 5 == len(expected)
    assert twin.client.data_to_send() == both.client.data_to_send()


@pytest.mark.parametrize("name", ["composed_stream_v2", "composed_stream_v3"])
@pytest.mark.parametrize("feed", [whole, by_octet])
def test_stream_vectors(
    name: str, feed: Callable[[Session, bytes], list[Event]]
) -> None:
    """
    Three PDUs in one segment are three.
    """
    both = bound(V20 if name.endswith("v2") else V30)
    both.client.sequence = 1
    both.client.ask(submit(), both.now)
    told = feed(both.client, vector(name))
    assert [Answered, Received] == [type(event) for event in told]
