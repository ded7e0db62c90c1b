"""
The carrier's end of a connection: logins and leaving.
"""

import pytest

from smsgw.protocols.cmpp import V20, V21, V30
from smsgw.protocols.dialects import SPOKEN
from smsgw.simulator.scenario import Latency, Scenario
from tests.support.simulated import LOGIN, SECRET, Simulated, account, submit

NUMBER = "13800138000"


@pytest.mark.parametrize("version", [V20, V21, V30])
def test_a_login_is_welcome(version: int) -> None:
    """
    The right secret gets in, in the version asked for.
    """
    client = Simulated().connect(version=version)

    assert [version] == client.bound


@pytest.mark.parametrize(
    ("login", "secret", "highest", "refused"),
    [
        ("900002", SECRET, "3.0", 2),
        (LOGIN, "wrong", "3.0", 3),
        (LOGIN, SECRET, "2.0", 4),
    ],
)
def test_a_login_is_refused(
    login: str, secret: str, highest: str, refused: int
) -> None:
    """
    Each fault has its Status, in a layout the client can read.
    """
    carrier = Simulated(Scenario((account(),), highest=highest))
    client = carrier.connect(login, secret)

    assert [refused] == [code for code, _ in client.refused]
    assert ["login_refused"] == client.closed
    assert [] == carrier.carrier.connections
    assert 1 == carrier.carrier.refused_logins


def test_connections_are_limited() -> None:
    """
    One more than the contract says gets 56; after a close there is room.
    """
    carrier = Simulated(Scenario((account(connections=1),)))
    first = carrier.connect()
    second = carrier.connect()
    assert [(56, V30)] == second.refused

    first.link.close()
    first.flush()
    carrier.advance(1.0)
    assert [V30] == carrier.connect().bound


def test_an_account_can_have_one_version() -> None:
    """
    The account's version holds whatever is asked, as real servers do.
    """
    carrier = Simulated(Scenario((account(version="2.0"),)))

    assert [V20] == carrier.connect(version=V30).bound


def test_the_refuse_fault_is_for_logins() -> None:
    """
    A carrier told to refuse does so with its Status.
    """
    carrier = Simulated()
    carrier.carrier.faults.set(refuse="9")

    assert [(9, V30)] == carrier.connect().refused


def test_a_client_that_leaves_gets_its_goodbye() -> None:
    """
    TERMINATE is answered, then both sides close.
    """
    carrier = Simulated()
    client = carrier.connect()
    client.link.close()
    client.flush()
    carrier.advance(1.0)

    assert ["terminated"] == client.closed
    assert [] == carrier.carrier.connections


def test_a_response_to_one_who_left_is_lost_quietly() -> None:
    """
    A connection that is gone before its response harms nobody.
    """
    carrier = Simulated(Scenario((account(),), latency=Latency(1.0)))
    client = carrier.connect()
    client.submit(submit(NUMBER))
    client.link.abort()
    client.flush()
    carrier.advance(2.0)

    assert [] == client.answered
    assert 0 == carrier.carrier.totals()["pending_responses"]


@pytest.mark.parametrize("protocol", SPOKEN)
@pytest.mark.parametrize("word", ["busy", "version", "77"])
def test_logins_can_be_refused_for_no_reason(protocol: str, word: str) -> None:
    """
    With the protocol's code for a word, or with any code.
    """
    carrier = Simulated(Scenario((account(),), protocol=protocol))
    carrier.carrier.faults.set(refuse=word)
    (code,) = carrier.enter().refused
    assert code == 77 if word == "77" else code > 0

    carrier.carrier.faults.set(refuse="")
    assert [] == carrier.enter().refused


@pytest.mark.parametrize("protocol", ["cmpp", "smgp"])
def test_an_answer_can_be_unsigned(protocol: str) -> None:
    """
    Its digest is not what the secret says.
    """
    carrier = Simulated(Scenario((account(),), protocol=protocol))
    carrier.carrier.faults.set(unsigned=True)
    (answer,) = carrier.enter().bound
    names = ("authenticator_ismg", "authenticator_server")

    assert bytes(16) in [getattr(answer, name, b"") for name in names]


def test_a_transmitter_gets_no_deliveries_a_receiver_submits_nothing() -> None:
    """
    In protocols whose logins say what they are for.
    """
    scenario = Scenario((account(),), (), Latency(0.0, 0.0, 0.1), protocol="smgp")
    carrier = Simulated(scenario)
    sender, receiver = carrier.enter(login_mode=0), carrier.enter(login_mode=1)
    sender.submit(NUMBER)
    receiver.submit(NUMBER)
    carrier.advance(0.5)

    assert (1, 0) == (len(sender.ids), len(receiver.ids))
    assert (0, 1) == (len(sender.receipts), len(receiver.receipts))
