"""
The compiled code refuses what does not fit.
"""

from typing import Any

import pytest

from smsgw.protocols.cmpp import V20, V30, Submit, SubmitResp
from smsgw.protocols.rows import WireError
from smsgw.protocols.smpp import V34, QuerySm, SubmitMulti, SubmitSm, SubmitSmResp

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


@pytest.mark.parametrize(
    ("pdu", "name"),
    [
        (QuerySm(message_id="1" * 65), "message_id"),
        (QuerySm(message_id="1\0"), "message_id"),
        (QuerySm(message_id="编号"), "message_id"),
        (QuerySm(message_id=None), "message_id"),  # type: ignore[arg-type]
        (SubmitSmResp(message_id="1" * 65), "message_id"),
        (SubmitSmResp(tlvs={1: b""}), "rows after an absent one"),
        (SubmitSm(source_addr="", destination_addr="", tlvs={1 << 16: b""}), "tlvs"),
        (SubmitMulti(source_addr="", dest_address=((),) * 256), "dest_address"),  # type: ignore[arg-type]
    ],
)
def test_what_smpp_cannot_write(pdu: Any, name: str) -> None:
    """
    Strings that end with a NUL, lists and absent bodies are named too.
    """
    with pytest.raises(WireError) as raised:
        pdu.codecs[V34].encode(pdu)
    assert str(raised.value).endswith(name)


def test_strings_without_their_end() -> None:
    """
    A string without its NUL is no string, but for one whose body may be absent.
    """
    with pytest.raises(WireError):
        QuerySm.codecs[V34].decode(bytes(16) + b"77")
    assert SubmitSmResp(message_id="77") == SubmitSmResp.codecs[V34].decode(
        bytes(16) + b"77"
    )


def test_longer_strings_are_read() -> None:
    """
    A peer's string that is too long for the standard is read.
    """
    frame = bytes(16) + b"7" * 70 + b"\0\1\1\0"
    assert QuerySm(
        message_id="7" * 70, source_addr_ton=1, source_addr_npi=1
    ) == QuerySm.codecs[V34].decode(frame)
