"""
Deliveries on the wire.
"""

import pytest

from smsgw.errors import Refused
from smsgw.protocols.cmpp import V20, V21, V30, Deliver, Report
from smsgw.protocols.cmpp_rules import CMPP
from smsgw.simulator.delivery import Reported, replies

NUMBER, ACCESS = "13800138000", "1069000001"
REPORT = {
    "about": 0xCCB6DEC003E9FFFF,
    "stat": b"DELIVRD",
    "submitted": b"2609010101",
    "done": b"2609010102",
    "access": ACCESS.encode(),
    "number": NUMBER.encode(),
}


@pytest.mark.parametrize("version", [V20, V21, V30])
@pytest.mark.parametrize("other", [False, True])
def test_a_report_is_a_deliver(version: int, other: bool) -> None:
    """
    What is written in one stroke equals what the tables write.
    """
    layout = (V20 if other else V30) if version == V30 else (V30 if other else V20)
    report = Report(
        msg_id=REPORT["about"],
        stat="DELIVRD",
        submit_time="2609010101",
        done_time="2609010102",
        dest_terminal_id=NUMBER,
        smsc_sequence=5,
    )
    whole = Deliver(
        msg_id=5,
        dest_id=ACCESS,
        src_terminal_id=NUMBER,
        registered_delivery=1,
        msg_content=Report.codecs[layout].encode(report),
    )
    made = Reported(5, *REPORT.values(), other)

    assert CMPP.encode(whole, version, 9) == CMPP.encode(made, version, 9)


def test_a_short_reply_is_one_delivery() -> None:
    """
    ASCII as such, without a header.
    """
    (one,) = replies(NUMBER, ACCESS, "TD")

    assert (NUMBER, ACCESS) == (one.number, one.access_number)
    assert (0, False, b"TD") == (one.coding, one.udhi, one.payload)


@pytest.mark.parametrize(("coding", "fmt"), [("auto", 8), ("gb18030", 15)])
def test_a_long_reply_has_parts(coding: str, fmt: int) -> None:
    """
    The same reference, the wished coding.
    """
    made = replies(NUMBER, ACCESS, "长" * 150, coding, 9)

    assert {(fmt, True)} == {(one.coding, one.udhi) for one in made}
    assert [bytes((5, 0, 3, 9, 3, n)) for n in (1, 2, 3)] == [
        one.payload[:6] for one in made
    ]


def test_an_empty_reply_is_refused() -> None:
    """
    A phone does not send nothing.
    """
    with pytest.raises(Refused):
        replies(NUMBER, ACCESS, "")
