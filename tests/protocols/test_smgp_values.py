"""
Message ids, digests, TLVs and report bodies against vectors and examples.
"""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.protocols import smgp_values as values
from smsgw.protocols.rows import WireError
from smsgw.protocols.smgp import V30, Deliver
from smsgw.protocols.smgp_values import Report
from tests.support.vectors import of_kind

NOON = 1767326645.0  # 2026-01-02 12:04:05 in China
FORM_OF = {
    "smgp_report_body_capital_text_yedamao": "capital",
    "smgp_report_body_s_separated_yedamao": "s",
}
REPORT = Report(b"\1\0sub: \0\x20s", "UNDELIV", "005", "2601021204", "2601021205")


@pytest.mark.parametrize("vector", of_kind("msgid", "smgp"), ids=lambda v: v["name"])
def test_msg_ids(vector: dict[str, Any]) -> None:
    """
    A MsgID's parts are those of the vector.
    """
    told = vector["fields"]
    msg_id = values.msg_id_octets(told["hex_string"])
    assert vector["hex"] == msg_id.hex()
    expected = {k: told[k] for k in ("smgw", "sequence")}
    expected["time"] = told["time_MMDDHHMM"]
    assert expected == values.msg_id_fields(msg_id)


def test_msg_id_of_a_time() -> None:
    """
    A MsgID is a gateway, the time in China and a counter, or looks like nothing.
    """
    made = values.msg_id_of(NOON, 10061, 12345)
    assert "01006101021204012345" == made.hex()
    opaque = values.msg_id_of(NOON, 10061, 12345, opaque=True)
    assert 10 == len(opaque)
    assert made != opaque != values.msg_id_of(NOON, 10061, 12346, opaque=True)


def test_msg_id_run() -> None:
    """
    Only the six last digits count on, and they wrap without a carry.
    """
    first = bytes.fromhex("01006101161700999999")
    assert ["01006101161700999999", "01006101161700000000"] == [
        msg_id.hex() for msg_id in values.msg_id_run(first, 2)
    ]
    with pytest.raises(WireError):
        values.msg_id_run(b"\xff" * 10, 2)


@pytest.mark.parametrize("vector", of_kind("auth", "smgp"), ids=lambda v: v["name"])
def test_digests(vector: dict[str, Any]) -> None:
    """
    Both digests are those of the vectors.
    """
    fields, expected = vector["fields"], bytes.fromhex(vector["hex"])
    secret = fields["secret"]
    if vector["command"] == "AuthenticatorClient":
        name, stamp = fields["ClientID"], fields["TimeStamp"]
        assert expected == values.client_digest(name, secret, stamp)
        return
    client = bytes.fromhex(fields["AuthenticatorClient"])
    assert expected == values.server_digest(fields["Status"], client, secret)


def test_digest_of_a_third_party() -> None:
    """
    The digest of another implementation's test (section 2).
    """
    digest = values.client_digest("testid", "testauth", 1021080510)
    assert "ca0eff036f70aa1116b8e5df1d55cf48" == digest.hex()


def test_login_and_its_answer() -> None:
    """
    A login is recognised by its secret, and so is the answer.
    """
    pdu = values.login("333", "0555", 2, V30, NOON)
    assert 102120405 == pdu.timestamp
    assert values.check_login(pdu, "0555")
    assert not values.check_login(pdu, "0556")
    welcome = values.login_resp(pdu, 0, "0555")
    assert values.check_login_resp(welcome, pdu, "0555")
    refused = values.login_resp(pdu, 21, "0555")
    assert bytes(16) == refused.authenticator_server
    assert not values.check_login_resp(refused, pdu, "0555")


