"""
Responses that go wrong, one switch at a time, in every protocol.
"""

import pytest

from smsgw.protocols.dialects import SPOKEN
from smsgw.protocols.neutral import Throttled
from smsgw.simulator.faults import Faults
from smsgw.simulator.rules import Rule
from smsgw.simulator.scenario import Latency, Scenario
from tests.support.simulated import LOGIN, Guest, Simulated, account

NUMBER = "13800138000"
NUMBERS = tuple(f"1380013{n:04d}" for n in range(10))
PROTOCOLS = tuple(SPOKEN)
every = pytest.mark.parametrize("protocol", PROTOCOLS)


def entered(
    protocol: str, *rules: Rule, latency: float = 0.0, **switches: object
) -> tuple[Simulated, Guest]:
    """
    A carrier whose file turns the switches, and a guest.
    """
    faults = Faults()
    faults.set(**switches)
    scenario = Scenario(
        (account(),), rules, Latency(latency, 0.0, 0.2), faults, protocol=protocol
    )
    simulated = Simulated(scenario)
    return simulated, simulated.enter()


@every
@pytest.mark.parametrize(
    ("switch", "answers", "receipts"),
    [
        ({"silent": True}, 0, 1),
        ({"lose": 1}, 0, 1),
        ({"slow": 5.0}, 0, 1),
        ({"early": 1}, 1, 1),
        ({"double": 1}, 1, 1),
        ({"no_id": True}, 1, 1),
        ({"deaf": True}, 0, 0),
        ({"mute": True}, 0, 0),
        ({"abort": 1}, 0, 0),
        ({"terminate": 1}, 1, 0),
        ({"hold": True}, 1, 0),
        ({"busy": 1}, 1, 0),
        ({"any_result": 1.0}, 1, 0),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_switch_does_what_it_says(
    protocol: str, switch: dict[str, object], answers: int, receipts: int
) -> None:
    """
    So many answers and receipts come within a second.
    """
    simulated, guest = entered(protocol)
    simulated.carrier.faults.set(**switch)
    guest.submit(NUMBER)
    simulated.advance(1.0)

    assert (answers, receipts) == (len(guest.outcomes), len(guest.receipts))


@every
def test_busy_is_flow_control(protocol: str) -> None:
    """
    The protocol's own code, then all is well.
    """
    simulated, guest = entered(protocol, busy=1)
    guest.submit(NUMBER, NUMBER)
    simulated.advance(0.5)

    assert isinstance(guest.outcomes[0], Throttled)
    assert 1 == len(guest.ids)


@every
@pytest.mark.parametrize(
    ("switches", "throttled"), [({"window": 2}, 3), ({"speed": 2.0}, 3), ({}, 0)]
)
def test_limits_can_be_tightened(
    protocol: str, switches: dict[str, float], throttled: int
) -> None:
    """
    Instead of the contract's, as long as the switch is on.
    """
    simulated, guest = entered(protocol, latency=0.1)
    simulated.carrier.faults.set(**switches)
    guest.submit(*NUMBERS[:5])
    simulated.advance(0.5)

    assert throttled == sum(isinstance(one, Throttled) for one in guest.outcomes)


@every
def test_responses_come_out_of_order(protocol: str) -> None:
    """
    Scattered over time, by a seed that gives the same order again.
    """
    orders = []
    for _ in range(2):
        simulated, guest = entered(protocol, scatter=1.0)
        asked: list[str] = []
        guest.link.on_answered = lambda event, to=asked: to.append(event.token.to)
        guest.submit(*NUMBERS)
        simulated.advance(1.5)
        orders.append(asked)

    assert sorted(orders[0]) == sorted(NUMBERS) != orders[0]
    assert orders[0] == orders[1]


@every
def test_a_double_response_belongs_to_nobody(protocol: str) -> None:
    """
    The second copy is a stray for the client.
    """
    simulated, guest = entered(protocol, double=1)
    guest.submit(NUMBER)
    simulated.advance(0.5)

    assert (1, 1) == (len(guest.outcomes), guest.link.session.strays)


@every
def test_an_early_receipt_overtakes_its_response(protocol: str) -> None:
    """
    It is there before the carrier's id is known.
    """
    simulated, guest = entered(protocol, early=1)
    guest.submit(NUMBER)
    simulated.advance(0.02)
    assert (1, 0) == (len(guest.receipts), len(guest.outcomes))

    simulated.advance(0.2)
    assert guest.ids == [one.carrier_id for one in guest.receipts]


@every
def test_a_carrier_that_ends_connections_says_so(protocol: str) -> None:
    """
    Politely or not.
    """
    simulated, guest = entered(protocol, terminate=1)
    guest.submit(NUMBER)
    simulated.advance(1.0)
    assert ["peer_terminated"] == guest.closed

    simulated, guest = entered(protocol, abort=1)
    guest.submit(NUMBER)
    simulated.advance(1.0)
    assert ["lost"] == guest.closed
    assert 1 == simulated.carrier.subscribers[LOGIN].accepted


@every
def test_random_refusals_are_of_the_tables(protocol: str) -> None:
    """
    A share of them, each some code of the protocol.
    """
    simulated, guest = entered(protocol, any_result=0.5)
    for _ in range(20):
        guest.submit(*NUMBERS)
        simulated.advance(0.1)

    assert 60 < len(guest.ids) < 140
    assert len(set(guest.codes)) > 10


@every
def test_the_clock_can_be_wrong(protocol: str) -> None:
    """
    Ids and times are an hour ahead, all else is as it was.
    """
    simulated, guest = entered(protocol, skew=3600.0)
    guest.submit(NUMBER)
    simulated.advance(0.5)

    assert guest.ids == [one.carrier_id for one in guest.receipts]
    assert simulated.clock.seconds() + 3600.0 == simulated.carrier.now()


@every
def test_the_journal_tells_what_was_accepted(protocol: str) -> None:
    """
    Each message as often as it was taken.
    """
    simulated = Simulated(Scenario((account(),), protocol=protocol, journal=10))
    journal = simulated.carrier.journal
    guest = simulated.enter()
    guest.submit(NUMBER, NUMBER, NUMBERS[1])
    simulated.advance(0.1)

    assert [2, 1] == list(journal.counts().values())
    assert set(guest.ids) == {entry.carrier_id for entry in journal.last(10)}


@every
def test_rules_speak_words(protocol: str) -> None:
    """
    A refusal in a word is the protocol's code; a response can have its own time.
    """
    rules = (Rule(suffix="0", word="throttled"), Rule(suffix="1", response_delay=2.0))
    simulated, guest = entered(protocol, *rules)
    guest.submit(NUMBERS[0], NUMBERS[1])
    simulated.advance(1.0)
    assert [Throttled] == [type(one) for one in guest.outcomes]

    simulated.advance(1.5)
    assert 1 == len(guest.ids)
