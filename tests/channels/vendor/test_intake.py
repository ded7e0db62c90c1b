"""
Reports are kept, and told of when all are durable.
"""

from smsgw.channels.vendor.contract import VendorContract
from smsgw.channels.vendor.intake import Intake
from smsgw.gateway.outbox import Outbox
from tests.channels.vendor.imitations import channel_of
from tests.support.worlds import Still


def test_last_one_tells() -> None:
    """
    Ids are of all rows, kept are those that end something.
    """
    outbox = Outbox(lambda: None)
    intake = Intake(VendorContract.of(channel_of("tencent")), Still(), outbox)
    row = {"mobile": "13800138000", "report_status": "SUCCESS"}
    rows = [{**row, "sid": "1"}, {**row, "sid": "2"}, {"sid": "3"}]
    taken = intake.take("receipts", {"data": rows})
    assert (["1", "2", "3"], 2) == (taken.ids, taken.kept)
    first, last = outbox.acks
    first()
    assert not taken.durable.called
    last()
    assert taken.durable.called


def test_nothing_to_keep() -> None:
    """
    An empty list is durable at once.
    """
    intake = Intake(
        VendorContract.of(channel_of("tencent")), Still(), Outbox(lambda: None)
    )
    taken = intake.take("inbound", {"data": [{"text": "nobody"}]})
    assert taken.durable.called
    assert ([], 0) == (taken.ids, taken.kept)
