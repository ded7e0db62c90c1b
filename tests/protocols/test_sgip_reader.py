"""
SGIP's packet reader against the vectors, field by field.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.protocols.reader import decode_line, encode_line
from smsgw.protocols.rows import WireError
from tests.support.vectors import of_kind, vectors_of

PDUS = of_kind("pdu", "sgip")
DELIVER = {
    "command": "Deliver",
    "UserNumber": "13800138000",
    "SPNumber": "1065",
    "MessageContent": "ff",
}


@pytest.mark.parametrize("vector", PDUS, ids=lambda v: v["name"])
def test_decode(vector: dict[str, Any]) -> None:
    """
    Every field of the vector is shown under its name with its value.
    """
    shown = decode_line(vector["hex"], vector["version"], "sgip")
    assert {"command": vector["command"]} | vector["fields"] == shown


@pytest.mark.parametrize("vector", PDUS, ids=lambda v: v["name"])
def test_encode(vector: dict[str, Any]) -> None:
    """
    The vector's fields encode to its octets, by its command's name or number.
    """
    expected = vector["hex"]
    if "_trailing" in vector["fields"]:
        expected = f"{20:08x}{expected[8:40]}"
    version = vector["version"]
    assert expected == encode_line(vector["fields"], version, "sgip")
    fields = {"command": vector["command"]} | vector["fields"]
    assert expected == encode_line(fields, version, "sgip")


@pytest.mark.parametrize("vector", of_kind("malformed", "sgip"))
def test_malformed(vector: dict[str, Any]) -> None:
    """
    A length or a count that lies is refused.
    """
    with pytest.raises(WireError):
        decode_line(vector["hex"], protocol="sgip")


@pytest.mark.parametrize(
    "sequence",
    [{"hex": "00000001"}, "01", 1, "000000000000000000000001"],
)
def test_ways_to_write_a_sequence(sequence: Any) -> None:
    """
    A sequence is its parts' hex, hex, or a number.
    """
    line = encode_line(DELIVER | {"Sequence": sequence}, protocol="sgip")
    assert f"{1:024x}" == line[16:40]


@pytest.mark.parametrize(
    "fields",
    [
        DELIVER | {"Sequence": {}},
        DELIVER | {"Sequence": "00" * 13},
        DELIVER | {"Sequence": -1},
        DELIVER | {"Sequence": 1.5},
        DELIVER | {"Reserve": "ff" * 9},
        DELIVER | {"Reserve": "x"},
        {"command": "Trace", "UserNumber": "", "SubmitSequenceNumber": "x"},
        {"command": "Trace", "UserNumber": ""},
        {"command": "Trace_Resp", "nodes": 7},
        {"command": "Trace_Resp", "nodes": [7]},
        {"command": "Trace_Resp", "nodes": [{}]},
        {"command": "Trace_Resp", "nodes": [{"NodeId": "1234567"}]},
        {"command": "Trace_Resp", "nodes": [{"NodeId": "1", "Result": "x"}]},
    ],
)
def test_bad_objects(fields: dict[str, Any]) -> None:
    """
    What cannot be encoded raises WireError.
    """
    with pytest.raises(WireError):
        encode_line(fields, protocol="sgip")


def test_empty_trace() -> None:
    """
    A trace that found no node, and a text that is none.
    """
    line = encode_line({"command": "Trace_Resp"}, protocol="sgip")
    assert [] == decode_line(line, "1.3", "sgip")["nodes"]
    shown = decode_line(encode_line(DELIVER, protocol="sgip"), protocol="sgip")
    assert shown["text"] is None


def test_the_16_bit_header() -> None:
    """
    A long message's header may have a reference of two octets.
    """
    fields = DELIVER | {"TP_udhi": 1, "MessageContent": "06080412340301" + "4e2d"}
    line = encode_line(fields, protocol="sgip")
    expected = {"hex": "06080412340301", "ref": 0x1234, "total": 3, "seq": 1}
    assert expected == decode_line(line, protocol="sgip")["udh"]


@given(st.sampled_from(vectors_of("sgip")), st.binary(max_size=60))
def test_any_body(vector: dict[str, Any], more: bytes) -> None:
    """
    Whatever follows a header is shown or raises WireError.
    """
    body = bytes.fromhex(vector["hex"])[4:60] + more
    frame = (len(body) + 4).to_bytes(4, "big") + body
    try:
        shown = decode_line(frame.hex(), protocol="sgip")
    except WireError:
        return
    assert frame[8:20].hex() == shown["Sequence"]["hex"]
