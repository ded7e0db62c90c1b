"""
Neutral values say nothing of people.
"""

from smsgw.protocols.neutral import InboundPart, OutSegment, ReceiptIn


def test_no_text_in_repr() -> None:
    """
    Neither phones nor texts are in a repr.
    """
    shown = repr(
        [
            OutSegment("13800138000", "10690000", b"secret"),
            ReceiptIn("00", "delivered", "DELIVRD", "13800138000"),
            InboundPart("13800138000", "10690000", b"secret"),
        ]
    )
    assert "13800138000" not in shown
    assert "secret" not in shown
