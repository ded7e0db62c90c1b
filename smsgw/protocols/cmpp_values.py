"""
CMPP's small values: message ids, login digests, times, report bodies.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from hashlib import md5
from hmac import compare_digest
from types import MappingProxyType

from smsgw.protocols.cmpp import V20, V30, Connect, ConnectResp, Deliver, Report
from smsgw.protocols.cmpp_rules import layout
from smsgw.protocols.rows import WireError

__all__ = [
    "check_connect",
    "check_connect_resp",
    "connect",
    "connect_resp",
    "minute",
    "msg_id_fields",
    "msg_id_hex",
    "msg_id_of",
    "msg_id_run",
    "msg_id_text",
    "pack_msg_id",
    "read_report",
    "validity",
]

CHINA = timezone(timedelta(hours=8))
REPORT_SIZES: Mapping[int, int] = MappingProxyType({60: V20, 71: V30})
REPORT_HEAD = 35  # Msg_Id, Stat and the two times, whatever follows


def pack_msg_id(
    month: int,
    day: int,
    hour: int,
    minute: int,
    second: int,
    gateway: int,
    sequence: int,
) -> int:
    """
    Section 7: a time without its year, a gateway's code, a counter.
    """
    time = month << 22 | day << 17 | hour << 12 | minute << 6 | second
    return time << 38 | (gateway & 0x3FFFFF) << 16 | sequence & 0xFFFF


def msg_id_of(at: float, gateway: int, sequence: int) -> int:
    """
    The Msg_Id a gateway gives at a time (epoch seconds).
    """
    t = datetime.fromtimestamp(at, CHINA)
    return pack_msg_id(t.month, t.day, t.hour, t.minute, t.second, gateway, sequence)


def msg_id_fields(msg_id: int) -> dict[str, int]:
    """
    What a Msg_Id means if its gateway keeps to the standard; for people only.
    """
    return {
        "month": msg_id >> 60 & 0xF,
        "day": msg_id >> 55 & 0x1F,
        "hour": msg_id >> 50 & 0x1F,
        "minute": msg_id >> 44 & 0x3F,
        "second": msg_id >> 38 & 0x3F,
        "gateway": msg_id >> 16 & 0x3FFFFF,
        "sequence": msg_id & 0xFFFF,
    }


def msg_id_text(msg_id: int) -> str:
    """
    The usual 22 digits.
    """
    return (
        "{month:02d}{day:02d}{hour:02d}{minute:02d}{second:02d}"
        "{gateway:07d}{sequence:05d}"
    ).format(**msg_id_fields(msg_id))


def msg_id_hex(msg_id: int) -> str:
    """
    How we keep a Msg_Id: unsigned, opaque, 16 characters.
    """
    return f"{msg_id:016x}"


def msg_id_run(first: int, count: int) -> list[int]:
    """
    The ids of a bulk submit: only the 16-bit sequence counts on, and wraps.
    """
    head = first & ~0xFFFF
    return [head | (first + i) & 0xFFFF for i in range(count)]


def source_digest(source_addr: str, secret: str, timestamp: int) -> bytes:
    """
    AuthenticatorSource; the timestamp is hashed as ten digits.
    """
    text = source_addr.encode() + bytes(9) + secret.encode() + b"%010d" % timestamp
    return md5(text, usedforsecurity=False).digest()


def ismg_digest(status: int, width: int, source: bytes, secret: str) -> bytes:
    """
    AuthenticatorISMG; Status is hashed as wide as it is on the wire.
    """
    text = status.to_bytes(width, "big") + source + secret.encode()
    return md5(text, usedforsecurity=False).digest()


def connect(source_addr: str, secret: str, version: int, now: float) -> Connect:
    """
    A login; C{version} is the octet, which may differ from the layout.
    """
    timestamp = int(f"{datetime.fromtimestamp(now, CHINA):%m%d%H%M%S}")
    return Connect(
        source_addr=source_addr,
        authenticator_source=source_digest(source_addr, secret, timestamp),
        version=version,
        timestamp=timestamp,
    )


def check_connect(pdu: Connect, secret: str) -> bool:
    """
    Does the peer know the secret? The clock's skew is not looked at.
    """
    expected = source_digest(pdu.source_addr, secret, pdu.timestamp)
    return compare_digest(expected, pdu.authenticator_source)


def connect_resp(
    pdu: Connect, status: int, secret: str, version: int
) -> tuple[ConnectResp, int]:
    """
    A server's answer and the layout to send it in.

    C{version} is the server's highest, or on success the one to go on with.
    """
    lay = layout(pdu.version) or layout(version)
    if not status:
        lay = min(lay, layout(version))
    width = 4 if lay == V30 else 1
    digest = bytes(16)
    if not status:
        digest = ismg_digest(status, width, pdu.authenticator_source, secret)
    answer = ConnectResp(status=status, authenticator_ismg=digest, version=version)
    return answer, lay


def check_connect_resp(pdu: ConnectResp, asked: Connect, secret: str) -> bool:
    """
    Is the answer's digest right at either width? Never refuse a login for it.
    """
    return any(
        compare_digest(
            ismg_digest(pdu.status, width, asked.authenticator_source, secret),
            pdu.authenticator_ismg,
        )
        for width in (1, 4)
        if pdu.status < 1 << 8 * width
    )


def validity(at: float) -> str:
    """
    ValId_Time and At_Time: SMPP 3.3 absolute time of China; '' for 0.
    """
    if not at:
        return ""
    return f"{datetime.fromtimestamp(at, CHINA):%y%m%d%H%M%S}032+"


def moment(written: str) -> float:
    """
    The epoch seconds of a ValId_Time or At_Time; 0 when not set or not valid.
    """
    if len(written) != 16 or not written[:15].isdigit() or not written.isascii():
        return 0.0
    quarters = int(written[13:15]) * (-1 if written[15] == "-" else 1)
    try:
        wall = datetime.strptime(written[:12], "%y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return 0.0
    return wall.timestamp() - quarters * 900


def minute(at: float) -> str:
    """
    A report's YYMMDDHHMM in China's time; '' for 0.
    """
    return f"{datetime.fromtimestamp(at, CHINA):%y%m%d%H%M}" if at else ""


def read_report(pdu: Deliver) -> Report:
    """
    The report in a DELIVER, its layout chosen by its length (section 6.6).

    Of other lengths the first 35 octets are read and the number is the sender's.
    """
    body = pdu.msg_content
    version = REPORT_SIZES.get(len(body))
    if version is not None:
        report: Report = Report.codecs[version].decode(body)
        return report
    if len(body) < REPORT_HEAD:
        raise WireError(f"a report of {len(body)} octets")
    report = Report.codecs[V20].decode(body[:REPORT_HEAD] + bytes(25))
    report.dest_terminal_id = pdu.src_terminal_id
    return report
