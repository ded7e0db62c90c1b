"""
The kinds of rows a PDU's table is made of.

Each function gives a L{Row} but is typed as the value the row will hold, so that
a table reads as a class and mypy checks its users.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar, cast

import attrs

from smsgw.errors import Violation

__all__ = [
    "FOREVER",
    "Codec",
    "Pdu",
    "Row",
    "WireError",
    "counted",
    "octets",
    "repeated",
    "text",
    "tlvs",
    "uint",
]

FOREVER = 1 << 31
T = TypeVar("T")
Width = int | Mapping[int, int]
NOTHING = cast(Any, attrs.NOTHING)


class WireError(Violation):
    """
    Bytes that are no PDU, or a value that does not fit its row.
    """


@attrs.frozen
class Row:
    """
    One row of a table; C{spec} is its name in the standard.

    C{width} is octets: of the value, or of the count in front of it (C{counted},
    C{repeated}, whose count is named C{count_spec}). A C{loose} row ends its PDU
    and is read as far as it is there.
    """

    kind: str
    width: Width
    spec: str
    default: Any
    since: int = 0
    until: int = FOREVER
    count_spec: str = ""
    item: "Row | None" = None
    loose: bool = False
    tags: Mapping[int, tuple[str, str]] = attrs.field(factory=dict)

    def present(self, version: int) -> bool:
        """
        Does this version have the row?
        """
        return self.since <= version <= self.until

    def width_in(self, version: int) -> int:
        """
        Octets in a version: those of the newest entry not above it.
        """
        if isinstance(self.width, int):
            return self.width
        return self.width[max(v for v in self.width if v <= version)]

    def empty(self) -> Any:
        """
        The value of a version that lacks the row.
        """
        if self.default is not attrs.NOTHING:
            return self.default
        return {"uint": 0, "text": "", "repeated": (), "tlvs": {}}.get(self.kind, b"")


def uint(
    width: Width,
    spec: str,
    *,
    default: int = NOTHING,
    since: int = 0,
    until: int = FOREVER,
    loose: bool = False,
) -> int:
    """
    An unsigned big-endian integer.
    """
    row = Row("uint", width, spec, default, since, until, loose=loose)
    return cast(int, row)


def text(
    width: Width,
    spec: str,
    *,
    default: str = NOTHING,
    since: int = 0,
    until: int = FOREVER,
    loose: bool = False,
) -> str:
    """
    Octet String, NUL padded: cut at the first NUL, without trailing spaces.

    Latin-1 keeps whatever a peer puts there.
    """
    row = Row("text", width, spec, default, since, until, loose=loose)
    return cast(str, row)


def octets(
    width: Width,
    spec: str,
    *,
    default: bytes = NOTHING,
    since: int = 0,
    until: int = FOREVER,
) -> bytes:
    """
    Exactly so many raw octets.
    """
    return cast(bytes, Row("octets", width, spec, default, since, until))


def counted(
    width: int, count_spec: str, spec: str, *, default: bytes = NOTHING
) -> bytes:
    """
    A count of C{width} octets, then as many octets.
    """
    return cast(bytes, Row("counted", width, spec, default, count_spec=count_spec))


def repeated(
    width: int, count_spec: str, item: T, *, default: tuple[T, ...] = NOTHING
) -> tuple[T, ...]:
    """
    A count of C{width} octets, then as many fixed C{text} or C{octets} rows.
    """
    inner = cast(Row, item)
    row = Row("repeated", width, inner.spec, default, count_spec=count_spec, item=inner)
    return cast("tuple[T, ...]", row)


def tlvs(
    tags: Mapping[int, tuple[str, str]],
    spec: str = "TLV",
    *,
    default: Mapping[int, bytes] = NOTHING,
    loose: bool = False,
) -> Mapping[int, bytes]:
    """
    The rest of the PDU as tag (2), length (2), value; the last of a tag wins.

    What overruns the PDU is an error, or if C{loose} ignored.

    C{tags} maps a tag to its name and kind (C{uint}, C{text}, C{octets}); values
    stay raw octets by tag, so that unknown ones survive.
    """
    return cast(
        "Mapping[int, bytes]", Row("tlvs", 0, spec, default, loose=loose, tags=tags)
    )


@attrs.frozen
class Codec:
    """
    One PDU in one version: body out, whole frame in. C{size} 0 means variable.
    """

    encode: Callable[[Any], bytes]
    decode: Callable[[bytes], Any]
    size: int


class Pdu:
    """
    What all PDUs have; the rows are the subclass's own.
    """

    __slots__ = ()
    command: ClassVar[int]
    title: ClassVar[str]
    rows: ClassVar[Mapping[str, Row]]
    codecs: ClassVar[Mapping[int, Codec]]

    def __repr__(self) -> str:
        shown = [
            f"{name}={getattr(self, name)}"
            for name, row in self.rows.items()
            if row.kind == "uint"
        ]
        return f"<{self.title} {' '.join(shown)}>"  # no phone, no text
