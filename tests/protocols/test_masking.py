"""
Nothing that names a person is left in a trace.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.protocols.cmpp import V30, Deliver, Submit
from smsgw.protocols.cmpp_rules import CMPP
from smsgw.protocols.dialects import SPOKEN, dialect_of
from smsgw.protocols.masking import masked_frame, masked_pdu
from smsgw.protocols.neutral import InboundPart, OutSegment, ReceiptIn
from smsgw.protocols.smpp import SubmitMulti
from smsgw.protocols.smpp_parts import Target

PHONE = "13812345678"
TEXT = "您的检验结果为阳性"
SEGMENT = OutSegment(PHONE, "1069000001", TEXT.encode("utf-16-be"))
NAMED = (PHONE.encode(), PHONE[2:-2].encode(), TEXT.encode("utf-16-be"), b"pa55word")


@pytest.mark.parametrize("protocol", sorted(SPOKEN))
def test_no_protocol_tells(protocol: str) -> None:
    """
    Logins, submits, deliveries and reports keep their length, not their people.
    """
    version = list(SPOKEN[protocol].versions)[-1]
    dialect = dialect_of(protocol, "900001", "pa55word", version, "NOTICE", {})
    carrier_id = dialect.new_id(1_790_000_000.0, 1, 7, 9)
    receipt = ReceiptIn(carrier_id, "delivered", "", PHONE, "2609212213", "2609212213")
    part = InboundPart(PHONE, "1069000001", SEGMENT.payload)
    for pdu in (
        dialect.login(1_790_000_000.0),
        dialect.submit(SEGMENT),
        dialect.deliver_receipt(receipt, carrier_id),
        dialect.deliver_inbound(part, carrier_id),
    ):
        frame = dialect.protocol.encode(pdu, dialect.version, 5)
        made = masked_frame(dialect.protocol, dialect.version, frame)
        assert len(frame) == len(made)
        assert dialect.protocol.head(frame) == dialect.protocol.head(made)
        assert not any(named in made for named in NAMED), pdu.title


def test_what_is_kept() -> None:
    """
    A number's ends, a report's words, everything an operator looks for.
    """
    submit = Submit(
        msg_src="900001",
        src_id="1069000001",
        dest_terminal_id=(PHONE,),
        msg_content=b"secret",
        service_id="NOTICE",
    )
    masked = masked_pdu(submit)
    assert isinstance(masked, Submit)
    assert ("138******78",) == masked.dest_terminal_id
    assert (b"******", "NOTICE", "900001") == (
        masked.msg_content,
        masked.service_id,
        masked.msg_src,
    )
    report = Deliver(
        msg_id=7,
        dest_id="10690",
        src_terminal_id=PHONE,
        registered_delivery=1,
        msg_content=b"\0\0\0\0\0\0\0\7DELIVRD" + PHONE.encode(),
    )
    told = masked_pdu(report)
    assert isinstance(told, Deliver)
    assert told.msg_content.endswith(b"DELIVRD138******78")


def test_lists_of_receivers() -> None:
    """
    Numbers inside a list's items are masked.
    """
    targets = (Target(PHONE, 1, 1), Target("staff", flag=2))
    masked = masked_pdu(SubmitMulti(source_addr="1069", dest_address=targets))
    assert isinstance(masked, SubmitMulti)
    assert (Target("138******78", 1, 1), targets[1]) == masked.dest_address


@given(st.binary(min_size=12, max_size=300))
def test_any_octets(frame: bytes) -> None:
    """
    What cannot be read is stars behind its header.
    """
    made = masked_frame(CMPP, V30, frame)
    assert len(frame) == len(made)
    assert frame[:12] == made[:12]
