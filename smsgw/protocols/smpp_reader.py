"""
SMPP for the packet reader.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import attrs

from smsgw.protocols import smpp_values as values
from smsgw.protocols.protocol import Protocol
from smsgw.protocols.reading import Reader, hexed, message_of
from smsgw.protocols.rows import Pdu, Row, WireError
from smsgw.protocols.smgp_values import tlv_number, tlv_text
from smsgw.protocols.smpp import DataSm, SubmitMulti
from smsgw.protocols.smpp_forms import Message
from smsgw.protocols.smpp_parts import TAGS, Failed, Target
from smsgw.protocols.smpp_rules import HEADER, SMPP
from smsgw.protocols.smpp_settings import VERSION_OF

__all__ = ["SmppReader"]

_WIDE, _NARROW = "command_status", "interface_version"
_ITEMS: Mapping[str, type[Any]] = {"dest_address": Target, "unsuccess_sme": Failed}


class SmppReader(Reader):
    """
    Commands, results and versions in hex, TLVs as a list.
    """

    protocol: ClassVar[Protocol] = SMPP
    versions: ClassVar[Mapping[str, int]] = VERSION_OF
    usual: ClassVar[str] = "3.4"
    head: ClassVar[tuple[str, str, str]] = (
        "command_length",
        "command_id",
        "sequence_number",
    )

    def header(self, frame: bytes) -> dict[str, Any]:
        """
        The header's fields.
        """
        length, command, status, sequence = HEADER.unpack_from(frame)
        return {
            "command_length": length,
            "command_id": f"{command:#010x}",
            _WIDE: f"{status:#010x}",
            "sequence_number": sequence,
        }

    def fields(self, pdu: Pdu, version: int) -> dict[str, Any]:
        """
        The rows; those of a body that is absent are not shown.
        """
        rows = pdu.rows.items()
        if any(r.kind == "optional" and getattr(pdu, n) is None for n, r in rows):
            return {"_no_body": True}
        return super().fields(pdu, version)

    def shown(self, row: Row, value: Any) -> dict[str, Any]:
        """
        A row's fields.
        """
        match row.kind:
            case "in_header":
                return {}
            case "tlvs":
                return {row.spec: [_tlv(tag, octets) for tag, octets in value.items()]}
            case "listed":
                listed = [attrs.asdict(one) for one in value]
                return {row.count_spec: len(listed), row.spec: listed}
        if row.spec == _NARROW:
            return {row.spec: f"{value:#04x}"}
        return super().shown(row, value)

    def value(self, row: Row, fields: Mapping[str, Any]) -> Any:
        """
        A row's value in an object, None when it is not there.
        """
        value = super().value(row, fields)
        if value is None:
            return None
        if row.kind == "tlvs":
            return _tlvs(value)
        if row.kind == "listed":
            return _items(_ITEMS[row.spec], value)
        if row.spec in (_WIDE, _NARROW) and isinstance(value, str):
            return int.from_bytes(hexed(value.removeprefix("0x")), "big")
        return value

    def content(self, pdu: Pdu) -> dict[str, Any]:
        """
        What the content says: a receipt, a header, a text.
        """
        if not isinstance(pdu, Message | DataSm | SubmitMulti):
            return {}
        content = values.content_of(pdu)
        if not isinstance(pdu, SubmitMulti) and values.is_receipt(pdu):
            return {"receipt": values.read_receipt(content, pdu.data_coding)}
        headed = bool(pdu.esm_class & values.UDHI)
        return message_of(content, pdu.data_coding, headed)


def _tlv(tag: int, octets: bytes) -> dict[str, Any]:
    name, kind = TAGS.get(tag, ("", ""))
    shown = {
        "tag": f"{tag:#06x}",
        "name": name,
        "length": len(octets),
        "value_hex": octets.hex(),
    }
    match kind:
        case "uint":
            return shown | {"value": tlv_number({tag: octets}, tag)}
        case "text":
            return shown | {"value": tlv_text({tag: octets}, tag)}
    return shown


def _tlvs(listed: Any) -> dict[int, bytes]:
    try:
        return {_number(tlv["tag"]): hexed(tlv["value_hex"]) for tlv in listed}
    except (TypeError, KeyError, ValueError) as error:
        raise WireError(f"no list of TLVs: {error}") from error


def _number(tag: int | str) -> int:
    return int(tag, 0) if isinstance(tag, str) else int(tag)


def _items(cls: type[Any], listed: Any) -> tuple[Any, ...]:
    try:
        return tuple([cls(**item) for item in listed])
    except TypeError as error:
        raise WireError(f"no list of receivers: {error}") from error
