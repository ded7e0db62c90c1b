"""
A CSV file and a template as the items of a batch; knows the line of each.
"""

import csv
import io
import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from smsgw.config import ConfigError
from smsgw.errors import Refused

__all__ = ["Table", "read_table"]

PHONE_COLUMNS = ("手机号", "手机", "电话", "phone", "mobile", "to")


@attrs.frozen
class Table:
    """
    One item per row, and the line of the file where each row begins.
    """

    items: list[dict[str, str]] = attrs.field(factory=list)
    lines: list[int] = attrs.field(factory=list)


class Template(string.Formatter):
    """
    A text with C{{column}} places; a column that is not there is named.
    """

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        try:
            return kwargs[field_name], field_name
        except KeyError:
            raise Refused(2003, f"no column {field_name!r}", "template") from None

    def fill(self, template: str, row: Mapping[str, str]) -> str:
        """
        The text for a row.
        """
        try:
            return self.vformat(template, (), row)
        except ValueError as error:
            raise Refused(2003, str(error), "template") from None


def read_table(path: Path, template: str, ref_column: str | None) -> Table:
    """
    The rows of a CSV file, UTF-8 or as Excel writes it in China; L{ConfigError}
    lists every row that has not as many cells as there are columns.
    """
    reader = csv.DictReader(io.StringIO(_text_of(path), newline=""), strict=True)
    try:
        columns = reader.fieldnames or ()
        phone = _phone_column(columns, ref_column)
        write, table, mistakes = Template(), Table(), list[str]()
        for line, row in _numbered(reader):
            if None in row or None in row.values():
                mistakes.append(f"line {line} has not {len(columns)} cells")
                continue
            item = {"to": row[phone], "text": write.fill(template, row)}
            if ref_column:
                item["client_ref"] = row[ref_column]
            table.items.append(item)
            table.lines.append(line)
    except csv.Error as error:
        raise ConfigError(path, [f"line {reader.reader.line_num}: {error}"]) from error
    if mistakes:
        raise ConfigError(path, mistakes)
    return table


def _text_of(path: Path) -> str:
    octets = path.read_bytes()
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return octets.decode("gb18030")
    except UnicodeDecodeError as error:
        raise ConfigError(path, ["is neither UTF-8 nor GB18030"]) from error


def _phone_column(columns: Any, ref_column: str | None) -> str:
    phone = next((name for name in PHONE_COLUMNS if name in columns), None)
    if phone is None:
        words = f"no column is named one of {', '.join(PHONE_COLUMNS)}"
        raise Refused(2003, words, "csv")
    if ref_column and ref_column not in columns:
        raise Refused(2003, f"no column {ref_column!r}", "ref-column")
    return phone


def _numbered(reader: "csv.DictReader[str]") -> Iterator[tuple[int, dict[str, str]]]:
    """
    Rows with the lines they begin at; a cell may be several lines.
    """
    while True:
        begin = reader.line_num + 1
        row = next(reader, None)
        if row is None:
            return
        yield begin, row
