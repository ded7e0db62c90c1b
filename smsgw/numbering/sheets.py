"""
Lists that an operator brings as CSV: columns by their names, faults by their lines.

UTF-8 or GBK; a line that begins with # says nothing. Whatever is wrong is told in
one go, and the caller loads nothing of such a file.
"""

import contextlib
import csv
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

import attrs

__all__ = ["Sheet", "carrier_named"]

_ENCODINGS = ("utf-8-sig", "gb18030")
_NAMED = {
    "移动": "mobile",
    "联通": "unicom",
    "电信": "telecom",
    "广电": "broadnet",
    "mobile": "mobile",
    "unicom": "unicom",
    "telecom": "telecom",
    "broadnet": "broadnet",
    "cmcc": "mobile",
    "cucc": "unicom",
    "ctcc": "telecom",
    "cbn": "broadnet",
}


def carrier_named(words: str) -> str:
    """
    The carrier that an operator's words mean (中国移动, 虚拟/联通, CTCC); '' for none.
    """
    found = _NAMED.get(words)
    if found is not None:
        return found
    plain = words.casefold()
    meant = {carrier for name, carrier in _NAMED.items() if name in plain}
    return meant.pop() if len(meant) == 1 else ""


@attrs.frozen
class Sheet:
    """
    A CSV file: C{names} are the spellings of each column wanted, best known first.

    Columns named in C{optional} may be missing, their cells are '' then. What is
    found wrong is added to C{mistakes}.
    """

    names: Mapping[str, Sequence[str]]
    optional: frozenset[str] = frozenset()
    mistakes: list[str] = attrs.field(factory=list)

    def fault(self, line: int, words: str) -> None:
        """
        Note what is wrong with a line.
        """
        self.mistakes.append(f"line {line}: {words}")

    def rows(self, octets: bytes) -> Iterator[tuple[int, list[str]]]:
        """
        (line, cells in the order of C{names}), of lines that say anything.
        """
        text = _text(octets)
        if text is None:
            self.mistakes.append("既非 UTF-8 也非 GBK / neither UTF-8 nor GBK")
            return
        lines = self._lines(text)
        _, header = next(lines, (1, []))
        picked = self._places(header)
        if self.mistakes:
            return
        last = max((place for place in picked if place is not None), default=0)
        for line, cells in lines:
            if len(cells) <= last:
                self.fault(line, "列数不足 / too few columns")
                continue
            yield line, ["" if p is None else cells[p].strip() for p in picked]

    def _lines(self, text: str) -> Iterator[tuple[int, list[str]]]:
        told = ["" if one.startswith("#") else one for one in text.splitlines(True)]
        header = next(filter(str.strip, told), "")
        tabs = "\t" in header and "," not in header
        reader = csv.reader(told, delimiter="\t" if tabs else ",", strict=True)
        try:
            for cells in reader:
                if any(cells):
                    yield reader.line_num, cells
        except csv.Error as error:
            self.fault(reader.line_num, f"不是 CSV / not CSV: {error}")

    def _places(self, header: Sequence[str]) -> list[int | None]:
        """
        Where each column is; those that must be there and are not are mistakes.
        """
        there = {_plain(name): place for place, name in enumerate(header)}
        found: list[int | None] = []
        for column, names in self.names.items():
            places = [there[name] for name in map(_plain, names) if name in there]
            found.append(places[0] if places else None)
            if not places and column not in self.optional:
                self.mistakes.append(f"缺少列 / no column: {' | '.join(names)}")
        return found


def _text(octets: bytes) -> str | None:
    for encoding in _ENCODINGS:
        with contextlib.suppress(UnicodeDecodeError):
            return octets.decode(encoding)
    return None


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()
