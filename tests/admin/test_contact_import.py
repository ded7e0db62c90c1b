"""
Rows of a table as contacts, judged one by one.
"""

import pytest

from smsgw.admin.contact_import import read_load
from smsgw.admin.sheets import read_sheet
from smsgw.errors import Refused
from smsgw.storage.contacts import SHARED, Contact

TABLE = """姓名,手机,科室,分组,床号
张三,138 0013 8000,心内科,随访；术后,12
李四,1380013800,骨科,,3
,13800138001,,,
王五,13800138000,,,
"""


def test_sound_and_bad_rows() -> None:
    """
    Each bad row says where it is and why; further columns become fields.
    """
    load = read_load(read_sheet(TABLE.encode()), SHARED, "a.csv")
    assert [
        Contact("张三", "13800138000", "心内科", {"床号": "12"}, ("随访", "术后")),
        Contact("13800138001", "13800138001"),
    ] == load.contacts()
    assert [(3, "李四"), (5, "王五")] == [(one.line, one.values[0]) for one in load.bad]
    assert "位数" in load.bad[0].why
    assert "第 2 行" in load.bad[1].why


def test_a_table_without_numbers() -> None:
    """
    It is no address book.
    """
    with pytest.raises(Refused):
        read_load(read_sheet(b"a,b\n1,2\n"), SHARED, "a.csv")
