"""
SMGP's codes to meanings.
"""

import pytest

from smsgw.protocols.codes import CLASSES
from smsgw.protocols.codes.smgp import login_status, report, submit_status
from smsgw.protocols.codes.tables import read_tables


@pytest.mark.parametrize(
    ("code", "table", "class_"),
    [
        (0, "standard", "success"),
        (1, "standard", "throttle"),
        (8, "standard", "permanent"),
        (8, "old", "throttle"),
        (0, "old", "success"),
        (10, "standard", "config"),
        (10, "old", "permanent"),
        (12, "standard", "permanent"),
        (39, "standard", "ported"),
        (47, "standard", "permanent"),
        (75, "standard", "quota"),
        (103, "vendor", "throttle"),
        (106, "vendor", "content"),
        (47, "vendor", "permanent"),
        (116, "standard", "permanent"),
        (116, "vendor", "blacklist"),
        (4711, "standard", "permanent"),
    ],
)
def test_submit(code: int, table: str, class_: str) -> None:
    """
    A number has the class of its channel's table; unknown ones are final.
    """
    assert class_ == submit_status(code, table).class_.name


@pytest.mark.parametrize(
    ("code", "class_"),
    [
        (0, "success"),
        (1, "carrier_fault"),
        (2, "quota"),
        (21, "config"),
        (72, "config"),
        (47, "config"),
        (4711, "config"),
    ],
)
def test_login(code: int, class_: str) -> None:
    """
    What a login is refused for is ours to mend, or passes.
    """
    assert class_ == login_status(code).class_.name


def test_words() -> None:
    """
    A code has words in both languages.
    """
    meaning = login_status(21)
    assert ("认证错", "authentication failed") == (meaning.zh, meaning.en)
    assert "unknown code" == submit_status(4711).en
    assert "用户在黑名单内" == report("UNDELIV", "005").zh


@pytest.mark.parametrize(
    ("stat", "err", "code", "class_", "state"),
    [
        ("DELIVRD", "000", "DELIVRD", "success", "delivered"),
        ("DELIVRD", "006", "DELIVRD/006", "success", "delivered"),
        ("EXPIRED", "001", "EXPIRED/001", "handset_temp", "expired"),
        ("EXPIRED", "006", "EXPIRED/006", "handset_temp", "expired"),
        ("UNDELIV", "", "UNDELIV", "permanent", "undelivered"),
        ("UNDELIV", "001", "UNDELIV/001", "handset_temp", "undelivered"),
        ("UNDELIV", "005", "UNDELIV/005", "blacklist", "undelivered"),
        ("UNDELIV", "006", "UNDELIV/006", "carrier_fault", "undelivered"),
        ("UNDELIV", "x05", "UNDELIV/x05", "permanent", "undelivered"),
        ("UNDELIV", "²", "UNDELIV/²", "permanent", "undelivered"),
        ("ACCEPTD", "000", "ACCEPTD", "pending", "pending"),
        ("UNKNOWN", "999", "UNKNOWN/999", "unknown_outcome", "unknown"),
        ("rejectd", "0", "REJECTD", "permanent", "undelivered"),
        ("BWLISTS", "163", "BWLISTS/163", "blacklist", "undelivered"),
        ("VMFLUCTL", "", "VMFLUCTL", "throttle", "undelivered"),
        ("RT:0005", "005", "RT:0005/005", "permanent", "undelivered"),
        ("IC:0001", "", "IC:0001", "permanent", "undelivered"),
        ("XBLACK", "", "XBLACK", "blacklist", "undelivered"),
        ("KEYWORD", "148", "KEYWORD/148", "content", "undelivered"),
        ("", "", "", "permanent", "undelivered"),
    ],
)
def test_report(stat: str, err: str, code: str, class_: str, state: str) -> None:
    """
    A report has a class and a state, whatever it says.
    """
    meaning = report(stat, err)
    assert (code, class_, state) == (meaning.code, meaning.class_.name, meaning.state)


def test_every_row() -> None:
    """
    Every row has words in both languages and a class that exists.
    """
    for name, table in read_tables("smgp").items():
        for key, row in table.items():
            assert row["zh"], (name, key)
            assert row["en"], (name, key)
            assert row["class"] in CLASSES, (name, key)
