"""
CMPP's own manner; the rest of it is tested through the carrier.
"""

from smsgw.protocols.cmpp import Cancel, Deliver, DeliverResp, Query
from smsgw.simulator.cmpp import CmppManner
from smsgw.simulator.manner import Told
from smsgw.simulator.scenario import Scenario
from tests.support.simulated import LOGIN, Simulated, account, submit

MANNER = CmppManner(Scenario((account(),)))


def test_what_is_no_submit() -> None:
    """
    Counters of the day, a cancel that comes too late, a refusal for the rest.
    """
    totals = Simulated().carrier.subscribers[LOGIN]
    totals.accepted = 7
    query = Query(time="20261123")
    answer = MANNER.other(query, lambda: totals)
    assert ("20261123", 7) == (answer.time, answer.mt_tlmsg)  # type: ignore[union-attr]
    cancel = MANNER.other(Cancel(msg_id=1), lambda: totals)
    assert 1 == cancel.success_id  # type: ignore[union-attr]
    assert MANNER.read(query) is None
    assert MANNER.read(submit("13800138000")) is not None


def test_an_answer_to_another_delivery() -> None:
    """
    It makes no sense, whatever it says.
    """
    told = Told(
        Deliver(msg_id=7, dest_id="1", src_terminal_id="2", msg_content=b""), False
    )
    answers = (
        DeliverResp(msg_id=7),
        DeliverResp(msg_id=7, result=1),
        DeliverResp(msg_id=8),
    )
    assert [True, False, None] == [MANNER.delivered(told, one) for one in answers]


def test_ids_as_a_journal_shows_them() -> None:
    """
    Sixteen hexadecimal digits.
    """
    (one,) = MANNER.take_ids(1_790_000_000.0, 1, 5)
    assert f"{one:016x}" == MANNER.shown(one)
