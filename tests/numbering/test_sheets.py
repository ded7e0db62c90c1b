"""
Tests of L{smsgw.numbering.sheets}.
"""

import pytest

from smsgw.numbering.sheets import Sheet, carrier_named

NAMES = {"number": ("号码", "number"), "note": ("备注", "note")}


def read(text: str | bytes) -> tuple[list[tuple[int, list[str]]], list[str]]:
    """
    Rows and mistakes of such a sheet, whose notes may be missing.
    """
    sheet = Sheet(NAMES, frozenset({"note"}))
    octets = text if isinstance(text, bytes) else text.encode()
    return list(sheet.rows(octets)), sheet.mistakes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_encodings(encoding: str) -> None:
    """
    What Excel saves in China is read, and what everyone else saves.
    """
    octets = "备注,号码\n张,1\n".encode(encoding)
    assert ([(2, ["1", "张"])], []) == read(octets)


def test_other_octets() -> None:
    """
    What is in no encoding of ours is one mistake, and gives no rows.
    """
    rows, mistakes = read(b"number\n\xff\xff\xff\n")
    assert [] == rows
    assert ["既非 UTF-8 也非 GBK / neither UTF-8 nor GBK"] == mistakes


def test_columns_are_found_by_name() -> None:
    """
    In any order, among others, without case, spaces and full width.
    """
    assert ([(2, ["7", "n"])], []) == read("x, ＮＯＴＥ ,Number\n0,n, 7 \n")


def test_an_optional_column_may_be_missing() -> None:
    """
    Its cells are empty then.
    """
    assert ([(2, ["7", ""])], []) == read("number\n7\n")


def test_a_missing_column_is_a_mistake() -> None:
    """
    Its names are told, and no row is read.
    """
    assert ([], ["缺少列 / no column: 号码 | number"]) == read("note\nx\n")
    assert ([], ["缺少列 / no column: 号码 | number"]) == read("")


def test_comments_and_empty_lines_say_nothing() -> None:
    """
    They count as lines all the same.
    """
    text = "# made up\nnumber,note\n\n# no\n,\n7,x\n"
    assert ([(6, ["7", "x"])], []) == read(text)


def test_a_short_line_is_a_mistake() -> None:
    """
    The others are read nevertheless.
    """
    text = "note,number\nx\ny,8\n"
    assert ([(3, ["8", "y"])], ["line 2: 列数不足 / too few columns"]) == read(text)


def test_tabs_may_stand_between_cells() -> None:
    """
    As spreadsheets copy them; the header tells.
    """
    assert ([(2, ["7", "a,b"])], []) == read("number\tnote\n7\ta,b\n")
    assert ([(2, ["7", "a\tb"])], []) == read("number,note\n7,a\tb\n")


def test_a_broken_quote_is_a_mistake() -> None:
    """
    The end of the file within quotes is told.
    """
    rows, mistakes = read('number,note\n7,"x\n')
    assert [] == rows
    assert "not CSV" in mistakes[0]


@pytest.mark.parametrize(
    ("words", "carrier"),
    [
        ("移动", "mobile"),
        ("中国联通", "unicom"),
        ("虚拟/电信", "telecom"),
        ("China Mobile", "mobile"),
        ("CBN", "broadnet"),
        ("", ""),
        ("未知", ""),
        ("移动/联通", ""),
    ],
)
def test_carriers_by_name(words: str, carrier: str) -> None:
    """
    Common names are understood; of two carriers neither is meant.
    """
    assert carrier == carrier_named(words)
