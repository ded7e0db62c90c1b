"""
Codes to meanings.
"""

import tomllib
from importlib.resources import files

import pytest

from smsgw.protocols.codes import CLASSES, connect_status, stat, submit_result


@pytest.mark.parametrize(
    ("value", "class_", "state"),
    [
        ("DELIVRD", "success", "delivered"),
        ("delivrd\0x", "success", "delivered"),
        ("ACCEPTD", "pending", "pending"),
        ("EXPIRED", "handset_temp", "expired"),
        ("UNKNOWN", "unknown_outcome", "unknown"),
        ("REJECTD", "content", "undelivered"),
        ("MK:0001", "permanent", "undelivered"),
        ("MK00001", "permanent", "undelivered"),
        ("MK:0013", "permanent", "undelivered"),
        ("MI:0013", "handset_temp", "expired"),
        ("MI:0024", "handset_temp", "expired"),
        ("MN:9999", "permanent", "undelivered"),
        ("MM:0777", "unknown_outcome", "unknown"),
        ("ML:0777", "pending", "pending"),
        ("DB:0010", "throttle", "undelivered"),
        ("ID:0008", "throttle", "undelivered"),
        ("ID:0010", "config", "undelivered"),
        ("DB:0141", "blacklist", "undelivered"),
        ("ID:1243", "ported", "undelivered"),
        ("ID:0076", "content", "undelivered"),
        ("MB:0088", "throttle", "undelivered"),
        ("MB:0099", "permanent", "undelivered"),
        ("MA:0054", "carrier_fault", "undelivered"),
        ("MA:0001", "blacklist", "undelivered"),
        ("CA:0001", "permanent", "undelivered"),
        ("MC:0055", "unknown_outcome", "unknown"),
        ("IC:0001", "unknown_outcome", "unknown"),
        ("IB:0008", "throttle", "undelivered"),
        ("CB:0018", "carrier_fault", "undelivered"),
        ("CB:0001", "permanent", "undelivered"),
        ("BLACK", "blacklist", "undelivered"),
        ("SIGFAIL", "content", "undelivered"),
        ("NOROUTE", "config", "undelivered"),
        ("BEYONDN", "quota", "undelivered"),
        ("E:CF", "permanent", "undelivered"),
        ("", "permanent", "undelivered"),
    ],
)
def test_stat(value: str, class_: str, state: str) -> None:
    """
    A Stat has a class and a state, whatever it is.
    """
    meaning = stat(value)
    assert (class_, state) == (meaning.class_.name, meaning.state)


@pytest.mark.parametrize(
    ("result", "class_"),
    [
        (0, "success"),
        (8, "throttle"),
        (9, "ported"),
        (13, "permanent"),
        (33, "permanent"),
        (76, "content"),
        (87, "throttle"),
        (222, "permanent"),
        (4711, "permanent"),
    ],
)
def test_result(result: int, class_: str) -> None:
    """
    A SUBMIT_RESP's Result has a class; unknown ones are final.
    """
    assert class_ == submit_result(result).class_.name


def test_connect() -> None:
    """
    A login's Status has words in both languages.
    """
    meaning = connect_status(3)
    assert ("认证错", "config") == (meaning.zh, meaning.class_.name)
    assert "unknown code" == connect_status(99).en


def test_every_row() -> None:
    """
    Every row has words in both languages and a class that exists.
    """
    text = files("smsgw.protocols.codes").joinpath("cmpp.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    assert set(tables.pop("classes")) == set(CLASSES)
    for name, table in tables.items():
        for key, row in table.items():
            assert row["zh"], (name, key)
            assert row["en"], (name, key)
            assert row["class"] in CLASSES, (name, key)
