"""
SGIP's codes to meanings.
"""

import pytest

from smsgw.protocols.codes import CLASSES
from smsgw.protocols.codes.sgip import bind_result, error_of, report, submit_result
from smsgw.protocols.codes.tables import read_tables


@pytest.mark.parametrize(
    ("codes", "class_"),
    [
        ([0], "success"),
        ([11, 33, 77, 85, 86, 87, 88], "throttle"),
        ([3, 21, 51, 53, 54, 70, 73, 74, 75, 84, 90, 111, 112], "carrier_fault"),
        ([22, 23, 71, 72, 82], "carrier_fault"),
        ([52, 1, 2, 4], "config"),
        ([5, 7, 8, 10, 19, 32, 63, 78, 80, 83, 91, 94, 113, 115], "config"),
        ([6, 9, 24, 29, 81, 109, 18, 106], "permanent"),
        ([50, 76], "content"),
        ([69, 110], "blacklist"),
        ([38, 182], "quota"),
        ([12, 47, 200, 4711], "permanent"),
    ],
)
def test_submit(codes: list[int], class_: str) -> None:
    """
    A Result has a class; unknown ones are final.
    """
    assert [class_] * len(codes) == [submit_result(code).class_.name for code in codes]


@pytest.mark.parametrize(
    ("codes", "class_"),
    [
        ([0], "success"),
        ([1, 4, 10, 5, 52, 69, 200, 4711], "config"),
        ([2], "carrier_fault"),
        ([3, 11, 33, 34, 88], "throttle"),
    ],
)
def test_bind(codes: list[int], class_: str) -> None:
    """
    What a login is refused for is ours to mend, or passes.
    """
    assert [class_] * len(codes) == [bind_result(code).class_.name for code in codes]


@pytest.mark.parametrize(
    ("errors", "class_", "state"),
    [
        ([25, 26, 28, 66], "handset_temp", "undelivered"),
        ([61, 55], "handset_temp", "expired"),
        ([6, 27, 29, 30, 31, 68, 56, 108], "permanent", "undelivered"),
        ([24, 34, 94, 109, 106, 18, 0], "permanent", "undelivered"),
        ([32, 33, 21, 70, 73, 75, 84, 86, 88, 11], "carrier_fault", "undelivered"),
        ([22, 23, 72, 82], "carrier_fault", "undelivered"),
        ([50, 76], "content", "undelivered"),
        ([69, 110, 64, 65, 67, 40], "blacklist", "undelivered"),
        ([1, 5, 13, 77, 182, 200, 255], "permanent", "undelivered"),
    ],
)
def test_failed(errors: list[int], class_: str, state: str) -> None:
    """
    A failure's class and state are those of its ErrorCode.
    """
    for error in errors:
        told = report(2, error)
        assert (class_, state) == (told.class_.name, told.state), error


@pytest.mark.parametrize(
    ("state", "code", "class_", "means"),
    [
        (0, "DELIVRD", "success", "delivered"),
        (1, "ACCEPTD", "pending", "pending"),
        (3, "UNKNOWN", "unknown_outcome", "unknown"),
        (255, "UNKNOWN", "unknown_outcome", "unknown"),
    ],
)
def test_states(state: int, code: str, class_: str, means: str) -> None:
    """
    An ErrorCode says nothing in other states than the failure's.
    """
    for error in (0, 69):
        told = report(state, error)
        assert (code, class_, means) == (told.code, told.class_.name, told.state)


def test_words() -> None:
    """
    The same number says other things in other places.
    """
    assert "消息格式错" == submit_result(32).zh
    assert "system failure" == report(2, 32).en
    assert "登录过于频繁" == bind_result(34).zh
    assert "预付费平台扣费失败" == report(2, 34).zh
    assert "unknown code" == submit_result(4711).en


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("IB:0069", 69),
        ("IB:0000", 0),
        ("IB:0256", -1),
        ("IB:00690", -1),
        ("IB:٠٠٦٩", -1),
        ("MK:0001", -1),
        ("", -1),
    ],
)
def test_error_of(code: str, error: int) -> None:
    """
    The text form of a failure gives its ErrorCode back.
    """
    assert error == error_of(code)


def test_every_row() -> None:
    """
    Every row has words in both languages and a class that exists.
    """
    for name, table in read_tables("sgip").items():
        for key, row in table.items():
            assert row["zh"], (name, key)
            assert row["en"], (name, key)
            assert row["class"] in CLASSES, (name, key)
