"""
One account's carrier in each protocol: logins, refusals, ids, reports.
"""

import pytest

from smsgw.protocols.dialects import SPOKEN
from smsgw.protocols.neutral import Rejected, Throttled
from smsgw.simulator.rules import Rule
from smsgw.simulator.scenario import Latency, Scenario
from smsgw.simulator.speech import plain_number
from tests.support.simulated import ACCESS, LOGIN, SECRET, Simulated, account

NUMBER = "13800138000"
PROTOCOLS = tuple(SPOKEN)


def carrier(protocol: str, *rules: Rule, **contract: object) -> Simulated:
    """
    A quick carrier.
    """
    scenario = Scenario(
        (account(**contract),), rules, Latency(0.0, 0.0, 0.1), protocol=protocol
    )
    return Simulated(scenario)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_message_and_its_receipt(protocol: str) -> None:
    """
    The receipt names the id that the response gave; the phone shows the text.
    """
    simulated = carrier(protocol)
    guest = simulated.enter()
    guest.submit(NUMBER, "13800138001")
    simulated.advance(0.5)

    assert 2 == len(set(guest.ids))
    assert guest.ids == [one.carrier_id for one in guest.receipts]
    assert ["delivered", "delivered"] == guest.states
    assert ["您好"] == [one.text for one in simulated.carrier.phones.texts(NUMBER)]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(("login", "secret"), [("900002", SECRET), (LOGIN, "wrong")])
def test_a_stranger_stays_outside(protocol: str, login: str, secret: str) -> None:
    """
    An unknown account and a wrong secret are refused, each with a code.
    """
    simulated = carrier(protocol)
    guest = simulated.enter(login, secret)

    assert 1 == len(guest.refused) == simulated.carrier.refused_logins
    assert ["login_refused"] == guest.closed


@pytest.mark.parametrize("protocol", [one for one in PROTOCOLS if one != "sgip"])
def test_a_version_that_is_too_high_is_refused(protocol: str) -> None:
    """
    Where logins tell a version.
    """
    versions = list(SPOKEN[protocol].versions)
    scenario = Scenario((account(),), protocol=protocol, highest=versions[0])
    guest = Simulated(scenario).enter(version=versions[-1])

    assert 1 == len(guest.refused)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_account_has_so_many_connections(protocol: str) -> None:
    """
    One more is refused.
    """
    simulated = carrier(protocol, connections=1)
    first, second = simulated.enter(), simulated.enter()

    assert (0, 1) == (len(first.refused), len(second.refused))


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_speed_and_window_have_the_flow_control_code(protocol: str) -> None:
    """
    What is too fast is throttled, and taken a second later.
    """
    simulated = carrier(protocol, speed=2.0)
    guest = simulated.enter()
    guest.submit(NUMBER, NUMBER, NUMBER)
    simulated.advance(1.0)
    guest.submit(NUMBER)
    simulated.advance(0.1)

    kinds = [type(one) for one in guest.outcomes]
    assert 3 == len(guest.ids)
    assert 1 == kinds.count(Throttled)

    narrow = carrier(protocol, window=1)
    narrow.carrier.faults.set(slow=0.1)
    guest = narrow.enter()
    guest.submit(NUMBER, NUMBER)
    narrow.advance(0.5)
    assert 1 == sum(isinstance(one, Throttled) for one in guest.outcomes)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "changes",
    [{"to": "12345"}, {"src": "10680000"}, {"payload": bytes(200)}],
    ids=["destination", "source", "length"],
)
def test_the_contract_refuses(protocol: str, changes: dict[str, object]) -> None:
    """
    Each in the protocol's own code, never as flow control.
    """
    simulated = carrier(protocol)
    guest = simulated.enter()
    guest.submit(NUMBER, **changes)
    simulated.advance(0.5)

    (outcome,) = guest.outcomes
    assert isinstance(outcome, Rejected)
    assert [] == guest.receipts


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_messages_come_from_phones(protocol: str) -> None:
    """
    Short and long, in each coding, joined by whoever gets them.
    """
    simulated = carrier(protocol)
    guest = simulated.enter()
    for coding in ("auto", "ucs2", "gb18030"):
        simulated.carrier.say(NUMBER, ACCESS + "01", "退订", coding)
        simulated.carrier.say(NUMBER, ACCESS + "01", "长" * 100, coding)
        simulated.advance(0.2)
    simulated.carrier.say(NUMBER, ACCESS + "01", "TD")
    simulated.advance(0.2)

    assert [8, 8, 8, 8, 8, 8, 15, 15, 15, 0] == [one.coding for one in guest.inbound]
    assert {(NUMBER, ACCESS + "01")} == {
        (one.number, one.access_number) for one in guest.inbound
    }
    assert 6 == sum(one.udhi for one in guest.inbound)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_all_codes_can_come(protocol: str) -> None:
    """
    A rule over the whole tables, by number: every code is read by our dialect.
    """
    simulated = carrier(
        protocol,
        Rule(prefix="137", all_results=True, pick="number"),
        Rule(prefix="138", all_stats=True, pick="number"),
    )
    guest = simulated.enter()
    for n in range(0, 9999, 37):
        guest.submit(f"1370013{n:04d}", f"1380013{n:04d}")
        simulated.advance(0.2)

    assert len(range(0, 9999, 37)) == len(guest.ids) == len(guest.receipts)
    assert len(guest.codes) == len(guest.ids)
    assert [] == guest.unread
    assert {"delivered", "undelivered"} <= set(guest.states)


@pytest.mark.parametrize(
    ("number", "plain"),
    [
        (NUMBER, NUMBER),
        ("86" + NUMBER, NUMBER),
        ("+86" + NUMBER, NUMBER),
        ("1380013800", ""),
        ("1380013800a", ""),
        ("", ""),
    ],
)
def test_numbers_made_plain(number: str, plain: str) -> None:
    """
    Eleven digits, or nothing.
    """
    assert plain == plain_number(number)
