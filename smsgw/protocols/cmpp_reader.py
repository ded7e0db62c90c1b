"""
CMPP for the packet reader.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from smsgw.protocols import cmpp_values as values
from smsgw.protocols import udh
from smsgw.protocols.cmpp import V20, V21, V30, Deliver, Submit
from smsgw.protocols.cmpp_rules import CMPP
from smsgw.protocols.protocol import Protocol
from smsgw.protocols.reading import Reader, hexed, text_of
from smsgw.protocols.rows import Pdu, Row, WireError

__all__ = ["CmppReader"]

_MSG_ID = "Msg_Id"


class CmppReader(Reader):
    """
    Ids in hex and decimal, contents under a name of their own.
    """

    protocol: ClassVar[Protocol] = CMPP
    versions: ClassVar[Mapping[str, int]] = MappingProxyType(
        {"2.0": V20, "2.1": V21, "3.0": V30}
    )
    usual: ClassVar[str] = "3.0"
    head: ClassVar[tuple[str, str, str]] = ("Total_Length", "Command_Id", "Sequence_Id")

    def shown(self, row: Row, value: Any) -> dict[str, Any]:
        """
        A row's fields.
        """
        if row.spec == _MSG_ID:
            shown = values.msg_id_hex(value)
            return {_MSG_ID: shown, f"{_MSG_ID}_decimal": str(value)}
        if row.kind == "counted":
            return {row.count_spec: len(value), f"{row.spec}_hex": value.hex()}
        return super().shown(row, value)

    def value(self, row: Row, fields: Mapping[str, Any]) -> Any:
        """
        A row's value in an object, None when it is not there.
        """
        if row.kind == "counted":
            value = fields.get(f"{row.spec}_hex")
            return None if value is None else hexed(value)
        value = super().value(row, fields)
        if row.spec == _MSG_ID and value is not None:
            return int.from_bytes(hexed(value), "big")
        return value

    def content(self, pdu: Pdu) -> dict[str, Any]:
        """
        What the content says: a report, a header, a text.
        """
        if not isinstance(pdu, Submit | Deliver):
            return {}
        if isinstance(pdu, Deliver) and pdu.registered_delivery == 1:
            return self._report(pdu)
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
        return shown | text_of(body, pdu.msg_fmt)

    def _report(self, pdu: Deliver) -> dict[str, Any]:
        size = len(pdu.msg_content)
        layouts = {60: "2.0 (60 octets)", 71: "3.0 (71 octets)"}
        try:
            report = values.read_report(pdu)
        except WireError as error:
            return {"report": {"error": str(error)}}
        layout = layouts.get(size, f"unknown ({size} octets)")
        return {"report": {"layout": layout} | self.fields(report, V20)}
