"""
PDUs without what names a person: for traces that may leave the house.
"""

import re
from collections.abc import Mapping
from typing import Any, AnyStr

import attrs

from smsgw.protocols.protocol import Protocol
from smsgw.protocols.rows import Pdu, Row, WireError

__all__ = ["masked_frame", "masked_pdu"]

_SECRET = re.compile(r"authenticat|password", re.I)
_CONTENT = re.compile(r"content|short_message|message_payload", re.I)
_DIGITS = re.compile(r"\d{7,}")
_DIGITS_OCTETS = re.compile(rb"\d{7,}")
STAR = b"*"
KEPT_HEAD, KEPT_TAIL = 3, 2


def masked_frame(protocol: Protocol, version: int, frame: bytes) -> bytes:
    """
    The same frame, as long as before; one that cannot be read keeps its header.
    """
    try:
        pdu = masked_pdu(protocol.decode(frame, version))
        _, sequence = protocol.head(frame)
        made = protocol.encode(pdu, version, sequence)
    except WireError:
        made = b""
    if len(made) == len(frame):
        return made
    size = protocol.header.size
    return frame[:size] + STAR * (len(frame) - size)


def masked_pdu(pdu: Pdu) -> Pdu:
    """
    A copy: secrets and texts are gone, numbers keep their ends.

    A status report is no text: its numbers are masked and the rest is kept.
    """
    report = _is_report(pdu)
    changes = {
        name: _masked(row, getattr(pdu, name), report) for name, row in pdu.rows.items()
    }
    made: Pdu = attrs.evolve(pdu, **changes)  # type: ignore[misc]
    return made


def _is_report(pdu: Pdu) -> bool:
    """
    CMPP's, SMGP's and SMPP's way to say that a delivery is a report.
    """
    if getattr(pdu, "is_report", 0) == 1:
        return True
    if pdu.title.upper().endswith("DELIVER"):
        return bool(getattr(pdu, "registered_delivery", 0) == 1)
    return bool(getattr(pdu, "esm_class", 0) & 0x24)


def _masked(row: Row, value: Any, report: bool) -> Any:
    if _SECRET.search(row.spec):
        return "" if isinstance(value, str) else bytes(len(value))
    match value:
        case str():
            return _DIGITS.sub(lambda found: _ends(found[0], "*"), value)
        case tuple():
            return tuple(_masked(row, one, report) for one in value)
        case Mapping():
            return {tag: _tlv(row, tag, one, report) for tag, one in value.items()}
        case bytes() if _CONTENT.search(row.spec):
            return _content(value, report)
        case _ if attrs.has(type(value)):
            parts = attrs.asdict(value, recurse=False).items()
            return type(value)(**{k: _masked(row, v, report) for k, v in parts})
    return value


def _tlv(row: Row, tag: int, value: bytes, report: bool) -> bytes:
    name, kind = row.tags.get(tag, ("", "octets"))
    if _CONTENT.search(name):
        return _content(value, report)
    return value if kind == "uint" else _numbers(value)


def _content(value: bytes, report: bool) -> bytes:
    return _numbers(value) if report else STAR * len(value)


def _numbers(value: bytes) -> bytes:
    return _DIGITS_OCTETS.sub(lambda found: _ends(found[0], STAR), value)


def _ends(run: AnyStr, star: AnyStr) -> AnyStr:
    """
    The first three and the last two digits.
    """
    hidden = len(run) - KEPT_HEAD - KEPT_TAIL
    return run[:KEPT_HEAD] + star * hidden + run[-KEPT_TAIL:]
