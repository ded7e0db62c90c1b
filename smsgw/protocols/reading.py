"""
What the packet readers of all protocols have in common.
"""

import struct
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from smsgw.protocols import udh
from smsgw.protocols.protocol import Protocol
from smsgw.protocols.rows import Pdu, Row, WireError

__all__ = ["CODINGS", "Reader", "hexed", "message_of", "text_of"]

CODINGS: Mapping[int, str] = MappingProxyType(
    {0: "ascii", 8: "utf-16-be", 15: "gb18030"}
)


def hexed(text: Any) -> bytes:
    """
    The octets of hex.
    """
    try:
        return bytes.fromhex(text)
    except (ValueError, TypeError) as error:
        raise WireError(f"not hex: {error}") from error


def text_of(body: bytes, coding: int) -> dict[str, str | None]:
    """
    A text in a coding we know, None where the octets are none of it.
    """
    if coding not in CODINGS:
        return {}
    try:
        return {"text": body.decode(CODINGS[coding])}
    except UnicodeDecodeError:
        return {"text": None}


def message_of(content: bytes, coding: int, headed: bool) -> dict[str, Any]:
    """
    A content's header, if it is said to have one, and its text.
    """
    shown: dict[str, Any] = {}
    if headed:
        header, content = udh.split(content)
        shown["udh"] = {"hex": header.octets.hex()}
        if header.bits:
            ref, total, seq = header.reference, header.parts, header.part
            shown["udh"] |= {"ref": ref, "total": total, "seq": seq}
    return shown | text_of(content, coding)


class Reader:
    """
    A PDU as an object in its standard's words, and back.

    C{head} names the length, the command and the sequence; C{usual} is the
    version of who names none. A protocol says how its rows and contents look.
    """

    protocol: ClassVar[Protocol]
    versions: ClassVar[Mapping[str, int]]
    usual: ClassVar[str]
    head: ClassVar[tuple[str, str, str]]

    def decode(self, line: str, version: str) -> dict[str, Any]:
        """
        One PDU; L{WireError} for what is no hex or no PDU.
        """
        frame, number = hexed(line.strip()), self._version(version)
        pdu = self.protocol.decode(frame, number)
        shown = {"command": pdu.title} | self.header(frame)
        return shown | self.fields(pdu, number) | self.content(pdu)

    def encode(self, fields: Mapping[str, Any], version: str) -> str:
        """
        The hex of an object as L{decode} gives it.

        Lengths and counts are computed and derived keys ignored; fields left out
        have the standard's usual value.
        """
        cls, number = self._class_of(fields), self._version(version)
        given = {name: self.value(row, fields) for name, row in cls.rows.items()}
        given = {name: value for name, value in given.items() if value is not None}
        try:
            pdu = cls(**given)
            return self.protocol.encode(pdu, number, self.sequence(fields)).hex()
        except (TypeError, struct.error) as error:
            raise WireError(f"{cls.title}: {error}") from error

    def header(self, frame: bytes) -> dict[str, Any]:
        """
        The header's fields.
        """
        command, sequence = self.protocol.head(frame)
        return dict(zip(self.head, (len(frame), command, sequence), strict=True))

    def sequence(self, fields: Mapping[str, Any]) -> int:
        """
        The sequence in an object, 0 when it is not there.
        """
        number: int = fields.get(self.head[2], 0)
        return number

    def fields(self, pdu: Pdu, version: int) -> dict[str, Any]:
        """
        The rows of a version.
        """
        shown: dict[str, Any] = {}
        for name, row in pdu.rows.items():
            if row.present(version):
                shown |= self.shown(row, getattr(pdu, name))
        return shown

    def shown(self, row: Row, value: Any) -> dict[str, Any]:
        """
        A row's fields.
        """
        match row.kind:
            case "counted":
                return {row.count_spec: len(value), row.spec: value.hex()}
            case "repeated":
                return {row.count_spec: len(value), row.spec: list(value)}
            case "octets":
                return {row.spec: value.hex()}
        return {row.spec: value}

    def value(self, row: Row, fields: Mapping[str, Any]) -> Any:
        """
        A row's value in an object, None when it is not there.
        """
        value = fields.get(row.spec)
        if value is None:
            return None
        match row.kind:
            case "counted" | "octets":
                return hexed(value)
            case "repeated":
                return tuple(value) if isinstance(value, list | tuple) else value
        return value

    def content(self, pdu: Pdu) -> dict[str, Any]:
        """
        What the rows mean: a report, a header, a text.
        """
        return {}

    def _version(self, version: str) -> int:
        try:
            return self.versions[version or self.usual]
        except KeyError:
            raise WireError(f"unknown version {version!r}") from None

    def _class_of(self, fields: Mapping[str, Any]) -> type[Pdu]:
        command = fields.get("command", fields.get(self.head[1]))
        for number, cls in self.protocol.pdus.items():
            if command in (cls.title, number, f"{number:#010x}"):
                return cls
        raise WireError(f"unknown command {command!r}")
