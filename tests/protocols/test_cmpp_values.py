"""
Message ids, digests, times and report bodies against vectors and examples.
"""

from typing import Any

import pytest

from smsgw.protocols import cmpp_values as values
from smsgw.protocols.cmpp import V20, V21, V30, Connect, ConnectResp, Deliver, Report
from smsgw.protocols.rows import WireError
from tests.support.vectors import of_kind

NOON = 1767326645.0  # 2026-01-02 12:04:05 in China


@pytest.mark.parametrize("vector", of_kind("msg_id"), ids=lambda v: v["name"])
def test_msg_ids(vector: dict[str, Any]) -> None:
    """
    A Msg_Id's fields, text and hex are those of the vector.
    """
    fields, msg_id = dict(vector["fields"]), int(vector["hex"], 16)
    assert fields.pop("text_22") == values.msg_id_text(msg_id)
    assert fields.pop("unsigned_decimal") == str(msg_id)
    fields.pop("signed_decimal")
    assert fields == values.msg_id_fields(msg_id)
    assert msg_id == values.pack_msg_id(**fields)
    assert vector["hex"] == values.msg_id_hex(msg_id)


def test_msg_id_of_a_time() -> None:
    """
    A Msg_Id begins with the time in China.
    """
    assert "0102120405000100100007" == values.msg_id_text(
        values.msg_id_of(NOON, 1001, 7)
    )


def test_msg_id_run() -> None:
    """
    Only the last sixteen bits count on, and they wrap without a carry.
    """
    assert [0x1FFFE, 0x1FFFF, 0x10000] == values.msg_id_run(0x1FFFE, 3)


@pytest.mark.parametrize("vector", of_kind("auth"), ids=lambda v: v["name"])
def test_digests(vector: dict[str, Any]) -> None:
    """
    Both digests are those of the vectors.
    """
    fields, expected = vector["fields"], bytes.fromhex(vector["hex"])
    secret = fields["shared_secret"]
    if vector["command"] == "AuthenticatorSource":
        name, stamp = fields["Source_Addr"], fields["timestamp_int"]
        assert expected == values.source_digest(name, secret, stamp)
        return
    source = bytes.fromhex(fields["AuthenticatorSource"])
    width = fields["status_octets"]
    assert expected == values.ismg_digest(fields["Status"], width, source, secret)


def test_login_and_its_check() -> None:
    """
    A login in January keeps its leading zero and is recognised by its secret.
    """
    pdu = values.connect("901234", "pa55word", V30, NOON)
    assert 102120405 == pdu.timestamp
    assert values.check_connect(pdu, "pa55word")
    assert not values.check_connect(pdu, "other")


@pytest.mark.parametrize(
    ("asked", "offered", "status", "layout"),
    [
        (V30, V30, 0, V30),
        (V20, V30, 0, V20),
        (V21, V30, 0, V21),
        (V30, V20, 0, V20),
        (V30, V20, 4, V30),
        (0x01, V30, 0, V20),
        (0x7F, V30, 4, V30),
    ],
)
def test_login_answer(asked: int, offered: int, status: int, layout: int) -> None:
    """
    A server answers in a layout that the client can read.
    """
    pdu = values.connect("901234", "pa55word", asked, NOON)
    answer, chosen = values.connect_resp(pdu, status, "pa55word", offered)
    assert (layout, offered) == (chosen, answer.version)
    assert values.check_connect_resp(answer, pdu, "pa55word") == (status == 0)


def test_digest_of_either_width() -> None:
    """
    A server that hashes four octets in 2.x is right too.
    """
    pdu = Connect(
        source_addr="9",
        authenticator_source=bytes(16),
        version=V20,
        timestamp=0,
    )
    digest = values.ismg_digest(0, 4, bytes(16), "s")
    answer = ConnectResp(status=0, authenticator_ismg=digest, version=V20)
    assert values.check_connect_resp(answer, pdu, "s")


def test_times() -> None:
    """
    Validity is absolute time of China; what cannot be read is not set.
    """
    assert "260102120405032+" == values.validity(NOON)
    assert NOON == values.moment("260102120405032+")
    assert NOON == values.moment("260101190405036-")
    assert ("", "") == (values.validity(0), values.minute(0))
    assert "2601021204" == values.minute(NOON)
    assert [0.0] * 3 == [values.moment(t) for t in ("", "x" * 16, "26130112040503 2+")]
    assert [0.0, 0.0] == [
        values.moment(t) for t in ("261301120405032+", "2601021204050²²+")
    ]


def report_of(body: bytes) -> Report:
    """
    The report in a DELIVER.
    """
    return values.read_report(
        Deliver(
            msg_id=1,
            dest_id="10690000",
            src_terminal_id="13800138000",
            registered_delivery=1,
            msg_content=body,
        )
    )


@pytest.mark.parametrize("version", [V20, V30])
def test_report_layout_by_length(version: int) -> None:
    """
    A report's length tells its layout.
    """
    report = Report(msg_id=5, stat="DELIVRD", dest_terminal_id="13900139000")
    assert report == report_of(Report.codecs[version].encode(report))


def test_report_of_another_length() -> None:
    """
    Of other lengths the head is read and the number is the sender's.
    """
    report = Report(msg_id=5, stat="UNDELIV", dest_terminal_id="13900139000")
    body = Report.codecs[V20].encode(report)
    read = report_of(body[:40])
    assert (5, "UNDELIV", "13800138000") == (
        read.msg_id,
        read.stat,
        read.dest_terminal_id,
    )
    with pytest.raises(WireError):
        report_of(body[:34])
