"""
Tables: as Excel and its friends write them, and what is none.
"""

import io
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook

from smsgw.admin.sheets import named, read_sheet, xlsx_file
from smsgw.errors import Refused


def test_csv_as_it_comes() -> None:
    """
    UTF-8 with its mark, GB18030, tabs; empty rows are passed over, lines are true.
    """
    text = "姓名,手机, 床号 \n\n张三,13800138000,3\n李四,'+8613800138001,\n"
    sheet = read_sheet(text.encode("utf-8-sig"))
    assert ["姓名", "手机", "床号"] == sheet.columns
    assert [
        (3, {"姓名": "张三", "手机": "13800138000", "床号": "3"}),
        (4, {"姓名": "李四", "手机": "+8613800138001", "床号": ""}),
    ] == sheet.rows
    assert sheet == read_sheet(text.replace(",", "\t").encode("gb18030"))


def test_xlsx_as_it_comes() -> None:
    """
    Numbers without a point, dates as people write them.
    """
    book = Workbook()
    page = book.worksheets[0]
    page.append(["姓名", "手机", "时间", "日期", "数", ""])
    page.append(
        [
            "张三",
            13800138000.0,
            datetime.fromisoformat("2026-11-23 09:30"),
            datetime.fromisoformat("2026-11-23"),
            1.5,
            "无名",
        ]
    )
    out = io.BytesIO()
    book.save(out)
    sheet = read_sheet(out.getvalue())
    assert ["姓名", "手机", "时间", "日期", "数"] == sheet.columns
    assert [
        (
            2,
            {
                "姓名": "张三",
                "手机": "13800138000",
                "时间": "2026-11-23 09:30",
                "日期": "2026-11-23",
                "数": "1.5",
            },
        )
    ] == sheet.rows


def test_what_is_written_is_read_again() -> None:
    """
    What looks like a formula is text, and comes back.
    """
    sheet = read_sheet(xlsx_file([["姓名", "手机"], ["=1+1", "013800138000"]]))
    assert [(2, {"姓名": "=1+1", "手机": "013800138000"})] == sheet.rows


def packed(name: str) -> bytes:
    """
    A zip file that is no workbook.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "<a>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "空"),
        (b"\xd0\xcf\x11\xe0 old", ".xls"),
        (b"\xff\xfe\x00\x00", "既不是"),
        (b"PK\x03\x04 and nothing", "xlsx"),
        (packed("a.txt"), "xlsx"),
        (packed("[Content_Types].xml"), "xlsx"),
        ("姓名,姓名\n".encode(), "重复"),
        (",".join(map(str, range(51))).encode(), "列"),
        (b"a\n" + b"1\n" * 100_001, "行"),
    ],
)
def test_what_is_no_table(body: bytes, told: str) -> None:
    """
    Refused in words that say what to do.
    """
    with pytest.raises(Refused) as refused:
        read_sheet(body)
    assert told in refused.value.detail


def test_columns_by_their_names() -> None:
    """
    The first of the names that is there.
    """
    assert "手机号" == named(["姓名", "手机号"], ("手机", "手机号"))
    assert "Mobile" == named(["Mobile"], ("phone", "mobile"))
    assert not named(["x"], ("phone",))
