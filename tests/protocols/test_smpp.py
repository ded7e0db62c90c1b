"""
SMPP's tables against the vectors, and their properties.
"""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsgw.protocols.rows import Pdu, WireError
from smsgw.protocols.smpp import (
    PDUS,
    V33,
    V34,
    VERSIONS,
    BindTransceiverResp,
    DeliverSm,
    QuerySmResp,
    SubmitMulti,
    SubmitMultiResp,
    SubmitSm,
    SubmitSmResp,
)
from smsgw.protocols.smpp_parts import Failed, Target
from smsgw.protocols.smpp_rules import SMPP
from smsgw.protocols.smpp_settings import VERSION_OF
from tests.support.rows import pdus
from tests.support.vectors import of_kind, vectors_of, version_of

EVERY = [(cls, version) for cls in PDUS.values() for version in VERSIONS]
IDS = [f"{cls.title}-{version:#x}" for cls, version in EVERY]
HEX = {v["name"]: bytes.fromhex(v["hex"]) for v in vectors_of("smpp")}


@pytest.mark.parametrize("vector", of_kind("pdu", "smpp"), ids=lambda v: v["name"])
def test_vectors(vector: dict[str, Any]) -> None:
    """
    Every PDU vector decodes, and encodes to its octets again.
    """
    frame, fields = bytes.fromhex(vector["hex"]), vector["fields"]
    version = VERSION_OF[version_of(vector)]
    pdu: Any = SMPP.decode(frame, version)
    assert vector["command"] == pdu.title
    assert int(fields["command_status"], 16) == pdu.command_status
    assert frame == SMPP.encode(pdu, version, fields["sequence_number"])


@pytest.mark.parametrize("absent", [False, True])
@pytest.mark.parametrize(("cls", "version"), EVERY, ids=IDS)
@settings(max_examples=20)
@given(data=st.data())
def test_round_trip(
    data: st.DataObject, cls: type[Pdu], version: int, absent: bool
) -> None:
    """
    What is encoded decodes to an equal PDU, without a body too where one may lack.
    """
    pdu = data.draw(pdus(cls, version))
    if absent and any(row.kind == "optional" for row in cls.rows.values()):
        pdu = cls(**{name: row.empty() for name, row in cls.rows.items()})
        assert b"" == cls.codecs[version].encode(pdu)
    codec = cls.codecs[version]
    assert pdu == codec.decode(bytes(16) + codec.encode(pdu))


@pytest.mark.parametrize(("cls", "version"), EVERY, ids=IDS)
@settings(max_examples=20)
@given(body=st.binary(max_size=400))
def test_any_bytes(body: bytes, cls: type[Pdu], version: int) -> None:
    """
    Any bytes decode or raise WireError, nothing else.
    """
    with suppress(WireError):
        cls.codecs[version].decode(bytes(16) + body)


@pytest.mark.parametrize("vector", of_kind("pdu", "smpp"), ids=lambda v: v["name"])
def test_cut_short(vector: dict[str, Any]) -> None:
    """
    A vector cut anywhere decodes tolerantly or raises WireError.
    """
    frame = bytes.fromhex(vector["hex"])
    cls = PDUS[int(vector["fields"]["command_id"], 16)]
    for version in VERSIONS:
        for end in range(16, len(frame)):
            try:
                cls.codecs[version].decode(frame[:end])
            except WireError:
                continue


def test_lying_length() -> None:
    """
    A sm_length beyond the PDU is no message.
    """
    with pytest.raises(WireError):
        SMPP.decode(HEX["smpp_deliver_sm_bad_sm_length_ch"], V34)


def test_bad_tlv() -> None:
    """
    A TLV that is cut off is ignored, the message and the other TLV kept.
    """
    pdu = SMPP.decode(HEX["smpp_deliver_sm_receipt_bad_tlv_length_ch"], V34)
    assert isinstance(pdu, DeliverSm)
    assert {0x0427: b"\2"} == pdu.tlvs
    assert pdu.short_message.startswith(b"id:0000003005 ")


