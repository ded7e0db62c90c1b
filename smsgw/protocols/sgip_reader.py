"""
SGIP for the packet reader.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from smsgw.protocols.protocol import Protocol
from smsgw.protocols.reading import Reader, hexed, message_of
from smsgw.protocols.rows import Pdu, Row, WireError
from smsgw.protocols.sgip import (
    NODE,
    Deliver,
    Submit,
    TraceNode,
    TraceResp,
    UnbindResp,
)
from smsgw.protocols.sgip_rules import SGIP
from smsgw.protocols.sgip_sequence import (
    sequence_fields,
    sequence_hex,
    sequence_number,
)
from smsgw.protocols.sgip_settings import VERSION_OF
from smsgw.protocols.udh import has_udh

__all__ = ["SgipReader"]

_SEQUENCE = "Sequence"
_RESERVE = "Reserve"
_VERSION_OF = {size: version for version, size in NODE.items()}


class SgipReader(Reader):
    """
    Sequences in their parts and in hex, nodes of a trace as objects.

    The content's length has a name of its own: the header's is MessageLength too.
    """

    protocol: ClassVar[Protocol] = SGIP
    versions: ClassVar[Mapping[str, int]] = VERSION_OF
    usual: ClassVar[str] = "1.2"
    head: ClassVar[tuple[str, str, str]] = ("MessageLength", "CommandId", _SEQUENCE)

    def header(self, frame: bytes) -> dict[str, Any]:
        """
        The header's fields, and what an Unbind_Resp should not have.
        """
        shown = super().header(frame)
        shown["CommandId"] = f"{shown['CommandId']:#010x}"
        shown[_SEQUENCE] = _sequence(shown[_SEQUENCE])
        body = frame[SGIP.header.size :]
        if body and shown["CommandId"] == f"{UnbindResp.command:#010x}":
            shown["_trailing"] = body.hex()
        return shown

    def sequence(self, fields: Mapping[str, Any]) -> int:
        """
        The sequence in an object, 0 when it is not there.
        """
        told = fields.get(_SEQUENCE)
        return 0 if told is None else _number(told)

    def shown(self, row: Row, value: Any) -> dict[str, Any]:
        """
        A row's fields.
        """
        if row.spec == _RESERVE:
            return {_RESERVE: f"{value:016x}"}
        if row.spec == "SubmitSequenceNumber":
            return {row.spec: _sequence(value)}
        if row.kind == "counted":
            size = {f"{row.count_spec}_content": len(value)}
            return size | {row.spec: value.hex()}
        if row.spec == "nodes":
            return {
                row.count_spec: len(value),
                row.spec: [self._node(n) for n in value],
            }
        return super().shown(row, value)

    def _node(self, octets: bytes) -> dict[str, Any]:
        version = _VERSION_OF[len(octets)]
        return self.fields(TraceNode.codecs[version].decode(octets), version)

    def value(self, row: Row, fields: Mapping[str, Any]) -> Any:
        """
        A row's value in an object, None when it is not there.
        """
        value = super().value(row, fields)
        if value is None:
            return None
        if row.spec == _RESERVE:
            return int.from_bytes(hexed(value), "big")
        if row.spec == "SubmitSequenceNumber":
            return _number(value)
        return value

    def encode(self, fields: Mapping[str, Any], version: str) -> str:
        """
        The hex of an object as L{decode} gives it.
        """
        if self._class_of(fields) is TraceResp:
            nodes = self._nodes(fields.get("nodes", ()), self._version(version))
            fields = {**fields, "nodes": nodes}
        return super().encode(fields, version)

    def _nodes(self, listed: Any, version: int) -> list[bytes]:
        try:
            made = [TraceNode(**self._given(node)) for node in listed]
        except (TypeError, AttributeError) as error:
            raise WireError(f"no nodes: {error}") from error
        return [TraceNode.codecs[version].encode(node) for node in made]

    def _given(self, node: Mapping[str, Any]) -> dict[str, Any]:
        given = {name: self.value(row, node) for name, row in TraceNode.rows.items()}
        return {name: value for name, value in given.items() if value is not None}

    def content(self, pdu: Pdu) -> dict[str, Any]:
        """
        What the content says: a header, a text.
        """
        if not isinstance(pdu, Submit | Deliver):
            return {}
        headed = has_udh(pdu.tp_udhi)
        return message_of(pdu.message_content, pdu.message_coding, headed)


def _sequence(number: int) -> dict[str, Any]:
    node, time, counter = sequence_fields(number)
    hexadecimal = sequence_hex(number)
    return {"node": node, "time": time, "counter": counter, "hex": hexadecimal}


def _number(told: Any) -> int:
    """
    A sequence in its parts, as hex, or as the number.
    """
    if isinstance(told, Mapping):
        told = told.get("hex")
    return told if isinstance(told, int) else sequence_number(told)
