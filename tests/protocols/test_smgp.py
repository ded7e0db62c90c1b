"""
SMGP's tables against the vectors, and their properties.
"""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsgw.protocols.rows import Pdu, WireError
from smsgw.protocols.smgp import (
    PDUS,
    V13,
    V30,
    VERSIONS,
    ActiveTestResp,
    Deliver,
    LoginResp,
    Submit,
)
from smsgw.protocols.smgp_rules import SMGP
from smsgw.protocols.smgp_settings import VERSION_OF
from tests.support.rows import pdus
from tests.support.vectors import of_kind, vectors_of, version_of

EVERY = [(cls, version) for cls in PDUS.values() for version in VERSIONS]
IDS = [f"{cls.title}-{version:#x}" for cls, version in EVERY]


def vector(name: str) -> bytes:
    """
    A vector's octets.
    """
    (found,) = [v for v in vectors_of("smgp") if v["name"] == name]
    return bytes.fromhex(found["hex"])


@pytest.mark.parametrize("vector", of_kind("pdu", "smgp"), ids=lambda v: v["name"])
def test_vectors(vector: dict[str, Any]) -> None:
    """
    Every PDU vector decodes, and encodes to its octets again.
    """
    frame = bytes.fromhex(vector["hex"])
    version = VERSION_OF[version_of(vector)]
    pdu = SMGP.decode(frame, version)
    assert vector["command"] == pdu.title
    assert frame == SMGP.encode(pdu, version, vector["fields"]["SequenceID"])


@pytest.mark.parametrize(("cls", "version"), EVERY, ids=IDS)
@settings(max_examples=20)
@given(data=st.data())
def test_round_trip(data: st.DataObject, cls: type[Pdu], version: int) -> None:
    """
    What is encoded decodes to an equal PDU.
    """
    pdu = data.draw(pdus(cls, version))
    codec = cls.codecs[version]
    assert pdu == codec.decode(bytes(12) + codec.encode(pdu))


@pytest.mark.parametrize(("cls", "version"), EVERY, ids=IDS)
@settings(max_examples=20)
@given(body=st.binary(max_size=400))
def test_any_bytes(body: bytes, cls: type[Pdu], version: int) -> None:
    """
    Any bytes decode or raise WireError, nothing else.
    """
    with suppress(WireError):
        cls.codecs[version].decode(bytes(12) + body)


@pytest.mark.parametrize("vector", of_kind("pdu", "smgp"), ids=lambda v: v["name"])
def test_cut_short(vector: dict[str, Any]) -> None:
    """
    A vector cut anywhere decodes tolerantly or raises WireError.
    """
    frame = bytes.fromhex(vector["hex"])
    cls = PDUS[int(vector["fields"]["RequestID"], 16)]
    for version in VERSIONS:
        for end in range(12, len(frame)):
            try:
                cls.codecs[version].decode(frame[:end])
            except WireError:
                continue


def test_lying_length() -> None:
    """
    A MsgLength beyond the PDU is no message.
    """
    with pytest.raises(WireError):
        SMGP.decode(vector("smgp_deliver_msglength_lies"), V30)


def test_truncated_tlv() -> None:
    """
    A TLV that is cut off is ignored and the message kept.
    """
    pdu = SMGP.decode(vector("smgp_deliver_truncated_tlv"), V30)
    assert isinstance(pdu, Deliver)
    assert b"hi" == pdu.msg_content
    assert {} == pdu.tlvs


@pytest.mark.parametrize("left", [1, 2, 3])
def test_octets_after_the_tlvs(left: int) -> None:
    """
    What is too short for a TLV is ignored; unknown tags are kept.
    """
    codec = Submit.codecs[V30]
    tlvs = {0x0101: b"901", 0x0001: b"\0\0"}
    pdu = Submit(src_term_id="1065", dest_term_id=(), msg_content=b"", tlvs=tlvs)
    assert pdu == codec.decode(bytes(12) + codec.encode(pdu) + bytes(left))


def test_without_fixed_fee() -> None:
    """
    A Submit of 1.3 is six octets shorter.
    """
    pdu = Submit(src_term_id="1065", dest_term_id=("13800138000",), msg_content=b"hi")
    sizes = [len(SMGP.encode(pdu, version, 1)) for version in (V13, V30)]
    assert [143, 149] == sizes


def test_answers_of_other_lengths() -> None:
    """
    An Active_Test_Resp of 13 octets and a short Login_Resp are read.
    """
    resp = ActiveTestResp.codecs[V30].decode(bytes(13))
    assert isinstance(resp, ActiveTestResp)
    welcome = LoginResp.codecs[V30].decode(bytes(32))
    assert LoginResp(server_version=0) == welcome


def test_no_number_or_text_in_repr() -> None:
    """
    A PDU shown in a log tells neither phones nor text.
    """
    shown = repr(SMGP.decode(vector("smgp_submit_ascii"), V30))
    assert "133" not in shown
    assert "hello" not in shown
