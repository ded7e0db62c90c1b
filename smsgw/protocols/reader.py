"""
The packet reader: a PDU's hex to an object in the standard's own names, and back.
"""

import struct
from collections.abc import Mapping
from typing import Any

from smsgw.protocols import cmpp_values as values
from smsgw.protocols import udh
from smsgw.protocols.cmpp import PDUS, V20, V21, V30, Deliver, Submit
from smsgw.protocols.cmpp_rules import CMPP
from smsgw.protocols.rows import Pdu, Row, WireError

__all__ = ["VERSIONS", "decode_line", "encode_line"]

VERSIONS: Mapping[str, int] = {"2.0": V20, "2.1": V21, "3.0": V30}
_TITLES = {cls.title: cls for cls in PDUS.values()}
_CODINGS = {0: "ascii", 8: "utf-16-be", 15: "gb18030"}
_MSG_ID = "Msg_Id"


def decode_line(line: str, version: str = "3.0") -> dict[str, Any]:
    """
    One PDU; C{command} is its name, the other keys are the standard's fields.

    L{WireError} for what is no hex or no PDU.
    """
    frame = _octets(line.strip())
    pdu = CMPP.decode(frame, _version(version))
    length, command, sequence = CMPP.header.unpack_from(frame)
    shown: dict[str, Any] = {
        "command": pdu.title,
        "Total_Length": length,
        "Command_Id": command,
        "Sequence_Id": sequence,
    }
    shown |= _fields(pdu, _version(version))
    if isinstance(pdu, Submit | Deliver):
        shown |= _content(pdu)
    return shown


def encode_line(fields: Mapping[str, Any], version: str = "3.0") -> str:
    """
    The hex of an object as L{decode_line} gives it.

    Lengths and counts are computed; derived keys (C{text}, C{report}) are ignored;
    fields left out have the standard's usual value.
    """
    cls = _class_of(fields)
    given = {name: _value(row, fields) for name, row in cls.rows.items()}
    given = {name: value for name, value in given.items() if value is not None}
    try:
        pdu = cls(**given)
        return CMPP.encode(pdu, _version(version), fields.get("Sequence_Id", 0)).hex()
    except (TypeError, struct.error) as error:
        raise WireError(f"{cls.title}: {error}") from error


def _version(version: str) -> int:
    try:
        return VERSIONS[version]
    except KeyError:
        raise WireError(f"unknown version {version!r}") from None


def _octets(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except (ValueError, TypeError) as error:
        raise WireError(f"not hex: {error}") from error


def _class_of(fields: Mapping[str, Any]) -> type[Pdu]:
    command = fields.get("command", fields.get("Command_Id"))
    cls = PDUS.get(command) if isinstance(command, int) else _TITLES.get(str(command))
    if cls is None:
        raise WireError(f"unknown command {command!r}")
    return cls


def _fields(pdu: Pdu, version: int) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, row in pdu.rows.items():
        if row.present(version):
            shown |= _shown(row, getattr(pdu, name))
    return shown


def _shown(row: Row, value: Any) -> dict[str, Any]:
    if row.spec == _MSG_ID:
        hexed = values.msg_id_hex(value)
        return {_MSG_ID: hexed, f"{_MSG_ID}_decimal": str(value)}
    match row.kind:
        case "counted":
            return {row.count_spec: len(value), f"{row.spec}_hex": value.hex()}
        case "repeated":
            return {row.count_spec: len(value), row.spec: list(value)}
        case "octets":
            return {row.spec: value.hex()}
    return {row.spec: value}


def _value(row: Row, fields: Mapping[str, Any]) -> Any:
    """
    The row's value in C{fields}, None when it is not there.
    """
    key = f"{row.spec}_hex" if row.kind == "counted" else row.spec
    value = fields.get(key)
    if value is None:
        return None
    if row.spec == _MSG_ID:
        return int.from_bytes(_octets(value), "big")
    match row.kind:
        case "counted" | "octets":
            return _octets(value)
        case "repeated":
            return tuple(value) if isinstance(value, list | tuple) else value
    return value


def _content(pdu: Submit | Deliver) -> dict[str, Any]:
    """
    What the content says: a report, a header, a text.
    """
    if isinstance(pdu, Deliver) and pdu.registered_delivery == 1:
        return _report(pdu)
    shown: dict[str, Any] = {}
    body = pdu.msg_content
    if udh.has_udh(pdu.tp_udhi):
        header, body = udh.split(body)
        shown["UDH_hex"] = header.octets.hex()
        if header.bits:
            shown["concat"] = {
                "ref": header.reference,
                "total": header.parts,
                "part": header.part,
                "ref_bits": header.bits,
            }
        if header.ports:
            shown["ports"] = {"dst": header.ports[0], "src": header.ports[1]}
    coding = _CODINGS.get(pdu.msg_fmt)
    if coding:
        shown["text"] = _text(body, coding)
    return shown


def _text(body: bytes, coding: str) -> str | None:
    try:
        return body.decode(coding)
    except UnicodeDecodeError:
        return None


def _report(pdu: Deliver) -> dict[str, Any]:
    size = len(pdu.msg_content)
    layouts = {60: "2.0 (60 octets)", 71: "3.0 (71 octets)"}
    try:
        report = values.read_report(pdu)
    except WireError as error:
        return {"report": {"error": str(error)}}
    layout = layouts.get(size, f"unknown ({size} octets)")
    return {"report": {"layout": layout} | _fields(report, V20)}
