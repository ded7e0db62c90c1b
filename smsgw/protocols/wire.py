"""
PDU tables: classes whose lines are the rows of a specification's table.

A row says its width per version and from which version until which it exists;
L{pdu} compiles the rows to straight-line code.
"""

from collections.abc import Callable
from typing import TypeVar, dataclass_transform

import attrs

from smsgw.protocols.compiler import compile_rows
from smsgw.protocols.rows import (
    Codec,
    Pdu,
    Row,
    WireError,
    counted,
    cstring,
    in_header,
    listed,
    octets,
    optional,
    repeated,
    text,
    tlvs,
    uint,
)

__all__ = [
    "Codec",
    "Pdu",
    "Row",
    "WireError",
    "counted",
    "cstring",
    "in_header",
    "listed",
    "octets",
    "optional",
    "pdu",
    "repeated",
    "text",
    "tlvs",
    "uint",
]

C = TypeVar("C", bound=Pdu)


@dataclass_transform(
    kw_only_default=True,
    field_specifiers=(
        uint,
        text,
        cstring,
        optional,
        in_header,
        octets,
        counted,
        repeated,
        listed,
        tlvs,
    ),
)
def pdu(
    command: int, title: str, versions: tuple[int, ...], header: int = 12
) -> Callable[[type[C]], type[C]]:
    """
    Make a PDU of a table: C{header} octets precede its body in a frame.

    The rows of a base that is a PDU itself come first.
    """

    def make(cls: type[C]) -> type[C]:
        own = {name: row for name, row in vars(cls).items() if isinstance(row, Row)}
        these = {name: attrs.field(default=row.default) for name, row in own.items()}
        made = attrs.define(cls, these=these, kw_only=True, repr=False)
        made.command = command
        made.title = title
        made.rows = {**getattr(cls, "rows", {}), **own}
        made.codecs = compile_rows(made, versions, header)
        return made

    return make
