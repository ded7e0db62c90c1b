"""
SMGP for the packet reader.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from smsgw.protocols import smgp_values as values
from smsgw.protocols.protocol import Protocol
from smsgw.protocols.reading import Reader, hexed, message_of
from smsgw.protocols.rows import Pdu, Row, WireError
from smsgw.protocols.smgp import TAGS, Deliver, Forward, Submit
from smsgw.protocols.smgp_rules import SMGP
from smsgw.protocols.smgp_settings import VERSION_OF

__all__ = ["SmgpReader"]

_IN_HEX = ("ClientVersion", "ServerVersion")


class SmgpReader(Reader):
    """
    Commands and versions in hex, TLVs as a list, times of logins as text too.
    """

    protocol: ClassVar[Protocol] = SMGP
    versions: ClassVar[Mapping[str, int]] = VERSION_OF
    usual: ClassVar[str] = "3.0"
    head: ClassVar[tuple[str, str, str]] = ("PacketLength", "RequestID", "SequenceID")

    def header(self, frame: bytes) -> dict[str, Any]:
        """
        The header's fields.
        """
        shown = super().header(frame)
        return shown | {"RequestID": f"{shown['RequestID']:#010x}"}

    def shown(self, row: Row, value: Any) -> dict[str, Any]:
        """
        A row's fields.
        """
        if row.kind == "tlvs":
            return {row.spec: [_tlv(tag, octets) for tag, octets in value.items()]}
        if row.spec in _IN_HEX:
            return {row.spec: f"{value:#04x}"}
        if row.spec == "TimeStamp":
            return {row.spec: value, "TimeStamp_text": f"{value:010d}"}
        return super().shown(row, value)

    def value(self, row: Row, fields: Mapping[str, Any]) -> Any:
        """
        A row's value in an object, None when it is not there.
        """
        value = super().value(row, fields)
        if row.kind == "tlvs" and value is not None:
            return _tlvs(value)
        if row.spec in _IN_HEX and isinstance(value, str):
            return int.from_bytes(hexed(value.removeprefix("0x")), "big")
        return value

    def content(self, pdu: Pdu) -> dict[str, Any]:
        """
        What the content says: a report, a header, a text.
        """
        if not isinstance(pdu, Submit | Deliver | Forward):
            return {}
        if isinstance(pdu, Deliver) and pdu.is_report:
            return {"report": _report(pdu.msg_content)}
        headed = values.begins_with_udh(pdu.tlvs, pdu.msg_content, pdu.msg_format)
        return message_of(pdu.msg_content, pdu.msg_format, headed)


def _tlv(tag: int, octets: bytes) -> dict[str, Any]:
    name, kind = TAGS.get(tag, ("", ""))
    shown = {"tag": tag, "name": name, "length": len(octets), "value_hex": octets.hex()}
    match kind:
        case "uint":
            return shown | {"value": values.tlv_number({tag: octets}, tag)}
        case "text":
            return shown | {"value": values.tlv_text({tag: octets}, tag)}
    return shown


def _tlvs(listed: Any) -> dict[int, bytes]:
    try:
        return {int(tlv["tag"]): hexed(tlv["value_hex"]) for tlv in listed}
    except (TypeError, KeyError, ValueError) as error:
        raise WireError(f"no list of TLVs: {error}") from error


def _report(body: bytes) -> dict[str, Any]:
    try:
        report = values.read_report(body)
    except WireError as error:
        return {"error": str(error)}
    return {
        "id": report.msg_id.hex(),
        "sub": report.sub,
        "dlvrd": report.dlvrd,
        "submit_date": report.submit_date,
        "done_date": report.done_date,
        "stat": report.stat,
        "err": report.err,
        "text_hex": report.text.hex(),
    }
