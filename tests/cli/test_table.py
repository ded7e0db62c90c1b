"""
Tests for L{smsgw.cli.table}.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from smsgw.cli.table import read_table
from smsgw.config import ConfigError
from smsgw.errors import Refused

CSV = "姓名,手机号,科室\n张三,13800138000,心内科\n李四,13900139000,检验科\n"
TEMPLATE = "{姓名}您好，请到{科室}候诊。"
TEXTS = ["张三您好，请到心内科候诊。", "李四您好，请到检验科候诊。"]


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """
    Writes a CSV file.
    """

    def write(text: str = CSV, coding: str = "utf-8") -> Path:
        path = tmp_path / "rows.csv"
        path.write_bytes(text.encode(coding))
        return path

    return write


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gbk"])
def test_rows_of_any_coding(table: Callable[..., Path], coding: str) -> None:
    """
    UTF-8 with and without BOM, and what Excel writes in China.
    """
    rows = read_table(table(CSV, coding), TEMPLATE, None).items

    assert TEXTS == [row["text"] for row in rows]
    assert ["13800138000", "13900139000"] == [row["to"] for row in rows]
    assert {"to", "text"} == rows[0].keys()


def test_a_row_s_own_reference(table: Callable[..., Path]) -> None:
    """
    A column that is unique per row becomes the reference.
    """
    rows = read_table(table(), TEMPLATE, "姓名").items

    assert ["张三", "李四"] == [row["client_ref"] for row in rows]


def test_cells_as_they_are(table: Callable[..., Path]) -> None:
    """
    Quotes, commas, line ends and odd names of columns do no harm.
    """
    text = '电话,费用[元].x\r\n13800138000,"一,""二""\n三"\r\n'
    (row,) = read_table(table(text), "共{费用[元].x}", None).items

    assert '共一,"二"\n三' == row["text"]


@pytest.mark.parametrize(
    ("text", "template", "ref", "field", "words"),
    [
        (CSV, "{姓名}{医生}", None, "template", "'医生'"),
        (CSV, "{}", None, "template", "no column"),
        (CSV, "{姓名", None, "template", "expected '}'"),
        (CSV, "x", "序号", "ref-column", "'序号'"),
        ("姓名,号码\n张三,1\n", "x", None, "csv", "手机号"),
        ("", "x", None, "csv", "手机号"),
    ],
)
def test_what_does_not_fit(
    table: Callable[..., Path],
    text: str,
    template: str,
    ref: str | None,
    field: str,
    words: str,
) -> None:
    """
    A missing column, a broken template: named.
    """
    with pytest.raises(Refused) as caught:
        read_table(table(text), template, ref)

    assert field == caught.value.field
    assert words in caught.value.detail


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        (CSV + "王五,1\n一,2,内科,4\n", ["4 has not 3 cells", "5 has not 3 cells"]),
        (
            '电话,名\n1,"一\n二"\n3\n4,四\n5\n',
            ["4 has not 2 cells", "6 has not 2 cells"],
        ),
        ('电话,名\n1,"一"二\n', ["2: ',' expected after '\"'"]),
    ],
)
def test_rows_that_are_broken(
    table: Callable[..., Path], text: str, mistakes: list[str]
) -> None:
    """
    All short and long rows are listed, each by the line it begins at.
    """
    with pytest.raises(ConfigError) as caught:
        read_table(table(text), "x", None)

    assert [f"line {one}" for one in mistakes] == caught.value.mistakes


def test_neither_coding(table: Callable[..., Path]) -> None:
    """
    A file of something else is told as that.
    """
    path = table()
    path.write_bytes(b"\xff\xff\xff")
    with pytest.raises(ConfigError, match="neither UTF-8 nor GB18030"):
        read_table(path, "x", None)
