"""
The packet reader against the vectors, field by field.
"""

from typing import Any

import pytest

from smsgw.protocols.reader import decode_line, encode_line
from smsgw.protocols.rows import WireError
from tests.support.vectors import of_kind, version_of

PDUS = of_kind("pdu")
IDS = [vector["name"] for vector in PDUS]


@pytest.mark.parametrize("vector", PDUS, ids=IDS)
def test_decode(vector: dict[str, Any]) -> None:
    """
    Every field of the vector is shown under its name with its value.
    """
    shown = decode_line(vector["hex"], version_of(vector))
    expected = {"command": vector["command"]} | vector["fields"]
    if "FWD" in vector["command"]:
        shown = {name: shown[name] for name in expected}
    assert expected == shown


@pytest.mark.parametrize(
    "vector", [v for v in PDUS if "FWD" not in v["command"]], ids=lambda v: v["name"]
)
def test_encode(vector: dict[str, Any]) -> None:
    """
    The vector's fields encode to its octets.
    """
    assert vector["hex"] == encode_line(vector["fields"], version_of(vector))


@pytest.mark.parametrize("line", ["", "xyz", "00", "0000000c0000000a00000001"])
def test_bad_lines(line: str) -> None:
    """
    What is no PDU raises WireError.
    """
    with pytest.raises(WireError):
        decode_line(line)


@pytest.mark.parametrize("vector", of_kind("malformed"), ids=lambda v: v["name"])
def test_malformed(vector: dict[str, Any]) -> None:
    """
    The malformed vectors are shown or refused as they expect.
    """
    if vector["fields"]["expect"] == "tolerate":
        assert decode_line(vector["hex"], version_of(vector))["Sequence_Id"] == 9
        return
    with pytest.raises(WireError):
        decode_line(vector["hex"], version_of(vector))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"command": "CMPP_NONSENSE"},
        {"command": ["CMPP_CONNECT"]},
        {"Command_Id": 4},
        {"Command_Id": 7, "Msg_Id": "zz"},
        {"Command_Id": 7, "Msg_Id": 5},
        {"Command_Id": 8, "Sequence_Id": -1},
        {"Command_Id": 8, "Sequence_Id": "one"},
        {"Command_Id": 0x80000001, "Status": 256, "Version": 999},
    ],
)
def test_bad_objects(fields: dict[str, Any]) -> None:
    """
    What cannot be encoded raises WireError.
    """
    with pytest.raises(WireError):
        encode_line(fields)


def test_unknown_version() -> None:
    """
    A version that does not exist is refused.
    """
    with pytest.raises(WireError):
        decode_line("0000000c0000000800000001", "4.0")


def test_short_report() -> None:
    """
    A report too short to read is shown with an error inside.
    """
    fields = {
        "command": "CMPP_DELIVER",
        "Msg_Id": "00" * 8,
        "Dest_Id": "10690000",
        "Src_terminal_Id": "13800138000",
        "Registered_Delivery": 1,
        "Msg_Content_hex": "aa",
    }
    assert "error" in decode_line(encode_line(fields))["report"]
