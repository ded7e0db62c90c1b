"""
Contents, receipts, ids, times and segments against vectors and examples.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.protocols import smpp_values as values
from smsgw.protocols.smpp import V34, DataSm, DeliverSm, SubmitSm
from smsgw.protocols.smpp_rules import SMPP
from smsgw.protocols.udh import Udh, split
from tests.support.vectors import vectors_of

NOON = 1767326645.0
RECEIPTS = [v for v in vectors_of("smpp") if "receipt" in v["fields"]]


def delivery(vector: dict[str, Any]) -> DeliverSm:
    """
    A vector's DELIVER_SM.
    """
    pdu = SMPP.decode(bytes.fromhex(vector["hex"]), V34)
    assert isinstance(pdu, DeliverSm)
    return pdu


def of(**fields: Any) -> DeliverSm:
    """
    A DELIVER_SM.
    """
    return DeliverSm(source_addr="8613", destination_addr="1069", **fields)


@pytest.mark.parametrize("vector", RECEIPTS, ids=lambda v: v["name"])
def test_receipt_vectors(vector: dict[str, Any]) -> None:
    """
    Every receipt of the vectors is one and is read key by key.
    """
    pdu, expected = delivery(vector), vector["fields"]["receipt"]
    assert values.is_receipt(pdu)
    read = values.read_receipt(values.content_of(pdu))
    assert expected == {key: read[key] for key in expected}


def test_other_deliveries_are_no_receipts() -> None:
    """
    What phones send is no receipt, though it may look a little like one.
    """
    plain = [
        delivery(v)
        for v in vectors_of("smpp")
        if v["command"] == "deliver_sm" and v["kind"] == "pdu" and v not in RECEIPTS
    ]
    assert not any(values.is_receipt(p) for p in plain if not p.esm_class & 0x3C)
    assert not values.is_receipt(of(short_message=b"my id:7 please"))
    assert not values.is_receipt(of(short_message=b"id:7 stat:X y", esm_class=8))


@pytest.mark.parametrize(
    "fields",
    [
        {"esm_class": 0x04},
        {"esm_class": 0x44},
        {"esm_class": 0x20},
        {"tlvs": {0x001E: b"7\0", 0x0427: b"\2"}},
        {"short_message": b"id:7 sub:001 stat:DELIVRD"},
        {"tlvs": {0x0424: b"ID:7 Stat:DELIVRD"}},
    ],
)
def test_ways_to_tell_a_receipt(fields: dict[str, Any]) -> None:
    """
    By esm_class, by TLVs, by the text in either place.
    """
    assert values.is_receipt(of(**fields))
    assert (fields.get("esm_class") == 0x20) == values.is_intermediate(of(**fields))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"id:7 stat:DELIVRD\0", {"id": "7", "stat": "DELIVRD"}),
        (
            b"STAT:EXPIRED ERR:0A1 ID:f-7",
            {"stat": "EXPIRED", "err": "0A1", "id": "f-7"},
        ),
        (
            b"id:7 submit date:20260102120405 done date:260102120406 stat:X Text: id:8",
            {
                "id": "7",
                "submit_date": "20260102120405",
                "done_date": "260102120406",
                "stat": "X",
                "text": " id:8",
            },
        ),
        (b"text:hi id:7 stat:X", {"id": "7", "stat": "X", "text": "hi id:7 stat:X"}),
        (b"id: sub:\xff", {"id": "", "sub": "ÿ"}),
        (b"nothing", {}),
    ],
)
def test_texts(text: bytes, expected: dict[str, str]) -> None:
    """
    A receipt's text in any order and case, cut, with odd octets.
    """
    assert expected == values.read_receipt(text)


def test_text_in_ucs2() -> None:
    """
    A receipt may be in UCS-2.
    """
    text = "id:7 stat:DELIVRD".encode("utf-16-be")
    assert {"id": "7", "stat": "DELIVRD"} == values.read_receipt(text, 8)
    assert {} == values.read_receipt(b"\xd8", 8)


def test_built_receipt() -> None:
    """
    A receipt is built as the standard's appendix shows it, and read again.
    """
    told = {
        "id": "0059113978",
        "submit_date": "2511220930",
        "done_date": "2511220931",
        "stat": "DELIVRD",
        "text": "hello",
    }
    (vector,) = [v for v in RECEIPTS if v["name"] == "smpp_deliver_sm_receipt"]
    assert delivery(vector).short_message == values.build_receipt(told)


@given(st.binary(max_size=200), st.sampled_from([0, 8]))
def test_any_text(content: bytes, coding: int) -> None:
    """
    Any octets are read.
    """
    assert isinstance(values.read_receipt(content, coding), dict)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(b"\3\0\1", "001"), (b"\3\1\0", "256"), (b"000", "000"), (b"", ""), (b"1", "")],
)
def test_network_errors(value: bytes, expected: str) -> None:
    """
    A network_error_code is a number, or three digits.
    """
    assert expected == values.err_of({0x0423: value})


@pytest.mark.parametrize(
    ("id_base", "resp", "text", "kept"),
    [
        ("same", "0059113978", "0059113978", "0059113978"),
        ("resp_hex_receipt_dec", "38601FA", "0059113978", "38601fa"),
        ("resp_hex_receipt_dec", "038601fa", "59113978", "38601fa"),
        ("resp_dec_receipt_hex", "0059113978", "38601fa", "59113978"),
        ("resp_hex_receipt_dec", "no-number", "no-number", "no-number"),
        ("resp_hex_receipt_dec", "²", "²", "²"),
        ("resp_hex_receipt_dec", "", "", ""),
    ],
)
def test_ids(id_base: str, resp: str, text: str, kept: str) -> None:
    """
    An answer's id and the one in a receipt's text become the same.
    """
    assert kept == values.resp_id(resp, id_base) == values.text_id(text, id_base)
    assert kept == values.text_id(values.written_id(kept, id_base), id_base)
    tlvs = {0x001E: resp.encode("latin-1") + b"\0"}
    assert kept == values.receipt_id({"id": text}, tlvs, id_base)
    assert kept == values.receipt_id({"id": text}, {}, id_base)


def test_decimal_and_hex_vector() -> None:
    """
    The vector whose text is decimal and whose TLV is hex is one message.
    """
    (vector,) = [v for v in RECEIPTS if v["name"] == "smpp_deliver_sm_receipt_ch"]
    pdu = delivery(vector)
    told = values.read_receipt(pdu.short_message)
    base = "resp_hex_receipt_dec"
    assert "38601fa" == values.receipt_id(told, pdu.tlvs, base)
    assert "38601fa" == values.receipt_id(told, {}, base)


def test_made_ids() -> None:
    """
    New ids are told in the contract's base.
    """
    made = [values.made_id(0x2A, base) for base in values.ID_BASES]
    assert ["000000000000002a", "2a", "42"] == made


def test_times() -> None:
    """
    Absolute times have their own zone, relative ones begin now.
    """
    assert NOON == values.moment("260102120405032+")
    assert NOON + 2 * 86400 == values.moment("000002000000000R", NOON)
    assert NOON + 3661 == values.moment("000000010101000R", NOON)
    assert [0.0] * 5 == [
        values.moment(written, now)
        for written, now in (
            ("000002000000000R", 0.0),
            ("R", NOON),
            ("00000200000000²R", NOON),
            ("x", NOON),
            ("", NOON),
        )
    ]
    data = DataSm(source_addr="", destination_addr="")
    assert (0.0, 0.0) == values.times_of(data)
    submit = SubmitSm(
        source_addr="",
        destination_addr="",
        validity_period="000002000000000R",
    )
    assert (0.0, NOON + 2 * 86400) == values.times_of(submit, NOON)


@pytest.mark.parametrize("reference", [0x2E, 0x1234])
def test_segments(reference: int) -> None:
    """
    A part's place goes from a header to TLVs and back.
    """
    wide = reference > 255
    octets = b"\6\x08\4\x12\x34\3\1" if wide else b"\5\0\3\x2e\3\1"
    tlvs = values.sar_tlvs(split(octets)[0])
    assert {
        0x020C: reference.to_bytes(2, "big"),
        0x020E: b"\3",
        0x020F: b"\1",
    } == tlvs
    assert octets == values.sar_header(tlvs)
    assert (octets + b"hi", split(octets)[0]) == values.payload_of(
        of(short_message=b"hi", tlvs=tlvs)
    )


@pytest.mark.parametrize(
    "tlvs",
    [
        {0x020C: b"\0\1", 0x020E: b"\3"},
        {0x020C: b"\0\1", 0x020E: b"\3", 0x020F: b"\0"},
        {0x020C: b"\0\1", 0x020E: b"\3", 0x020F: b"\4"},
        {0x020C: b"\1\0\1", 0x020E: b"\3", 0x020F: b"\1"},
        {0x020C: b"\0\1", 0x020E: b"\1\0", 0x020F: b"\1"},
    ],
)
def test_segments_that_are_none(tlvs: dict[int, bytes]) -> None:
    """
    TLVs that tell no place are no header.
    """
    assert (b"hi", Udh()) == values.payload_of(of(short_message=b"hi", tlvs=tlvs))


def test_header_wins_over_tlvs() -> None:
    """
    A peer that sends both has its header taken; one without a header has none.
    """
    tlvs = {0x020C: b"\0\1", 0x020E: b"\3", 0x020F: b"\1"}
    content = b"\5\0\3\x2e\3\1hi"
    both = of(short_message=content, tlvs=tlvs, esm_class=0x40)
    assert (content, split(content)[0]) == values.payload_of(both)
    none = of(short_message=b"\xffhi", esm_class=0x40)
    assert (b"\xffhi", Udh()) == values.payload_of(none)


def test_contents() -> None:
    """
    A message_payload counts only without a short_message.
    """
    tlvs = {0x0424: b"long"}
    assert b"long" == values.content_of(of(tlvs=tlvs))
    assert b"short" == values.content_of(of(short_message=b"short", tlvs=tlvs))
    data = DataSm(source_addr="", destination_addr="", tlvs=tlvs)
    assert b"long" == values.content_of(data)


def test_delivery_ids() -> None:
    """
    Deliveries of another number, sequence or text are named otherwise.
    """
    names = {
        values.delivery_id(of(short_message=b"TD"), 1),
        values.delivery_id(of(short_message=b"TD"), 2),
        values.delivery_id(of(short_message=b"T"), 1),
    }
    assert 3 == len(names)
    assert values.delivery_id(of(short_message=b"TD"), 1) in names


@pytest.mark.parametrize(
    ("number", "wire"),
    [
        ("13800138000", "8613800138000"),
        ("+85291234567", "85291234567"),
        ("0085291234567", "85291234567"),
    ],
)
def test_phones(number: str, wire: str) -> None:
    """
    A phone has the contract's prefix unless it has its own.
    """
    assert wire == values.prefixed(number, "86")
    assert "13800138000" == values.unprefixed("+8613800138000", "86")
    assert "13800138000" == values.unprefixed("008613800138000", "86")
    assert "13800138000" == values.unprefixed("13800138000", "86")


def test_addresses() -> None:
    """
    A sender that is no number is alphanumeric.
    """
    assert (3, 0) == values.kind_of("10690000", (3, 0))
    assert (5, 0) == values.kind_of("Hospital", (3, 0))
    assert (0, 1) == values.kind_of("", (0, 1))


@pytest.mark.parametrize(
    ("stat", "state", "number"),
    [
        ("DELIVRD", "delivered", 2),
        ("MK:0001", "undelivered", 5),
        ("ACCEPTD", "pending", 6),
        ("", "canceled", 4),
    ],
)
def test_message_states(stat: str, state: str, number: int) -> None:
    """
    A stat has its message_state, another network's code that of its state.
    """
    assert number == values.state_number(stat, state)
    assert (0x20 if state == "pending" else 4) == values.receipt_class(state)
    assert number == values.state_of({0x0427: bytes([number])})
    assert -1 == values.state_of({})
