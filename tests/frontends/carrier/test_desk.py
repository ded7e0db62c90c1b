"""
The door's rules: strangers, versions, services, windows.
"""

import attrs
import pytest

from smsgw.frontends.carrier import desk as desks
from smsgw.protocols.neutral import OutSegment, Rejected, Sent, Throttled
from tests.support.guests import ACCESS, House, peer

SEGMENT = OutSegment("13800138000", ACCESS, b"hello", coding=0)


def test_a_crowd_of_strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Who does not log in takes no place for ever: the newest are turned away.
    """
    monkeypatch.setattr(desks, "STRANGERS", 2)
    house = House("cmpp")
    silent = [house.desk.guest(house.timers, "10.0.0.9") for _ in range(3)]
    assert [True, True, False] == [house.desk.enter(one) for one in silent]
    house.desk.leave(silent[0])
    house.desk.leave(silent[0])
    assert 2 == len(house.desk.guests)


def test_a_system_held_to_a_version() -> None:
    """
    It may ask for a higher one, and gets its own; a lower one is refused.
    """
    house = House("cmpp")
    house.invite(peer("cmpp", version="2.0"))
    assert 0x20 == house.connect("3.0").link.session.version
    house.invite(peer("cmpp", version="3.0", connections=9))
    assert [4] == house.connect("2.0").refused


def test_services() -> None:
    """
    A service that the contract does not have.
    """
    house = House("cmpp")
    house.invite(peer("cmpp", services=("REPORT",)))
    system = house.connect()
    system.submit(SEGMENT)
    assert [Rejected("7", "config")] == system.outcomes


def test_an_older_secret() -> None:
    """
    While a secret is rotated, both open the door.
    """
    house = House("cmpp")
    assert not house.connect(secret="older").refused


def test_window_overrun() -> None:
    """
    What is beyond the window gets flow control at once, and nothing is kept of it.
    """
    house = House("cmpp")
    house.invite(peer("cmpp", window=2))
    system = house.connect()
    guest = house.desk.of("700001")[0]
    guest.unanswered = 2
    system.submit(SEGMENT)
    assert isinstance(system.outcomes[0], Throttled)
    guest.unanswered = 0
    system.submit(SEGMENT)
    assert isinstance(system.outcomes[1], Sent)
    assert 1 == house.world.counts()["accepted"]


def test_an_account_that_was_switched_off() -> None:
    """
    Its systems stay outside.
    """
    house = House("cmpp")
    his = house.directory.accounts["his"]
    house.directory = attrs.evolve(
        house.directory, accounts={"his": attrs.evolve(his, active=False)}
    )
    assert [2] == house.connect().refused


def test_ids_go_on_when_a_second_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    More in a second than the counter holds go on in the next.
    """
    monkeypatch.setattr(desks, "COUNTERS", 3)
    house = House("cmpp")
    guest = house.desk.guest(house.timers, "10.0.0.9")
    made = [house.desk.new_id(guest.host, 0) for _ in range(10)]
    assert 10 == len(set(made))


def test_no_source_is_the_access_number() -> None:
    """
    Simple clients leave it out.
    """
    house = House("cmpp")
    system = house.connect()
    system.submit(attrs.evolve(SEGMENT, src=""))
    assert isinstance(system.outcomes[0], Sent)


@pytest.mark.parametrize("protocol", ["cmpp", "smgp"])
def test_a_login_that_was_overheard(protocol: str) -> None:
    """
    The same octets again, minutes later, do not let in; the system itself comes
    with another time.
    """
    house = House(protocol)
    asked = house.connect().dialect.login(house.world.clock.now())
    house.world.clock.at += 300.0
    guest = house.desk.guest(house.timers, "10.0.0.1")
    _, _, code = house.desk.knock(guest, asked)
    assert code
    assert not house.connect().refused
