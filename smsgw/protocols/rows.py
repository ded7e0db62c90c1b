"""
The kinds of rows a PDU's table is made of.

Each function gives a L{Row} but is typed as the value the row will hold, so that
a table reads as a class and mypy checks its users.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
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
    "cstring",
    "in_header",
    "listed",
    "octets",
    "optional",
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
    C{repeated}, C{listed}, whose count is named C{count_spec}), or where a header
    has it (C{in_header}). A C{loose} row ends its PDU and is read as far as it is
    there.
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
    read: Callable[[bytes, int], tuple[Any, int]] | None = None
    write: Callable[[Any], bytes] | None = None

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
        The value of a version or a body that lacks the row.
        """
        if self.default is not attrs.NOTHING and self.kind != "optional":
            return self.default
        return _EMPTY.get(self.kind, b"")


_EMPTY: Mapping[str, Any] = MappingProxyType(
    {
        "uint": 0,
        "in_header": 0,
        "text": "",
        "cstring": "",
        "optional": None,
        "repeated": (),
        "listed": (),
        "tlvs": MappingProxyType({}),
    }
)


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


def cstring(width: int, spec: str, *, default: str = NOTHING) -> str:
    """
    C-Octet String: Latin-1 that ends with a NUL, which C{width} counts.

    A longer one is read, for peers send them, but not written.
    """
    return cast(str, Row("cstring", width, spec, default))


def optional(width: int, spec: str, *, default: str | None = NOTHING) -> str | None:
    """
    The C{cstring} that begins a body which may be absent: then it is None, and
    all rows after it are empty. One without its NUL ends with the PDU.
    """
    return cast("str | None", Row("optional", width, spec, default))


def in_header(at: int, spec: str, *, default: int = NOTHING) -> int:
    """
    Four octets of the header at C{at}, which the protocol writes.
    """
    return cast(int, Row("in_header", at, spec, default))


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


def listed(
    width: int,
    count_spec: str,
    spec: str,
    read: Callable[[bytes, int], tuple[T, int]],
    write: Callable[[T], bytes],
    *,
    default: tuple[T, ...] = NOTHING,
) -> tuple[T, ...]:
    """
    A count of C{width} octets, then as many items of their own sizes.

    C{read} gives the item at an offset and where it ends; a C{ValueError},
    C{LookupError} or C{struct.error} says that there is none.
    """
    row = Row(
        "listed", width, spec, default, count_spec=count_spec, read=read, write=write
    )
    return cast("tuple[T, ...]", row)


def tlvs(
    tags: Mapping[int, tuple[str, str]],
    spec: str = "TLV",
    *,
    default: Mapping[int, bytes] = NOTHING,
    since: int = 0,
    loose: bool = False,
) -> Mapping[int, bytes]:
    """
    The rest of the PDU as tag (2), length (2), value; the last of a tag wins.

    What overruns the PDU is an error, or if C{loose} ignored.

    C{tags} maps a tag to its name and kind (C{uint}, C{text}, C{octets}); values
    stay raw octets by tag, so that unknown ones survive.
    """
    row = Row("tlvs", 0, spec, default, since, loose=loose, tags=tags)
    return cast("Mapping[int, bytes]", row)


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
