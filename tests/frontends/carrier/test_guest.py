"""
Systems log in to us and send, in every protocol we speak.
"""

import attrs
import pytest

from smsgw.errors import Unavailable
from smsgw.message import Accepted
from smsgw.protocols.neutral import OutSegment, Rejected, Sent, Throttled
from smsgw.text import TextPolicy, split
from tests.support.guests import ACCESS, CONTRACTS, House, peer

SEGMENT = OutSegment("13800138000", ACCESS + "01", "您好".encode("utf-16-be"))
PROTOCOLS = sorted({protocol for protocol, _ in CONTRACTS})


@pytest.mark.parametrize(("protocol", "version"), CONTRACTS)
def test_a_submit_is_answered_when_it_is_kept(protocol: str, version: str) -> None:
    """
    A login, a submit, an id that a receipt can name; the message waits in the queue.
    """
    house = House(protocol)
    system = house.connect(version)
    assert "bound" == system.link.session.state
    system.submit(SEGMENT)
    (outcome,) = system.outcomes
    assert isinstance(outcome, Sent)
    assert outcome.carrier_id
    assert {"accepted": 1, "waiting": 1} == house.world.counts()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_many_submits_have_ids_of_their_own(protocol: str) -> None:
    """
    No id twice, whatever the clock does.
    """
    house = House(protocol)
    system = house.connect()
    system.submit(*[SEGMENT] * 10)
    house.world.clock.at -= 3600.0
    system.submit(*[SEGMENT] * 5)
    assert 15 == len({one.carrier_id for one in system.outcomes})


@pytest.mark.parametrize(("protocol", "version"), CONTRACTS)
def test_a_long_message_is_joined(protocol: str, version: str) -> None:
    """
    Each part is answered; what is kept is one message with the whole text.
    """
    house = House(protocol)
    system = house.connect(version)
    text = "检验报告：" + "血常规各项指标正常。😀" * 30
    parts = split(text, "", TextPolicy(), 77)
    segments = [
        attrs.evolve(
            SEGMENT,
            payload=one.payload,
            coding=int(one.coding),
            udhi=True,
            part=one.part,
            parts=one.parts,
        )
        for one in parts
    ]
    for segment in reversed(segments):
        system.submit(segment)
    assert len(parts) == sum(isinstance(one, Sent) for one in system.outcomes)
    assert {"accepted": 1, "waiting": 1} == house.world.counts()
    house.world.turn()
    (flight,) = house.world.carrier.carried
    assert text == flight.message.text


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_logins_that_are_refused(protocol: str) -> None:
    """
    A stranger, a wrong secret, a wrong address, one connection too many.
    """
    house = House(protocol)
    house.invite(peer(protocol, addresses=("10.0.0.0/8",), connections=1))
    strangers = (
        house.connect(login="700002"),
        house.connect(secret="wrong"),
        house.connect(address="192.0.2.1"),
    )
    assert [True] * 3 == [bool(one.refused) for one in strangers]
    assert not house.connect().refused
    assert house.connect().refused


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_submits_that_are_refused(protocol: str) -> None:
    """
    A bad number and a foreign source end for good; nothing of them is kept.
    """
    house = House(protocol)
    system = house.connect()
    system.submit(attrs.evolve(SEGMENT, to="12"), attrs.evolve(SEGMENT, src="10010"))
    kinds = [type(one) for one in system.outcomes]
    assert [Rejected, Rejected] == kinds
    assert [] == list(house.world.facts())


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_too_fast_is_flow_control(protocol: str) -> None:
    """
    What is above the rate may be sent again: the protocol's own word says so.
    """
    house = House(protocol)
    house.invite(peer(protocol, rate=2.0))
    system = house.connect()
    system.submit(*[SEGMENT] * 3)
    kinds = [type(one) for one in system.outcomes]
    assert [Sent, Sent, Throttled] == kinds


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_store_that_is_away_is_not_a_yes(protocol: str) -> None:
    """
    Nothing is known to be kept: the system is to send again.
    """
    house = House(protocol)

    async def away(*_: object) -> Accepted:
        raise Unavailable("no answer")

    house.desk.intake.accept = away
    system = house.connect()
    system.submit(SEGMENT)
    (outcome,) = system.outcomes
    assert not isinstance(outcome, Sent)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_who_is_not_welcome_any_more(protocol: str) -> None:
    """
    A system that was switched off while connected sends nothing.
    """
    house = House(protocol)
    system = house.connect()
    house.invite(peer(protocol, active=False))
    system.submit(SEGMENT)
    assert isinstance(system.outcomes[0], Rejected)
