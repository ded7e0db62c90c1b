"""
CMPP's tables against the vectors, and their properties.
"""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsgw.protocols.cmpp import PDUS, V20, V30, VERSIONS, Deliver, Report, Submit
from smsgw.protocols.cmpp_rules import CMPP
from smsgw.protocols.rows import Pdu, WireError
from tests.support.rows import pdus
from tests.support.vectors import VECTORS, of_kind, version_of

LAYOUTS = {"2.0": V20, "2.1": 0x21, "3.0": V30}
EVERY = [(cls, version) for cls in (*PDUS.values(), Report) for version in VERSIONS]


@pytest.mark.parametrize("vector", of_kind("pdu"), ids=lambda v: v["name"])
def test_vectors(vector: dict[str, Any]) -> None:
    """
    Every PDU vector decodes, and encodes to its octets again.
    """
    frame = bytes.fromhex(vector["hex"])
    version = LAYOUTS[version_of(vector)]
    pdu = CMPP.decode(frame, version)
    assert vector["command"] == pdu.title
    sequence = vector["fields"]["Sequence_Id"]
    assert frame == CMPP.encode(pdu, version, sequence)


@pytest.mark.parametrize("vector", of_kind("report_body"), ids=lambda v: v["name"])
def test_report_bodies(vector: dict[str, Any]) -> None:
    """
    Report bodies decode to their fields and encode again.
    """
    body, fields = bytes.fromhex(vector["hex"]), vector["fields"]
    report = Report.codecs[V20].decode(body)
    assert fields["Msg_Id"] == f"{report.msg_id:016x}"
    assert fields["Stat"] == report.stat
    assert fields["Submit_time"] == report.submit_time
    assert fields["Done_time"] == report.done_time
    assert fields["Dest_terminal_Id"] == report.dest_terminal_id
    assert fields["SMSC_sequence"] == report.smsc_sequence
    assert body == Report.codecs[V20].encode(report)


@pytest.mark.parametrize(
    ("cls", "version"), EVERY, ids=[f"{c.title}-{v:#x}" for c, v in EVERY]
)
@settings(max_examples=20)
@given(data=st.data())
def test_round_trip(data: st.DataObject, cls: type[Pdu], version: int) -> None:
    """
    What is encoded decodes to an equal PDU.
    """
    pdu = data.draw(pdus(cls, version))
    header = b"" if cls is Report else bytes(12)
    codec = cls.codecs[version]
    assert pdu == codec.decode(header + codec.encode(pdu))


@pytest.mark.parametrize(
    ("cls", "version"), EVERY, ids=[f"{c.title}-{v:#x}" for c, v in EVERY]
)
@settings(max_examples=20)
@given(body=st.binary(max_size=400))
def test_any_bytes(body: bytes, cls: type[Pdu], version: int) -> None:
    """
    Any bytes decode or raise WireError, nothing else.
    """
    with suppress(WireError):
        cls.codecs[version].decode(bytes(12) + body)


@pytest.mark.parametrize("vector", of_kind("pdu"), ids=lambda v: v["name"])
def test_cut_short(vector: dict[str, Any]) -> None:
    """
    A vector cut anywhere decodes tolerantly or raises WireError.
    """
    frame, cls = bytes.fromhex(vector["hex"]), PDUS[vector["fields"]["Command_Id"]]
    for version in VERSIONS:
        for end in range(12, len(frame)):
            try:
                cls.codecs[version].decode(frame[:end])
            except WireError:
                continue


def test_response_by_length() -> None:
    """
    A 21-octet SUBMIT_RESP is read on a 3.0 connection.
    """
    (vector,) = [v for v in VECTORS if v["name"] == "malformed_v2_resp_on_v3_link"]
    assert repr(CMPP.decode(bytes.fromhex(vector["hex"]), V30)) == (
        "<CMPP_SUBMIT_RESP msg_id=1 result=0>"
    )


def test_deliver_without_its_last_field() -> None:
    """
    A DELIVER may end before LinkID or go on after it.
    """
    pdu = Deliver(msg_id=1, dest_id="10690000", src_terminal_id="", msg_content=b"a")
    codec = Deliver.codecs[V30]
    frame = bytes(12) + codec.encode(pdu)
    assert pdu == codec.decode(frame[:-20])
    assert pdu == codec.decode(frame + b"more")


def test_submit_of_another_version() -> None:
    """
    A 2.0 SUBMIT is refused by the 3.0 layout, not read as garbage.
    """
    (vector,) = [v for v in VECTORS if v["name"] == "submit_v2_ucs2"]
    with pytest.raises(WireError):
        Submit.codecs[V30].decode(bytes.fromhex(vector["hex"]))
