"""
Receipts and replies wait for their time and go to their own account.
"""

import pytest
from twisted.internet.task import Clock

from smsgw.protocols.cmpp import Deliver
from smsgw.protocols.dialects import SPOKEN
from smsgw.protocols.neutral import OutSegment
from smsgw.simulator.carrier import Carrier
from smsgw.simulator.connection import Connection
from smsgw.simulator.delivery import Reported
from smsgw.simulator.outgoing import Outgoing
from smsgw.simulator.rules import PLAIN, Rule
from smsgw.simulator.scenario import Latency, Scenario
from tests.support.simulated import ACCESS, LOGIN, START, Guest, Simulated, account

NUMBER = "13800138000"
SEGMENT = OutSegment(NUMBER, ACCESS, b"")


def made() -> tuple[Clock, Outgoing, Connection, Connection]:
    """
    A clock, deliveries, and connections of two accounts that are not delivered to.
    """
    clock = Clock()
    clock.rightNow = START
    accounts = (account(), account(login="900002"))
    carrier = Carrier(Scenario(accounts), clock, clock.seconds)
    one, other = (Connection(carrier.session(), clock, carrier) for _ in range(2))
    one.subscriber = carrier.subscribers[LOGIN]
    other.subscriber = carrier.subscribers["900002"]
    return clock, carrier.outgoing, one, other


def waiting(connection: Connection) -> int:
    """
    How many deliveries its account has.
    """
    assert connection.subscriber is not None
    return connection.subscriber.waiting


def test_receipts_wait() -> None:
    """
    Each comes after its delay, to the account that submitted.
    """
    clock, outgoing, one, other = made()
    outgoing.report(one, "01", SEGMENT, NUMBER, PLAIN, 1.0, START)
    outgoing.report(
        other, "02", SEGMENT, NUMBER, Rule(receipts=2).outcome(), 1.0, START
    )
    assert (3, 0, 0) == (len(outgoing), waiting(one), waiting(other))

    clock.advance(1.01)
    assert (0, 1, 2) == (len(outgoing), waiting(one), waiting(other))


def test_early_receipts_do_not_wait() -> None:
    """
    Offered at once; so are those without a delay.
    """
    _, outgoing, one, _ = made()
    outgoing.report(one, "01", SEGMENT, NUMBER, Rule(early=True).outcome(), 9.0, 0)
    outgoing.report(one, "01", SEGMENT, NUMBER, PLAIN, 0.0, 0)

    assert (0, 2) == (len(outgoing), waiting(one))


def test_times_are_of_submit_and_delivery() -> None:
    """
    Done_time is Submit_time plus the delay.
    """
    clock, outgoing, one, _ = made()
    outgoing.report(one, "07", SEGMENT, NUMBER, PLAIN, 120.0, START)
    clock.advance(121.0)

    assert one.subscriber is not None
    report = one.subscriber.kept()[0].pdu
    assert isinstance(report, Reported)
    assert 2 == int(report.done) - int(report.submitted)
    assert (7, ACCESS.encode()) == (report.about, report.access)


def test_replies_wait_too() -> None:
    """
    All parts of a phone's answer, with another reference each time.
    """
    clock, outgoing, one, _ = made()
    account = one.subscriber
    assert account is not None
    outgoing.reply(account, NUMBER, ACCESS, "1 确认", 1.0, START)
    clock.advance(1.01)
    parts = outgoing.parts(account, NUMBER, ACCESS, "长" * 100, "auto", 1, START)

    assert (1, 2) == (waiting(one), len(parts))
    assert all(isinstance(part.pdu, Deliver) for part in parts)


def test_a_stop_is_a_stop() -> None:
    """
    What waits is not sent any more.
    """
    clock, outgoing, one, _ = made()
    outgoing.report(one, "01", SEGMENT, NUMBER, PLAIN, 1.0, START)
    outgoing.stop()

    assert [] == clock.getDelayedCalls()


every = pytest.mark.parametrize("protocol", SPOKEN)


def entered(protocol: str, **switches: object) -> tuple[Simulated, Guest]:
    """
    A carrier with faults, and a guest.
    """
    simulated = Simulated(
        Scenario((account(),), (), Latency(0.0, 0.0, 0.1), protocol=protocol)
    )
    simulated.carrier.faults.set(**switches)
    return simulated, simulated.enter()


@every
@pytest.mark.parametrize(
    ("switches", "soon", "later"),
    [
        ({"lose_receipts": 1}, 1, 1),
        ({"double_receipts": 1}, 3, 3),
        ({"slow_receipts": 5.0}, 0, 2),
        ({"stat": "EXPIRED"}, 2, 2),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_receipts_go_wrong(
    protocol: str, switches: dict[str, object], soon: int, later: int
) -> None:
    """
    Two submits have so many receipts within a second, and in the end.
    """
    simulated, guest = entered(protocol, **switches)
    guest.submit(NUMBER, NUMBER)
    simulated.advance(1.0)
    assert soon == len(guest.receipts)

    simulated.advance(5.0)
    assert later == len(guest.receipts)
    state = "expired" if "stat" in switches else "delivered"
    assert {state} == set(guest.states)


@every
def test_receipts_come_out_of_order(protocol: str) -> None:
    """
    Scattered over time.
    """
    simulated, guest = entered(protocol, scatter_receipts=1.0)
    guest.submit(*[NUMBER] * 10)
    simulated.advance(1.5)

    came = [one.carrier_id for one in guest.receipts]
    assert sorted(guest.ids) == sorted(came) != came


@every
def test_receipts_come_on_another_connection(protocol: str) -> None:
    """
    Never on the submit's own, unless it is the only one.
    """
    simulated, guest = entered(protocol, elsewhere=True)
    guest.submit(NUMBER)
    simulated.advance(0.5)
    assert 1 == len(guest.receipts)

    other = simulated.enter()
    guest.submit(*[NUMBER] * 5)
    simulated.advance(0.5)
    assert (1, 5) == (len(guest.receipts), len(other.receipts))


@every
def test_another_layout_is_read_too(protocol: str) -> None:
    """
    The same receipt as another gateway writes it.
    """
    simulated, guest = entered(protocol, swap=True)
    guest.submit(NUMBER)
    simulated.advance(0.5)

    assert guest.ids == [one.carrier_id for one in guest.receipts]
    assert [] == guest.unread


@every
def test_a_garbled_receipt_comes_before_the_right_one(protocol: str) -> None:
    """
    SGIP's have nothing in them that could not be read.
    """
    simulated, guest = entered(protocol, garble=1)
    guest.submit(NUMBER, NUMBER)
    simulated.advance(0.5)

    assert 2 == len(guest.receipts)
    assert (0 if protocol == "sgip" else 1) == len(guest.unread)


@every
def test_random_reports_are_of_the_tables(protocol: str) -> None:
    """
    A share of them; some code that our dialect reads.
    """
    simulated, guest = entered(protocol, any_stat=0.5)
    for _ in range(20):
        guest.submit(*[NUMBER] * 10)
        simulated.advance(0.2)
    simulated.advance(0.5)

    assert 200 == len(guest.receipts)
    assert 90 < guest.states.count("delivered") < 150
    assert len({one.code for one in guest.receipts}) > 4
