"""
The compiled code refuses what does not fit.
"""

from typing import Any

import pytest

from smsgw.protocols.cmpp import V20, V30, Submit, SubmitResp
from smsgw.protocols.rows import WireError

GOOD: dict[str, Any] = {
    "msg_src": "900001",
    "src_id": "1069",
    "dest_terminal_id": ("13800138000",),
    "msg_content": b"a",
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("service_id", "x" * 11),
        ("service_id", "业务"),
        ("msg_src", 900001),
        ("pk_total", 256),
        ("pk_total", -1),
        ("pk_total", None),
        ("msg_id", 1 << 64),
        ("dest_terminal_id", ("1" * 33,)),
        ("dest_terminal_id", ("1",) * 256),
        ("dest_terminal_id", 5),
        ("msg_content", b"a" * 256),
        ("msg_content", "text"),
        ("link_id", "x" * 21),
    ],
)
def test_too_wide(name: str, value: object) -> None:
    """
    A value too wide or of a wrong kind is named in a WireError.
    """
    pdu = Submit(**(GOOD | {name: value}))
    with pytest.raises(WireError) as raised:
        Submit.codecs[V30].encode(pdu)
    assert str(raised.value).endswith(name)


def test_sizes() -> None:
    """
    Fixed PDUs know their size per version, variable ones have none.
    """
    assert (21, 24) == tuple(SubmitResp.codecs[v].size for v in (V20, V30))
    assert 0 == Submit.codecs[V20].size


def test_size_formulas() -> None:
    """
    SUBMIT is 138+21n+m or 163+32n+m octets with its header.
    """
    pdu = Submit(**GOOD)
    assert 138 + 21 + 1 == 12 + len(Submit.codecs[V20].encode(pdu))
    assert 163 + 32 + 1 == 12 + len(Submit.codecs[V30].encode(pdu))
