"""
SMGP's small values: message ids, login digests, TLVs, report bodies.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import md5
from hmac import compare_digest
from types import MappingProxyType

import attrs

from smsgw.protocols.cmpp_values import CHINA, ismg_digest
from smsgw.protocols.rows import WireError
from smsgw.protocols.smgp import V30, Deliver, Login, LoginResp
from smsgw.protocols.udh import has_udh

__all__ = [
    "FORMS",
    "Report",
    "begins_with_udh",
    "build_report",
    "check_login",
    "check_login_resp",
    "login",
    "login_resp",
    "msg_id_fields",
    "msg_id_octets",
    "msg_id_of",
    "msg_id_run",
    "read_report",
    "report_numbers",
    "tlv_number",
    "tlv_text",
    "tlv_value",
]

TP_PID, TP_UDHI, LINK_ID, CHARGE_USER_TYPE = 0x0001, 0x0002, 0x0003, 0x0004
CHARGE_TERM_TYPE, CHARGE_TERM_PSEUDO, DEST_TERM_TYPE = 0x0005, 0x0006, 0x0007
DEST_TERM_PSEUDO, PK_TOTAL, PK_NUMBER = 0x0008, 0x0009, 0x000A
SUBMIT_MSG_TYPE, SP_DEAL_RESULT, MSG_SRC, M_SERVICE_ID = 0x000B, 0x000C, 0x0010, 0x0012
_WIDTHS: Mapping[int, int] = MappingProxyType(
    {LINK_ID: 20, MSG_SRC: 8, M_SERVICE_ID: 21}
)
_ID = 10
UCS2 = 8
_MOBILE = re.compile(r"(\+?86)?1[3-9]\d{9}$")
_MILLION = 10**6


def msg_id_of(at: float, gateway: int, counter: int, opaque: bool = False) -> bytes:
    """
    The MsgID a gateway gives at a time (epoch seconds): section 6's BCD, or as
    C{opaque} octets that look like nothing, as some gateways do.
    """
    time = _minute(int(at // 60))
    digits = f"{gateway % _MILLION:06d}{time}{counter % _MILLION:06d}"
    if opaque:
        return md5(digits.encode(), usedforsecurity=False).digest()[:_ID]
    return bytes.fromhex(digits)


@lru_cache(maxsize=64)
def _minute(minute: int) -> str:
    return f"{datetime.fromtimestamp(minute * 60, CHINA):%m%d%H%M}"


def msg_id_octets(hexed: str) -> bytes:
    """
    The octets of an id as we keep it: 20 hexadecimal digits.
    """
    return bytes.fromhex(hexed.rjust(2 * _ID, "0"))


def msg_id_fields(msg_id: bytes) -> dict[str, str]:
    """
    What a MsgID means if its gateway keeps to the standard; for people only.
    """
    digits = msg_id.hex()
    return {"smgw": digits[:6], "time": digits[6:14], "sequence": digits[14:]}


def msg_id_run(first: bytes, count: int) -> list[bytes]:
    """
    The ids of a bulk submit: only the sequence's BCD digits count on, and wrap.
    """
    head, tail = first[:7], first[7:].hex()
    if not tail.isdigit():
        raise WireError("a MsgID that cannot be counted on from")
    numbers = [(int(tail) + i) % _MILLION for i in range(count)]
    return [head + bytes.fromhex(f"{number:06d}") for number in numbers]


def client_digest(client_id: str, secret: str, timestamp: int) -> bytes:
    """
    AuthenticatorClient; the timestamp is hashed as ten digits.
    """
    text = client_id.encode() + bytes(7) + secret.encode() + b"%010d" % timestamp
    return md5(text, usedforsecurity=False).digest()


def server_digest(status: int, client: bytes, secret: str) -> bytes:
    """
    AuthenticatorServer: made as CMPP 3.0 makes its own.
    """
    return ismg_digest(status, 4, client, secret)


def login(client_id: str, secret: str, mode: int, version: int, now: float) -> Login:
    """
    A login; C{version} is the octet, which may differ from the layout.
    """
    timestamp = int(f"{datetime.fromtimestamp(now, CHINA):%m%d%H%M%S}")
    return Login(
        client_id=client_id,
        authenticator_client=client_digest(client_id, secret, timestamp),
        login_mode=mode,
        timestamp=timestamp,
        client_version=version,
    )


def check_login(pdu: Login, secret: str) -> bool:
    """
    Does the peer know the secret? The clock's skew is not looked at.
    """
    expected = client_digest(pdu.client_id, secret, pdu.timestamp)
    return compare_digest(expected, pdu.authenticator_client)


def login_resp(pdu: Login, status: int, secret: str, version: int = V30) -> LoginResp:
    """
    A server's answer; C{version} is its highest.
    """
    digest = bytes(16)
    if not status:
        digest = server_digest(status, pdu.authenticator_client, secret)
    return LoginResp(status=status, authenticator_server=digest, server_version=version)


def check_login_resp(pdu: LoginResp, asked: Login, secret: str) -> bool:
    """
    Is the answer's digest right? Never refuse a login for it.
    """
    expected = server_digest(pdu.status, asked.authenticator_client, secret)
    return compare_digest(expected, pdu.authenticator_server)


def tlv_number(tlvs: Mapping[int, bytes], tag: int, default: int = 0) -> int:
    """
    A number among TLVs, of whatever length it has.
    """
    value = tlvs.get(tag)
    return int.from_bytes(value, "big") if value else default


def tlv_text(tlvs: Mapping[int, bytes], tag: int) -> str:
    """
    A text among TLVs, padded or not; '' when it is not there.
    """
    return tlvs.get(tag, b"").partition(b"\0")[0].rstrip(b" ").decode("latin-1")


def tlv_value(tag: int, value: int | str) -> bytes:
    """
    The octets of a TLV's value, as wide as its table says.
    """
    if isinstance(value, int):
        return value.to_bytes(1, "big")
    octets = value.encode("latin-1")
    width = _WIDTHS.get(tag, len(octets))
    if len(octets) > width:
        raise WireError(f"TLV {tag:#06x}: {len(octets)} octets of {width}")
    return octets.ljust(width, b"\0")


def begins_with_udh(tlvs: Mapping[int, bytes], content: bytes, coding: int) -> bool:
    """
    Does content begin with a header? Told by TP_udhi, or plain to see in UCS2.
    """
    if has_udh(tlv_number(tlvs, TP_UDHI)):
        return True
    if coding != UCS2 or len(content) % 2 or content[:3] != b"\5\0\3":
        return False
    return len(content) >= 6 and content[4] >= content[5] >= 1


def report_numbers(pdu: Deliver) -> tuple[str, str]:
    """
    The handset's and the access number of a report; some gateways swap them.
    """
    source, other = pdu.src_term_id, pdu.dest_term_id
    if _MOBILE.match(other) and not _MOBILE.match(source):
        return other, source
    return source, other


@attrs.frozen
class Report:
    """
    The content of a status report (section 7); C{msg_id} is the reported one's.
    """

    msg_id: bytes
    stat: str
    err: str = "000"
    submit_date: str = ""
    done_date: str = ""
    sub: str = "001"
    dlvrd: str = "001"
    text: bytes = bytes(20)


# What stands between the values, as gateways write it.
FORMS: Mapping[str, str] = MappingProxyType(
    {
        "standard": " sub: dlvrd: Submit date: done date: stat: err: Text:",
        "capital": " sub: dlvrd: submit date: done date: stat: err: Text:",
        "small": " sub: dlvrd: submit date: done date: stat: err: text:",
        "underscore": " sub: dlvrd: Submit_date: done_date: stat: err: Text:",
        "tight": "sub: dlvrd: submit_date: done_date: stat: err: txt:",
        "s": "sSub:sDlvrd:sSubmit_Date:sDone_Date:sStat:sErr:sText:",
    }
)
_LABELS = {
    form: tuple(f"{label}:".encode() for label in words.split(":")[:-1])
    for form, words in FORMS.items()
}
_TIGHT_TEXT = 10
_VALUES = {"sub": 3, "dlvrd": 3, "submit_date": 10, "done_date": 10, "stat": 7}
_VALUES |= {"err": 3}
_KEYS = {
    "sub": re.compile("sub:", re.I),
    "dlvrd": re.compile("dlvrd:", re.I),
    "submit_date": re.compile("submit[ _]date:", re.I),
    "done_date": re.compile("done[ _]date:", re.I),
    "stat": re.compile("stat:", re.I),
    "err": re.compile("err:", re.I),
    "text": re.compile("te?xt:", re.I),
}
_END = re.compile(r"[ \0]")
# In their usual order, each as wide as it may be: one search instead of seven.
_USUAL = re.compile(
    r" ?sub:([^ \0]{3}) ?dlvrd:([^ \0]{3}) ?submit[ _]date:([^ \0]{10})"
    r" ?done[ _]date:([^ \0]{10}) ?stat:([^ \0]{7}) ?err:([^ \0]{3}) ?te?xt:",
    re.I,
)


def read_report(body: bytes) -> Report:
    """
    The report in a Deliver, in any of the forms in use; L{WireError} without id.

    The id is binary and cut by its position, the rest is looked up by its keys.
    """
    start = 3 + _ID
    if body[:3].lower() != b"id:" or len(body) < start:
        raise WireError(f"a report of {len(body)} octets without an id")
    rest = body[start:].decode("latin-1")
    usual = _USUAL.match(rest)
    if usual is not None:
        sub, dlvrd, submitted, done, stat, err = usual.groups()
        text = body[start + usual.end() : start + usual.end() + 20]
        return Report(body[3:start], stat, err, submitted, done, sub, dlvrd, text)
    found = {name: _after(rest, name, width) for name, width in _VALUES.items()}
    key = _KEYS["text"].search(rest)
    said = rest[key.end() : key.end() + 20] if key else ""
    return Report(body[3:start], text=said.encode("latin-1"), **found)


def _after(rest: str, name: str, width: int) -> str:
    key = _KEYS[name].search(rest)
    return _END.split(rest[key.end() : key.end() + width])[0] if key else ""


def build_report(report: Report, form: str = "standard") -> bytes:
    """
    A report's octets in one of the C{FORMS}.
    """
    *labels, last = _LABELS[form]
    made = [b"id:", report.msg_id]
    for label, (name, width) in zip(labels, _VALUES.items(), strict=True):
        value: str = getattr(report, name)
        made += label, value.encode("latin-1", "replace")[:width].ljust(width, b"\0")
    text = report.text[:_TIGHT_TEXT] if form == "tight" else report.text
    return b"".join((*made, last, text))
