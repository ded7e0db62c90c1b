"""
Row tables to functions: writes Python source per PDU and version, and runs it.

One C{struct} call per run of fixed rows; C{struct} truncates and pads silently,
so the written code checks every width.
"""

from collections.abc import Callable, Mapping
from struct import Struct, error
from types import MappingProxyType
from typing import Any, NoReturn

import attrs

from smsgw.protocols.rows import Codec, Pdu, Row, WireError

__all__ = ["compile_rows"]

_TAG = Struct(">HH")
_CODES = {1: "B", 2: "H", 4: "I", 8: "Q"}
_CUT = '.partition(b"\\0")[0].rstrip(b" ").decode("latin-1")'


def compile_rows(
    cls: type[Pdu], versions: tuple[int, ...], header: int
) -> Mapping[int, Codec]:
    """
    A codec per version; versions with equal layouts share one.
    """
    made: dict[tuple[tuple[str, int], ...], Codec] = {}
    by_size: dict[int, Callable[[bytes], Any]] = {}
    codecs: dict[int, Codec] = {}
    for version in versions:
        rows = {n: r for n, r in cls.rows.items() if r.present(version)}
        shape = tuple((n, (r.item or r).width_in(version)) for n, r in rows.items())
        if shape not in made:
            made[shape] = _compile(cls, rows, version, header, by_size)
            if made[shape].size:
                by_size[made[shape].size] = made[shape].decode
        codecs[version] = made[shape]
    return codecs


def _compile(
    cls: type[Pdu],
    rows: Mapping[str, Row],
    version: int,
    header: int,
    by_size: Mapping[int, Callable[[bytes], Any]],
) -> Codec:
    writer = _Writer(version=version, header=header)
    for name, row in rows.items():
        writer.row(name, row)
    for name, row in cls.rows.items():
        if name not in rows:
            writer.names[f"empty_{name}"] = row.empty()
            writer.reads.append(f"p.{name} = empty_{name}")
    size = writer.finish()
    title = cls.title

    def elsewhere(frame: bytes) -> Any:
        """
        A fixed PDU in another version's size is read as that version's.
        """
        decode = by_size.get(len(frame))
        if decode is None:
            bad_length(frame)
        return decode(frame)

    def bad_length(frame: bytes, cause: Exception | None = None) -> NoReturn:
        raise WireError(f"{title}: {len(frame)} octets do not fit") from cause

    def unfit(p: Any, cause: Exception | None = None) -> NoReturn:
        wide = [n for n, r in rows.items() if not _fits(r, version, getattr(p, n))]
        wide = wide or ["rows after an absent one"]
        raise WireError(f"{title}: does not fit: {', '.join(wide)}") from cause

    names = (
        writer.names
        | {
            "cls": cls,
            "new": cls.__new__,
            "bad_length": bad_length,
            "elsewhere": elsewhere,
            "unfit": unfit,
        }
        | _absent(cls.rows, unfit)
    )
    exec(writer.source(size), names)  # our own rows, never a peer's bytes
    return Codec(names["encode"], names["decode"], size)


def _absent(
    rows: Mapping[str, Row], unfit: Callable[[Any], NoReturn]
) -> dict[str, Callable[[Any], None]]:
    """
    What a PDU does whose body may be absent: be empty, and have nothing else.
    """
    others = [(n, r.empty()) for n, r in rows.items() if r.kind != "in_header"]

    def empty(p: Any) -> None:
        for name, value in others:
            setattr(p, name, value)

    def alone(p: Any) -> None:
        if any(getattr(p, name) != value for name, value in others):
            unfit(p)

    return {"empty": empty, "alone": alone}


def _fits(row: Row, version: int, value: Any) -> bool:
    """
    Say which row an encode stumbled on; slow, only for the error's words.
    """
    width = row.width_in(version)
    try:
        items = row.item is None or all(_fits(row.item, version, v) for v in value)
        return items and bool(_FIT[row.kind](value, width))
    except (TypeError, ValueError, AttributeError):
        return False


def _ended(value: str, width: int) -> bool:
    return len(value.encode("latin-1")) < width and "\0" not in value


def _count(value: Any, width: int) -> bool:
    return isinstance(value, tuple | list) and len(value) < 1 << 8 * width


