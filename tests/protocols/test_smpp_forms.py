"""
The forms that SMPP's PDUs share.
"""

from smsgw.protocols.smpp import PDUS, DeliverSm, SubmitSm
from smsgw.protocols.smpp_forms import V33, V34, Message, SmppPdu


def test_header() -> None:
    """
    Every PDU has a result, and it is no part of the body.
    """
    assert all(issubclass(cls, SmppPdu) for cls in PDUS.values())
    assert all("command_status" == next(iter(cls.rows)) for cls in PDUS.values())


def test_shared_rows() -> None:
    """
    Messages of both ways have the rows of one table; old peers have no TLVs.
    """
    assert Message.rows == SubmitSm.rows == DeliverSm.rows
    assert [False, True] == [Message.rows["tlvs"].present(v) for v in (V33, V34)]
