"""
Files for table programs.
"""

from smsgw.admin.tables import csv_file


def test_formulas_are_text() -> None:
    """
    Opening a file runs nothing.
    """
    body = csv_file([["a", 1], ["=1+1", "@x"], ["中", "-"]]).decode("utf-8-sig")
    assert ["a,1", "'=1+1,'@x", "中,'-"] == body.split()