_FIT: Mapping[str, Callable[[Any, int], Any]] = MappingProxyType(
    {
        "uint": lambda value, width: 0 <= value < 1 << 8 * width,
        "in_header": lambda value, width: True,  # the header's matter
        "text": lambda value, width: len(value.encode("latin-1")) <= width,
        "cstring": _ended,
        "optional": lambda value, width: value is None or _ended(value, width),
        "octets": lambda value, width: len(value) == width,
        "counted": lambda value, width: (
            isinstance(value, bytes) and len(value) < 1 << 8 * width
        ),
        "repeated": _count,
        "listed": _count,
        "tlvs": lambda value, width: all(
            tag < 65536 and len(v) < 65536 for tag, v in value.items()
        ),
    }
)


def write_tlvs(values: Mapping[int, bytes]) -> bytes:
    """
    Tag, length, value in the mapping's order.
    """
    return b"".join(
        [_TAG.pack(tag, len(value)) + value for tag, value in values.items()]
    )


def read_tlvs(frame: bytes, at: int, loose: bool = False) -> dict[int, bytes]:
    """
    All TLVs from C{at} on; one that overruns is an error, or ends a loose row.
    """
    values = {}
    while at < len(frame):
        end = at + 4 + int.from_bytes(frame[at + 2 : at + 4], "big")
        if end > len(frame):
            if loose:
                break
            raise WireError("a TLV overruns its PDU")
        values[int.from_bytes(frame[at : at + 2], "big")] = frame[at + 4 : end]
        at = end
    return values


