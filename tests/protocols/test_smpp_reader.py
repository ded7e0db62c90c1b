"""
SMPP's packet reader against the vectors, field by field.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.protocols.reader import decode_line, encode_line
from smsgw.protocols.rows import WireError
from tests.support.vectors import of_kind, vectors_of, version_of

PDUS = of_kind("pdu", "smpp")
SUBMIT = {"command": "submit_sm", "source_addr": "1065", "destination_addr": "86138"}


@pytest.mark.parametrize("vector", PDUS, ids=lambda v: v["name"])
def test_decode(vector: dict[str, Any]) -> None:
    """
    Every field of the vector is shown under its name with its value.
    """
    shown = decode_line(vector["hex"], version_of(vector), "smpp")
    expected = {"command": vector["command"]} | vector["fields"]
    if "receipt" in expected:
        told = shown["receipt"]
        shown["receipt"] = {key: told[key] for key in expected["receipt"]}
    assert expected == {key: shown[key] for key in expected}
    assert set(shown) - set(expected) <= {"text", "_no_body"}


@pytest.mark.parametrize("vector", PDUS, ids=lambda v: v["name"])
def test_encode(vector: dict[str, Any]) -> None:
    """
    The vector's fields encode to its octets, by its command's name or number.
    """
    version = version_of(vector)
    assert vector["hex"] == encode_line(vector["fields"], version, "smpp")
    fields = {"command": vector["command"]} | vector["fields"]
    assert vector["hex"] == encode_line(fields, version, "smpp")


def test_malformed() -> None:
    """
    A lost TLV is not shown; a length that lies is refused.
    """
    lines = {v["name"]: v["hex"] for v in vectors_of("smpp")}
    name = "smpp_deliver_sm_receipt_bad_tlv_length_ch"
    shown = decode_line(lines[name], protocol="smpp")
    assert ["0x0427"] == [tlv["tag"] for tlv in shown["tlvs"]]
    assert "0000003005" == shown["receipt"]["id"]
    with pytest.raises(WireError):
        decode_line(lines["smpp_deliver_sm_bad_sm_length_ch"], protocol="smpp")


def test_many_receivers() -> None:
    """
    Lists of receivers go both ways.
    """
    targets = [
        {"address": "8613800138000", "ton": 1, "npi": 1, "flag": 1},
        {"address": "staff", "ton": 0, "npi": 0, "flag": 2},
    ]
    fields = {
        "command": "submit_multi",
        "source_addr": "1065",
        "dest_address": targets,
        "esm_class": 0x40,
        "short_message": "0500032e03016869",
    }
    shown = decode_line(encode_line(fields, protocol="smpp"), protocol="smpp")
    assert (2, targets) == (shown["number_of_dests"], shown["dest_address"])
    assert "hi" == shown["text"]
    assert {"hex": "0500032e0301", "ref": 46, "total": 3, "seq": 1} == shown["udh"]


@pytest.mark.parametrize(
    "fields",
    [
        SUBMIT | {"tlvs": 7},
        SUBMIT | {"tlvs": [{}]},
        SUBMIT | {"tlvs": [{"tag": "x", "value_hex": "00"}]},
        SUBMIT | {"tlvs": [{"tag": 1, "value_hex": "x"}]},
        SUBMIT | {"command_status": "0xgg"},
        SUBMIT | {"command_status": "ok"},
        SUBMIT | {"sequence_number": -1},
        {"command": "submit_multi", "source_addr": "1", "dest_address": [7]},
        {"command": "submit_multi", "source_addr": "1", "dest_address": 7},
        {"command": "submit_multi", "source_addr": "1", "dest_address": [{"x": 1}]},
        {
            "command": "submit_multi",
            "source_addr": "1",
            "dest_address": [{"address": 1}],
        },
    ],
)
def test_what_cannot_be_written(fields: dict[str, Any]) -> None:
    """
    What is no list of TLVs or receivers, or no number, raises WireError.
    """
    with pytest.raises(WireError):
        encode_line(fields, protocol="smpp")


def test_unknown_tlv() -> None:
    """
    An unknown TLV has no name and value, and comes back.
    """
    fields = SUBMIT | {"tlvs": [{"tag": 0x1400, "value_hex": "0102"}]}
    line = encode_line(fields, protocol="smpp")
    shown = decode_line(line, protocol="smpp")
    expected = {"tag": "0x1400", "name": "", "length": 2, "value_hex": "0102"}
    assert [expected] == shown["tlvs"]
    assert line == encode_line(shown, protocol="smpp")


@given(st.sampled_from(PDUS), st.binary(max_size=40))
def test_any_body(vector: dict[str, Any], more: bytes) -> None:
    """
    Whatever follows a header is shown or raises WireError.
    """
    body = bytes.fromhex(vector["hex"])[4:40] + more
    frame = (len(body) + 4).to_bytes(4, "big") + body
    try:
        shown = decode_line(frame.hex(), protocol="smpp")
    except WireError:
        return
    assert vector["fields"]["command_id"] == shown["command_id"]