def test_tlvs() -> None:
    """
    Values of any length are read; texts are written as wide as their table says.
    """
    tlvs = {1: b"\0\0", 2: b"", 9: b"\3", 0x12: b"PROD", 3: b"LINK\0\0"}
    assert [0, 7, 3] == [
        values.tlv_number(tlvs, 1, 7),
        values.tlv_number(tlvs, 2, 7),
        values.tlv_number(tlvs, 9, 7),
    ]
    assert ["PROD", "LINK", ""] == [values.tlv_text(tlvs, t) for t in (0x12, 3, 0x10)]
    assert b"12345\0\0\0" == values.tlv_value(values.MSG_SRC, "12345")
    assert b"abc" == values.tlv_value(values.CHARGE_TERM_PSEUDO, "abc")
    assert b"\2" == values.tlv_value(values.CHARGE_USER_TYPE, 2)
    with pytest.raises(WireError):
        values.tlv_value(values.MSG_SRC, "123456789")


@pytest.mark.parametrize(
    ("tlvs", "content", "coding", "expected"),
    [
        ({2: b"\1"}, b"", 0, True),
        ({2: b"\x40"}, b"", 0, True),
        ({2: b"\0"}, b"\5\0\3\1\2\1\0a", 8, True),
        ({}, b"\5\0\3\1\2\2\0a", 8, True),
        ({}, b"\5\0\3\1\2\3\0a", 8, False),
        ({}, b"\5\0\3\1\2\0\0a", 8, False),
        ({}, b"\5\0\3\1\2\1a", 8, False),
        ({}, b"\5\0\3\1\2\1\0a", 15, False),
        ({}, b"\5\0\3\1", 8, False),
    ],
)
def test_udh(
    tlvs: dict[int, bytes], content: bytes, coding: int, expected: bool
) -> None:
    """
    A header is told by TP_udhi, or seen where no text can be meant.
    """
    assert expected == values.begins_with_udh(tlvs, content, coding)


@pytest.mark.parametrize(
    "vector", of_kind("report_body", "smgp"), ids=lambda v: v["name"]
)
def test_report_bodies(vector: dict[str, Any]) -> None:
    """
    Every form of a report is read to its fields and written again.
    """
    body, fields = bytes.fromhex(vector["hex"]), dict(vector["fields"])
    report = values.read_report(body)
    assert fields.pop("length") == len(body)
    assert fields.pop("text_hex") == report.text.hex()
    assert fields.pop("id") == report.msg_id.hex()
    shown = attrs.asdict(report)
    assert fields == {name: shown[name] for name in fields}
    form = FORM_OF.get(vector["name"], "standard")
    assert body == values.build_report(report, form)


@pytest.mark.parametrize("form", values.FORMS)
def test_report_forms(form: str) -> None:
    """
    Each form in use is read back, whatever its id's octets are.
    """
    body = values.build_report(REPORT, form)
    assert (110 if form == "tight" else 122) == len(body)
    assert REPORT == attrs.evolve(values.read_report(body), text=bytes(20))


def test_report_in_another_order() -> None:
    """
    Keys may be missing or in another order, and a stat may hold a colon.
    """
    body = b"Id:0123456789err:148 STAT:RT:0148 done date:2601021205"
    expected = Report(
        b"0123456789", "RT:0148", "148", "", "2601021205", sub="", dlvrd="", text=b""
    )
    assert expected == values.read_report(body)


@pytest.mark.parametrize("body", [b"", b"id:012345678", b"sub:001 dlvrd:001 stat:"])
def test_report_without_id(body: bytes) -> None:
    """
    A report without an id is none.
    """
    with pytest.raises(WireError):
        values.read_report(body)


@given(st.binary(max_size=200))
def test_any_report(body: bytes) -> None:
    """
    Any octets after an id are read.
    """
    assert body[:10].ljust(10, b"x") == (
        values.read_report(b"ID:" + body[:10].ljust(10, b"x") + body[10:]).msg_id
    )


@pytest.mark.parametrize(
    ("source", "other", "expected"),
    [
        ("13800138000", "10659012345", ("13800138000", "10659012345")),
        ("10659012345", "8613800138000", ("8613800138000", "10659012345")),
        ("0571866", "11812345", ("0571866", "11812345")),
    ],
)
def test_report_numbers(source: str, other: str, expected: tuple[str, str]) -> None:
    """
    The handset is found even where a gateway swaps the numbers.
    """
    pdu = Deliver(
        msg_id=bytes(10), src_term_id=source, dest_term_id=other, msg_content=b""
    )
    assert expected == values.report_numbers(pdu)