@attrs.define(eq=False)
class _Writer:
    """
    The two functions' source as it grows row by row.
    """

    version: int
    header: int
    names: dict[str, Any] = attrs.field(
        factory=lambda: {
            "error": error,
            "write_tlvs": write_tlvs,
            "read_tlvs": read_tlvs,
        }
    )
    before: list[str] = attrs.field(factory=list)
    checks: list[str] = attrs.field(factory=list)
    pieces: list[str] = attrs.field(factory=list)
    reads: list[str] = attrs.field(factory=list)
    codes: str = ""
    values: list[str] = attrs.field(factory=list)
    targets: list[str] = attrs.field(factory=list)
    after: list[str] = attrs.field(factory=list)
    fixed: int = 0
    variable: bool = False
    loose: bool = False
    absent: str = ""

    def row(self, name: str, row: Row) -> None:
        """
        Write one row.
        """
        width = row.width_in(self.version)
        if row.loose and row.kind != "tlvs":
            self._loose(name, row, width)
        else:
            getattr(self, f"_{row.kind}")(name, row, width)

    def _fixed(self, code: str, value: str, target: str, width: int) -> None:
        self.codes += code
        self.values.append(value)
        self.targets.append(target)
        self.fixed += width

    def _uint(self, name: str, row: Row, width: int) -> None:
        if width in _CODES:
            self._fixed(_CODES[width], f"p.{name}", f"p.{name}", width)
            return
        self.after.append(f'p.{name} = int.from_bytes(v_{name}, "big")')
        value = f'p.{name}.to_bytes({width}, "big")'
        self._fixed(f"{width}s", value, f"v_{name}", width)

    def _text(self, name: str, row: Row, width: int) -> None:
        self.before.append(f'v_{name} = p.{name}.encode("latin-1")')
        self.checks.append(f"len(v_{name}) > {width}")
        self.after.append(f"p.{name} = v_{name}{_CUT}")
        self._fixed(f"{width}s", f"v_{name}", f"v_{name}", width)

    def _cstring(self, name: str, row: Row, width: int) -> None:
        self._flush()
        self.before.append(f'v_{name} = p.{name}.encode("latin-1") + b"\\0"')
        self.checks.append(f'len(v_{name}) > {width} or "\\0" in p.{name}')
        self.pieces.append(f"v_{name}")
        self.reads += [
            "end = frame.index(0, at)",
            f'p.{name} = frame[at:end].decode("latin-1")',
            "at = end + 1",
        ]

    def _optional(self, name: str, row: Row, width: int) -> None:
        self._cstring(name, row, width)
        self.absent = name
        self.reads[-3:] = [
            "if at >= len(frame):",
            "    empty(p)",
            "    return p",
            "end = frame.find(0, at)",
            "if end < 0:",
            "    end = len(frame)",
            f'p.{name} = frame[at:end].decode("latin-1")',
            "at = min(end + 1, len(frame))",
        ]

    def _in_header(self, name: str, row: Row, width: int) -> None:
        octets = f"frame[{width}:{width + 4}]"
        self.reads.append(f'p.{name} = int.from_bytes({octets}, "big")')

    def _octets(self, name: str, row: Row, width: int) -> None:
        self.checks.append(f"len(p.{name}) != {width}")
        self._fixed(f"{width}s", f"p.{name}", f"p.{name}", width)

    def _counted(self, name: str, row: Row, width: int) -> None:
        self._fixed(_CODES[width], f"len(p.{name})", "count", width)
        self._flush()
        self.pieces.append(f"p.{name}")
        self.reads += [
            "end = at + count",
            f"p.{name} = frame[at:end]",
            "at = end",
        ]

    def _repeated(self, name: str, row: Row, width: int) -> None:
        assert row.item is not None
        size = row.item.width_in(self.version)
        is_text = row.item.kind == "text"
        coded = 'v.encode("latin-1")' if is_text else "v"
        self.before.append(
            f'v_{name} = [{coded}.ljust({size}, b"\\0") for v in p.{name}]'
        )
        self.checks.append(f"any([len(v) != {size} for v in v_{name}])")
        self._fixed(_CODES[width], f"len(v_{name})", "count", width)
        self._flush()
        self.pieces.append(f'b"".join(v_{name})')
        cut = _CUT if is_text else ""
        self.reads += [
            f"end = at + count * {size}",
            f"p.{name} = tuple([frame[i : i + {size}]{cut}"
            f" for i in range(at, end, {size})])",
            "at = end",
        ]

    def _listed(self, name: str, row: Row, width: int) -> None:
        self.names |= {f"read_{name}": row.read, f"write_{name}": row.write}
        self._fixed(_CODES[width], f"len(p.{name})", "count", width)
        self._flush()
        self.pieces.append(f'b"".join([write_{name}(v) for v in p.{name}])')
        self.reads += [
            "items = []",
            "for _ in range(count):",
            f"    item, at = read_{name}(frame, at)",
            "    items.append(item)",
            f"p.{name} = tuple(items)",
        ]

    def _tlvs(self, name: str, row: Row, width: int) -> None:
        self._flush()
        self.pieces.append(f"write_tlvs(p.{name})")
        self.reads.append(f"p.{name} = read_tlvs(frame, at, {row.loose})")
        self.loose = self.variable = True

    def _loose(self, name: str, row: Row, width: int) -> None:
        self._flush()
        piece = f"frame[at : at + {width}]"
        if row.kind == "uint":
            self.pieces.append(f'p.{name}.to_bytes({width}, "big")')
            self.reads.append(f'p.{name} = int.from_bytes({piece}, "big")')
        else:
            self.before.append(f'v_{name} = p.{name}.encode("latin-1")')
            self.checks.append(f"len(v_{name}) > {width}")
            self.pieces.append(f'v_{name}.ljust({width}, b"\\0")')
            self.reads.append(f"p.{name} = {piece}{_CUT}")
        self.loose = self.variable = True

    def _flush(self) -> None:
        self.variable = True
        if not self.codes:
            return
        struct = Struct(f">{self.codes}")
        index = len(self.pieces)
        self.names[f"pack_{index}"] = struct.pack
        self.names[f"unpack_{index}"] = struct.unpack_from
        self.pieces.append(f"pack_{index}({', '.join(self.values)})")
        self.reads += [
            f"{', '.join(self.targets)}, = unpack_{index}(frame, at)",
            f"at += {struct.size}",
            *self.after,
        ]
        self.codes, self.values, self.targets, self.after = "", [], [], []

    def finish(self) -> int:
        """
        The frame's size when every row is fixed, else 0.
        """
        variable = self.variable
        self._flush()
        return 0 if variable or not self.pieces else self.header + self.fixed

    def source(self, size: int) -> str:
        """
        Both functions as text.
        """
        checks = [f"if {' or '.join(self.checks)}:", "    unfit(p)"]
        absent = [f"if p.{self.absent} is None:", "    alone(p)", '    return b""']
        encode = absent if self.absent else []
        encode += [*self.before, *(checks if self.checks else [])]
        joined = " + ".join(self.pieces) or 'b""'
        encode.append(f"return {joined}")
        decode = ["p = new(cls)", f"at = {self.header}"]
        decode += self.reads
        ends = ["if at > len(frame):" if self.loose else "if at != len(frame):"]
        if self.pieces and not size:
            decode += [*ends, "    bad_length(frame)"]
        guard = [f"if len(frame) != {size}:", "    return elsewhere(frame)"]
        return "\n".join(
            [
                "def encode(p):",
                "    try:",
                *(f"        {line}" for line in encode),
                "    except (error, ValueError, TypeError, AttributeError,",
                "            OverflowError) as cause:",
                "        unfit(p, cause)",
                "def decode(frame):",
                *(f"    {line}" for line in (guard if size else [])),
                "    try:",
                *(f"        {line}" for line in decode),
                "    except (error, ValueError, LookupError) as cause:",
                "        bad_length(frame, cause)",
                "    return p",
            ]
        )
