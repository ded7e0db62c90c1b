"""
What piles up leaves together, in order, once.
"""

from smsgw.gateway.outbox import Outbox
from smsgw.message import Fact, Receipt
from smsgw.ports import Settle
from tests.support.worlds import NOW


def test_take_empties() -> None:
    """Everything leaves with one parcel; the next one is empty."""
    woken: list[int] = []
    outbox = Outbox(lambda: woken.append(1))
    outbox.start(3)
    outbox.settle(Settle("end", "id1", "his|1"), Fact("final", "id1", NOW))
    receipt = Receipt("cm1", "X", "delivered", "DELIVRD", "13800138000", NOW)
    outbox.keep_receipt(receipt, lambda: None)
    parcel = outbox.take(3, 1, [])

    assert 2 == len(woken)
    assert ["id1"] == [settle.id for settle in parcel.up.settles]
    assert [("3.1", "cm1|X")] == [one[:2] for one in parcel.up.receipts]
    assert 1 == len(parcel.acks)
    assert outbox.empty()
    assert [] == outbox.take(3, 2, []).up.settles


def test_a_receipt_for_another_shard() -> None:
    """It goes where its message is known, with who waits for it."""
    other = Outbox(lambda: None)
    outbox = Outbox(lambda: None)
    outbox.sorted = lambda key: other if key == "cm1|X" else None
    for name in ("X", "Y"):
        receipt = Receipt("cm1", name, "delivered", "DELIVRD", "13800138000", NOW)
        outbox.keep_receipt(receipt, lambda: None)

    assert ["cm1|X"] == [key for key, _ in other.receipts]
    assert ["cm1|Y"] == [key for key, _ in outbox.receipts]
    assert (1, 1) == (len(other.acks), len(outbox.acks))