def test_unterminated_id() -> None:
    """
    An id that ends with its PDU instead of a NUL is an id.
    """
    pdu = SMPP.decode(HEX["smpp_submit_sm_resp_unterminated_id_ch"], V34)
    assert SubmitSmResp(message_id="9") == pdu


def test_bodies_of_refusals() -> None:
    """
    A refused bind's body is absent, or one octet, or there.
    """
    head = HEX["smpp_bind_transceiver_resp_refused"]
    bodies = {b"": None, b"\0": "", b"x": "x", b"SMSC\0": "SMSC"}
    for body, expected in bodies.items():
        frame = (16 + len(body)).to_bytes(4, "big") + head[4:] + body
        pdu = SMPP.decode(frame, V34)
        assert BindTransceiverResp(command_status=13, system_id=expected) == pdu


def test_nothing_after_an_absent_body() -> None:
    """
    What follows an absent row cannot be written; nor a text with a NUL in it.
    """
    for pdu in (
        SubmitSmResp(tlvs={0x0428: b"\1"}),
        QuerySmResp(message_state=2),
        SubmitSmResp(message_id="a\0b"),
        SubmitSmResp(message_id="a" * 65),
    ):
        with pytest.raises(WireError):
            SMPP.encode(pdu, V34, 1)


def test_no_tlvs_to_old_peers() -> None:
    """
    A peer of 3.3 is sent no TLVs, but those it sends are read.
    """
    pdu = SubmitSm(source_addr="1065", destination_addr="86138", tlvs={0x0204: b"\0\1"})
    assert len(SMPP.encode(pdu, V34, 1)) == 6 + len(SMPP.encode(pdu, V33, 1))
    assert pdu == SMPP.decode(SMPP.encode(pdu, V34, 1), V33)


def test_many_receivers() -> None:
    """
    A SUBMIT_MULTI has phones and lists; its answer those who failed.
    """
    targets = (Target("8613800138000", 1, 1), Target("staff", flag=2))
    pdu = SubmitMulti(source_addr="1065", dest_address=targets, short_message=b"hi")
    frame = SMPP.encode(pdu, V34, 1)
    assert b"\2\1\1\0018613800138000\0\2staff\0" in frame
    assert pdu == SMPP.decode(frame, V34)
    failed = (Failed("8613800138000", 1, 1, 11),)
    answer = SubmitMultiResp(message_id="7", unsuccess_sme=failed)
    assert answer == SMPP.decode(SMPP.encode(answer, V34, 1), V34)


@pytest.mark.parametrize(
    "target",
    [Target("1" * 21), Target("1\0"), Target("中"), Target("1", 256), Target("1", -1)],
)
def test_bad_receivers(target: Target) -> None:
    """
    A receiver that does not fit cannot be written.
    """
    with pytest.raises(WireError):
        SMPP.encode(SubmitMulti(source_addr="", dest_address=(target,)), V34, 1)


def test_receiver_of_a_kind_nobody_knows() -> None:
    """
    A receiver is a phone or a list.
    """
    pdu = SubmitMulti(source_addr="", dest_address=(Target("1", flag=2),))
    frame = SMPP.encode(pdu, V34, 1).replace(b"\1\0021\0", b"\1\0031\0")
    with pytest.raises(WireError):
        SMPP.decode(frame, V34)


def test_no_number_or_text_in_repr() -> None:
    """
    A PDU shown in a log tells neither phones nor text nor passwords.
    """
    assert "8613" not in repr(SMPP.decode(HEX["smpp_submit_sm_ascii"], V34))
    assert "ALL_TW" not in repr(SMPP.decode(HEX["smpp_bind_transceiver_ch"], V34))
    assert "138" not in repr(Target("13800138000"))
