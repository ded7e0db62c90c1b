"""
Tables that people bring and take away: csv and xlsx, with the line of each row.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

import attrs
from openpyxl import Workbook
from python_calamine import CalamineError, CalamineWorkbook

from smsgw.errors import Refused

__all__ = ["XLSX", "Sheet", "named", "read_sheet", "xlsx_file"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNREAD = 2001
_MOST_ROWS, _MOST_COLUMNS, _MOST_OCTETS = 100_000, 50, 512 << 20
_ENCODINGS = ("utf-8-sig", "gb18030")
_OLD = b"\xd0\xcf\x11\xe0"
Cells = Sequence[Any]


@attrs.frozen
class Sheet:
    """
    A table below its headings: rows are (line, values by column).
    """

    columns: Sequence[str]
    rows: Sequence[tuple[int, dict[str, str]]] = attrs.field(repr=False)


def read_sheet(body: bytes) -> Sheet:
    """
    The first table of a file; L{Refused} says what is wrong with it, in words.
    """
    if body.startswith(_OLD):
        told = "旧版 .xls 请另存为 .xlsx / save the old .xls as .xlsx first"
        raise Refused(UNREAD, told, "file")
    lines = _xlsx_lines(body) if body.startswith(b"PK") else _csv_lines(body)
    columns: list[str] = []
    rows: list[tuple[int, dict[str, str]]] = []
    for line, cells in lines:
        values = [_text(cell) for cell in cells]
        if not any(values):
            continue
        if not columns:
            columns = _headings(values)
            continue
        if len(rows) >= _MOST_ROWS:
            told = f"超过 {_MOST_ROWS} 行，请分开 / more rows than that"
            raise Refused(UNREAD, told, "file")
        held = zip(columns, values, strict=False)
        rows.append((line, {name: value for name, value in held if name}))
    if not columns:
        raise Refused(UNREAD, "文件是空的 / the file is empty", "file")
    return Sheet([name for name in columns if name], rows)


def _headings(values: list[str]) -> list[str]:
    while values and not values[-1]:
        values.pop()
    if len(values) > _MOST_COLUMNS:
        told = f"超过 {_MOST_COLUMNS} 列 / more columns than that"
        raise Refused(UNREAD, told, "file")
    named = [value for value in values if value]
    for name in named:
        if named.count(name) > 1:
            told = f"列名重复：{name} / a column is named twice"
            raise Refused(UNREAD, told, "file")
    return values


def _csv_lines(body: bytes) -> Iterator[tuple[int, Cells]]:
    text = _decoded(body)
    head = text.partition("\n")[0]
    mark = max(",\t;", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        while True:
            line = reader.line_num + 1
            cells = next(reader, None)
            if cells is None:
                return
            yield line, cells
    except csv.Error as error:
        told = f"第 {reader.line_num} 行读不懂 / cannot read that line: {error}"
        raise Refused(UNREAD, told, "file") from None


def _decoded(body: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    told = "既不是 csv 也不是 xlsx / neither csv nor xlsx"
    raise Refused(UNREAD, told, "file")


def _xlsx_lines(body: bytes) -> Iterator[tuple[int, Cells]]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if sum(one.file_size for one in packed.infolist()) > _MOST_OCTETS:
                raise Refused(UNREAD, "文件太大 / too large", "file")
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        sheet = book.get_sheet_by_index(0)
        return enumerate(sheet.to_python(skip_empty_area=False), 1)
    except (zipfile.BadZipFile, CalamineError) as error:
        told = "不是有效的 xlsx / not a sound xlsx"
        raise Refused(UNREAD, told, "file") from error


def _text(cell: object) -> str:
    """
    A cell as people see it; an apostrophe that made it text is taken off.
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        form = "%Y-%m-%d" if cell.time() == time() else "%Y-%m-%d %H:%M"
        return cell.strftime(form)
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell).strip()
    return text[1:] if text[:1] == "'" and text[1:2] in set("=+-@") else text


def named(columns: Iterable[str], names: Sequence[str]) -> str:
    """
    The column that has one of these names, whatever its case; '' for none.
    """
    by_name = {name.casefold(): name for name in columns}
    return next((by_name[name] for name in names if name in by_name), "")


def xlsx_file(rows: Iterable[Sequence[object]]) -> bytes:
    """
    One sheet; texts stay texts, so that nothing runs and no number loses digits.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("1")
    for row in rows:
        cells = [str(value) for value in row]
        sheet.append([f"'{one}" if one[:1] == "=" else one for one in cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
