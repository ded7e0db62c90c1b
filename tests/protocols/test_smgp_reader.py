"""
SMGP's packet reader against the vectors, field by field.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.protocols.reader import decode_line, encode_line
from smsgw.protocols.rows import WireError
from tests.support.vectors import of_kind, vectors_of, version_of

PDUS = of_kind("pdu", "smgp")
DELIVER = {
    "command": "Deliver",
    "MsgID": "00" * 10,
    "SrcTermID": "13800138000",
    "DestTermID": "1065",
    "MsgContent": "ff",
}


@pytest.mark.parametrize("vector", PDUS, ids=lambda v: v["name"])
def test_decode(vector: dict[str, Any]) -> None:
    """
    Every field of the vector is shown under its name with its value.
    """
    shown = decode_line(vector["hex"], version_of(vector), "smgp")
    expected = {"command": vector["command"]} | vector["fields"]
    expected.pop("secret", None)
    if "report" in expected:
        shown["report"] = {k: shown["report"][k] for k in expected["report"]}
    assert expected == shown


@pytest.mark.parametrize("vector", PDUS, ids=lambda v: v["name"])
def test_encode(vector: dict[str, Any]) -> None:
    """
    The vector's fields encode to its octets, by its command's name or number.
    """
    version = version_of(vector)
    assert vector["hex"] == encode_line(vector["fields"], version, "smgp")
    fields = {"command": vector["command"]} | vector["fields"]
    assert vector["hex"] == encode_line(fields, version, "smgp")


def test_malformed() -> None:
    """
    A lost TLV is not shown; a length that lies is refused.
    """
    lines = {v["name"]: v["hex"] for v in vectors_of("smgp")}
    shown = decode_line(lines["smgp_deliver_truncated_tlv"], protocol="smgp")
    assert ([], "hi") == (shown["tlvs"], shown["text"])
    for name in ("smgp_deliver_msglength_lies", "smgp_bad_length_11"):
        with pytest.raises(WireError):
            decode_line(lines[name], protocol="smgp")


@pytest.mark.parametrize(
    "tlvs", [7, [7], [{}], [{"tag": 1}], [{"tag": "x", "value_hex": "00"}]]
)
def test_no_tlvs(tlvs: Any) -> None:
    """
    What is no list of TLVs cannot be encoded.
    """
    with pytest.raises(WireError):
        encode_line(DELIVER | {"tlvs": tlvs}, protocol="smgp")


def test_unknown_tlv_and_bad_text() -> None:
    """
    An unknown TLV has no name and value; octets that are no text are no text.
    """
    fields = DELIVER | {"tlvs": [{"tag": 0x101, "value_hex": "0102"}], "MsgFormat": 8}
    shown = decode_line(encode_line(fields, protocol="smgp"), protocol="smgp")
    expected = {"tag": 257, "name": "", "length": 2, "value_hex": "0102"}
    assert [expected] == shown["tlvs"]
    assert shown["text"] is None


def test_report_without_id() -> None:
    """
    A report that cannot be read is shown with an error inside.
    """
    line = encode_line(DELIVER | {"IsReport": 1}, protocol="smgp")
    assert "error" in decode_line(line, protocol="smgp")["report"]


@given(st.sampled_from(PDUS), st.binary(max_size=40))
def test_any_body(vector: dict[str, Any], more: bytes) -> None:
    """
    Whatever follows a header is shown or raises WireError.
    """
    body = bytes.fromhex(vector["hex"])[4:40] + more
    frame = (len(body) + 4).to_bytes(4, "big") + body
    try:
        shown = decode_line(frame.hex(), protocol="smgp")
    except WireError:
        return
    assert vector["fields"]["RequestID"] == shown["RequestID"]
