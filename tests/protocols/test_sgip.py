"""
SGIP's tables against the vectors, and their properties.
"""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsgw.protocols.rows import Pdu, WireError
from smsgw.protocols.sgip import (
    PDUS,
    V12,
    V13,
    VERSIONS,
    Report,
    Submit,
    SubmitResp,
    TraceNode,
    TraceResp,
    UnbindResp,
)
from smsgw.protocols.sgip_rules import LAST_SEQUENCE, SGIP
from smsgw.protocols.sgip_settings import VERSION_OF
from tests.support.rows import pdus
from tests.support.vectors import of_kind, vectors_of

TABLES = [*PDUS.values(), TraceNode]
EVERY = [(cls, version) for cls in TABLES for version in VERSIONS]
IDS = [f"{cls.title}-{version:#x}" for cls, version in EVERY]
HEX = {v["name"]: bytes.fromhex(v["hex"]) for v in vectors_of("sgip")}


def header_of(cls: type[Pdu]) -> bytes:
    """
    As many octets as stand before a table's rows.
    """
    return b"" if cls is TraceNode else bytes(20)


@pytest.mark.parametrize("vector", of_kind("pdu", "sgip"), ids=lambda v: v["name"])
def test_vectors(vector: dict[str, Any]) -> None:
    """
    Every PDU vector decodes, and encodes to its octets again but for what trails.
    """
    frame = bytes.fromhex(vector["hex"])
    version = VERSION_OF[vector["version"]]
    pdu = SGIP.decode(frame, version)
    assert vector["command"] == pdu.title
    sequence = int(vector["fields"]["Sequence"]["hex"], 16)
    assert (pdu.command, sequence) == SGIP.head(frame)
    trailing = bytes.fromhex(vector["fields"].get("_trailing", ""))
    made = SGIP.encode(pdu, version, sequence)
    assert frame[4:] == made[4:] + trailing


@pytest.mark.parametrize("vector", of_kind("stream", "sgip"), ids=lambda v: v["name"])
def test_streams(vector: dict[str, Any]) -> None:
    """
    A stream is cut into its PDUs.
    """
    data, at, found = bytes.fromhex(vector["hex"]), 0, []
    while end := SGIP.cut(data, at):
        found.append((end - at, SGIP.decode(data[at:end], V12).title))
        at = end
    told = vector["fields"]
    assert list(zip(told["pdu_lengths"], told["commands"], strict=True)) == found


@pytest.mark.parametrize(
    "vector", of_kind("malformed", "sgip"), ids=lambda v: v["name"]
)
def test_malformed(vector: dict[str, Any]) -> None:
    """
    A length or a count that lies is no PDU.
    """
    with pytest.raises(WireError):
        SGIP.decode(bytes.fromhex(vector["hex"]), V12)


@pytest.mark.parametrize(("cls", "version"), EVERY, ids=IDS)
@settings(max_examples=20)
@given(data=st.data())
def test_round_trip(data: st.DataObject, cls: type[Pdu], version: int) -> None:
    """
    What is encoded decodes to an equal PDU.
    """
    pdu = data.draw(pdus(cls, version))
    codec = cls.codecs[version]
    assert pdu == codec.decode(header_of(cls) + codec.encode(pdu))


@pytest.mark.parametrize(("cls", "version"), EVERY, ids=IDS)
@settings(max_examples=20)
@given(body=st.binary(max_size=400))
def test_any_bytes(body: bytes, cls: type[Pdu], version: int) -> None:
    """
    Any bytes decode or raise WireError, nothing else.
    """
    with suppress(WireError):
        cls.codecs[version].decode(header_of(cls) + body)


@settings(max_examples=200)
@given(st.sampled_from(sorted(PDUS)), st.binary(max_size=400))
def test_any_frame(command: int, body: bytes) -> None:
    """
    Any body behind a known command decodes or raises WireError.
    """
    length = (20 + len(body)).to_bytes(4, "big")
    frame = length + command.to_bytes(4, "big") + bytes(12) + body
    for version in VERSIONS:
        with suppress(WireError):
            SGIP.decode(frame, version)


@pytest.mark.parametrize("vector", of_kind("pdu", "sgip"), ids=lambda v: v["name"])
def test_cut_short(vector: dict[str, Any]) -> None:
    """
    A vector cut anywhere decodes tolerantly or raises WireError.
    """
    frame = bytes.fromhex(vector["hex"])
    cls = PDUS[int(vector["fields"]["CommandId"], 16)]
    for version in VERSIONS:
        for end in range(20, len(frame)):
            with suppress(WireError):
                SGIP.read(cls, frame[:end], version)


def test_without_reserve() -> None:
    """
    An answer of 21 octets is read, and so is a longer one.
    """
    codec = SubmitResp.codecs[V12]
    assert SubmitResp(result=88) == codec.decode(bytes(20) + b"\x58")
    assert SubmitResp(result=88) == codec.decode(bytes(20) + b"\x58" + bytes(20))
    assert UnbindResp() == UnbindResp.codecs[V12].decode(bytes(29))


def test_trace_in_either_layout() -> None:
    """
    A Trace_Resp is read by its length, whatever the version is.
    """
    for name, version in (("sgip_trace_resp_v12", V12), ("sgip_trace_resp_v13", V13)):
        for read_in in VERSIONS:
            pdu = SGIP.decode(HEX[name], read_in)
            assert isinstance(pdu, TraceResp)
            (node,) = pdu.nodes
            read = TraceNode.codecs[version].decode(node)
            assert isinstance(read, TraceNode)
            assert "251122093016" == read.send_time


def test_a_hundred_numbers() -> None:
    """
    A full UserCount is beyond the standard's 2 KiB and within our limit.
    """
    numbers = tuple(f"86138001{number:05d}" for number in range(100))
    pdu = Submit(sp_number="1065", user_number=numbers, message_content=bytes(140))
    frame = SGIP.encode(pdu, V12, LAST_SEQUENCE)
    assert 2383 == len(frame) == SGIP.cut(frame, 0)
    assert pdu == SGIP.decode(frame, V12)


@pytest.mark.parametrize("sequence", [-1, LAST_SEQUENCE + 1])
def test_sequences_have_twelve_octets(sequence: int) -> None:
    """
    A sequence beyond its octets is no PDU.
    """
    with pytest.raises(WireError):
        SGIP.encode(UnbindResp(), V12, sequence)


def test_no_number_or_text_in_repr() -> None:
    """
    A PDU shown in a log tells neither phones nor text.
    """
    shown = repr(SGIP.decode(HEX["sgip_submit_ascii"], V12))
    assert "130" not in shown
    assert "hello" not in shown
    report = repr(Report(submit_sequence=1, user_number="8613800138000"))
    assert "138" not in report
