"""
Receipts and replies wait for their time and go to their own account.
"""

from twisted.internet.task import Clock

from smsgw.protocols.cmpp import Deliver
from smsgw.simulator.admission import Limiter
from smsgw.simulator.cmpp import CmppManner
from smsgw.simulator.delivery import Reported
from smsgw.simulator.faults import Faults
from smsgw.simulator.manner import Asked
from smsgw.simulator.outgoing import Outgoing
from smsgw.simulator.rules import PLAIN, Rule
from smsgw.simulator.scenario import Scenario
from smsgw.simulator.subscriber import Subscriber
from tests.support.simulated import ACCESS, START, account, submit

NUMBER = "13800138000"


def made() -> tuple[Clock, Outgoing, Subscriber, Subscriber]:
    """
    A clock, deliveries, and two accounts that are not connected.
    """
    clock, faults = Clock(), Faults()
    clock.rightNow = START
    manner = CmppManner(Scenario((account(),)))
    one, other = (Subscriber(account(), Limiter(0.0), faults, manner) for _ in range(2))
    return clock, Outgoing(clock, faults, manner), one, other


def asked() -> Asked:
    """
    A submit to the number.
    """
    read = CmppManner(Scenario((account(),))).read(submit(NUMBER))
    assert read is not None
    return read


def test_receipts_wait() -> None:
    """
    Each comes after its delay, to the account that submitted.
    """
    clock, outgoing, one, other = made()
    message = asked()
    outgoing.report(one, message, 1, NUMBER, PLAIN, 1.0, START)
    outgoing.report(other, message, 2, NUMBER, Rule(receipts=2).outcome(), 1.0, START)
    assert (3, 0, 0) == (len(outgoing), one.waiting, other.waiting)

    clock.advance(1.01)
    assert (0, 1, 2) == (len(outgoing), one.waiting, other.waiting)


def test_early_receipts_do_not_wait() -> None:
    """
    Offered at once; so are those without a delay.
    """
    _, outgoing, one, _ = made()
    outgoing.report(one, asked(), 1, NUMBER, Rule(early=True).outcome(), 9.0, 0)
    outgoing.report(one, asked(), 1, NUMBER, PLAIN, 0.0, 0)

    assert (0, 2) == (len(outgoing), one.waiting)


def test_times_are_of_submit_and_delivery() -> None:
    """
    Done_time is Submit_time plus the delay.
    """
    clock, outgoing, one, _ = made()
    outgoing.report(one, asked(), 7, NUMBER, PLAIN, 120.0, START)
    clock.advance(121.0)

    (report,) = one.kept()
    assert isinstance(report, Reported)
    assert 2 == int(report.done) - int(report.submitted)
    assert (7, ACCESS.encode()) == (report.about, report.access)


def test_replies_wait_too() -> None:
    """
    All parts of a phone's answer, with another reference each time.
    """
    clock, outgoing, one, _ = made()
    outgoing.reply(one, NUMBER, ACCESS, "1 确认", 1.0, START)
    clock.advance(1.01)
    parts = outgoing.parts(NUMBER, ACCESS, "长" * 100, "auto", 1, START)

    assert (1, 2) == (one.waiting, len(parts))
    assert all(isinstance(part.pdu, Deliver) for part in parts)


def test_a_stop_is_a_stop() -> None:
    """
    What waits is not sent any more.
    """
    clock, outgoing, one, _ = made()
    outgoing.report(one, asked(), 1, NUMBER, PLAIN, 1.0, START)
    outgoing.stop()

    assert [] == clock.getDelayedCalls()
