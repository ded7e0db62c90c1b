"""
What CMPP's carrier does in its own way.
"""

from smsgw.protocols.cmpp import Deliver, Report
from smsgw.protocols.cmpp_values import read_report
from smsgw.simulator.cmpp_speech import CmppSpeech, cmpp_ids
from smsgw.simulator.delivery import Reported
from smsgw.simulator.scenario import Latency, Scenario
from tests.support.simulated import ACCESS, SECRET, Simulated, account, submit

NUMBER = "13800138000"


def speech() -> CmppSpeech:
    """
    An account's.
    """
    scenario = Scenario((account(),))
    return CmppSpeech(scenario, scenario.accounts[0], ids=cmpp_ids(scenario))


def test_ids_are_a_run() -> None:
    """
    16 hex digits; submits and deliveries count for themselves.
    """
    made = speech()
    first = made.new_ids(1.0, 1, 9)
    run = made.new_ids(1.0, 3, 10)

    assert [int(first[0], 16) + n for n in (1, 2, 3)] == [int(one, 16) for one in run]
    assert {16} == {len(one) for one in run}
    assert not set(made.delivery_ids(1.0, 4)) & {*first, *run}


def test_a_garbled_report_cannot_be_read() -> None:
    """
    Shorter than a report's head.
    """
    made = speech()
    (segment,) = made.read(submit(NUMBER)) or ()
    report = made.report("1f", segment, NUMBER, "DELIVRD", "2609", "2609", 1.0, False)
    garbled = made.garbled(report)

    assert isinstance(report, Reported)
    assert isinstance(garbled, Deliver)
    assert (1, 10) == (garbled.registered_delivery, len(garbled.msg_content))


def test_a_submit_for_nobody_is_refused() -> None:
    """
    By its form first, then for its destination.
    """
    carrier = Simulated(Scenario((account(),), latency=Latency(0.0)))
    client = carrier.connect()
    client.submit(submit("", dest_terminal_id=()))
    client.submit(submit("", dest_terminal_id=(), fee_type="99"))

    assert [13, 5] == client.results


def test_a_report_in_the_other_layout_is_read_by_its_length() -> None:
    """
    60 octets on a 3.0 connection.
    """
    carrier = Simulated(Scenario((account(),), latency=Latency(0.0, 0.0, 0.1)))
    client = carrier.connect(secret=SECRET)
    carrier.carrier.faults.set(swap=True)
    client.submit(submit(NUMBER, src_id=ACCESS))
    carrier.advance(0.5)

    (delivery,) = client.received
    assert isinstance(delivery, Deliver)
    report: Report = read_report(delivery)
    assert (60, NUMBER) == (len(delivery.msg_content), report.dest_terminal_id)
