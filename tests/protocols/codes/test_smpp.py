"""
SMPP's codes to meanings.
"""

import pytest

from smsgw.protocols.codes import CLASSES
from smsgw.protocols.codes.smpp import (
    STAT_OF,
    bind_status,
    command_status,
    receipt,
    status_text,
)
from smsgw.protocols.codes.tables import read_tables


@pytest.mark.parametrize(
    ("code", "class_"),
    [
        (0x00, "success"),
        (0x04, "carrier_fault"),
        (0x08, "carrier_fault"),
        (0x0A, "config"),
        (0x0B, "permanent"),
        (0x14, "throttle"),
        (0x45, "permanent"),
        (0x48, "permanent"),
        (0x51, "permanent"),
        (0x58, "throttle"),
        (0x64, "carrier_fault"),
        (0xC4, "permanent"),
        (0xFF, "carrier_fault"),
        (0x103, "content"),
        (0x112, "permanent"),
        (0x4FF, "permanent"),
        (0x22, "permanent"),
        (0xFFFFFFFF, "permanent"),
    ],
)
def test_submit(code: int, class_: str) -> None:
    """
    A result has a class; unknown ones are final.
    """
    assert class_ == command_status(code).class_.name


@pytest.mark.parametrize(
    ("code", "class_"),
    [
        (0x00, "success"),
        (0x05, "quota"),
        (0x08, "carrier_fault"),
        (0x0D, "config"),
        (0x0E, "config"),
        (0x53, "config"),
        (0x58, "quota"),
        (0x22, "config"),
    ],
)
def test_bind(code: int, class_: str) -> None:
    """
    What a bind is refused for is ours to mend, or passes.
    """
    assert class_ == bind_status(code).class_.name


def test_words() -> None:
    """
    A code has words in both languages, and is written in hex.
    """
    meaning = command_status(0x58)
    assert ("0x58", "流量控制", "throttled") == (meaning.code, meaning.zh, meaning.en)
    assert "unknown code" == command_status(0x22).en
    assert ["0x08", "0x401"] == [status_text(0x08), status_text(0x401)]


@pytest.mark.parametrize(
    ("told", "code", "class_", "state"),
    [
        (("DELIVRD", "000"), "DELIVRD", "success", "delivered"),
        (("DELIVERED", "0"), "DELIVRD", "success", "delivered"),
        (("delivrd", ""), "DELIVRD", "success", "delivered"),
        (("EXPIRED", "00A"), "EXPIRED/00A", "handset_temp", "expired"),
        (("UNDELIV", "001", 5), "UNDELIV/001", "permanent", "undelivered"),
        (("UNDELIVERABLE", "1"), "UNDELIV/1", "permanent", "undelivered"),
        (("ACCEPTD", "107"), "ACCEPTD/107", "pending", "pending"),
        (("ENROUTE", ""), "ENROUTE", "pending", "pending"),
        (("SCHEDULED", "", 0), "SCHEDULED", "pending", "pending"),
        (("UNKNOWN", ""), "UNKNOWN", "unknown_outcome", "unknown"),
        (("REJECTD", ""), "REJECTD", "permanent", "undelivered"),
        (("", "", 9), "SKIPPED", "permanent", "undelivered"),
        (("UNDELIV", "", 2), "DELIVRD", "success", "delivered"),
        (("DELIVRD", "", 99), "DELIVRD", "success", "delivered"),
        (("MI:0024", "", 5), "MI:0024", "permanent", "undelivered"),
        (("MI:0024", "", 3), "MI:0024", "handset_temp", "expired"),
        (("MK:0001", "001"), "MK:0001/001", "permanent", "undelivered"),
        (("BLACK", "", 5), "BLACK", "blacklist", "undelivered"),
        (("OK", "", 2), "OK", "success", "delivered"),
        (("", ""), "", "permanent", "undelivered"),
    ],
)
def test_receipt(
    told: tuple[str, str, int], code: str, class_: str, state: str
) -> None:
    """
    A receipt has a class and a state, whatever it says; a message_state wins.
    """
    meaning = receipt(*told)
    assert (code, class_, state) == (meaning.code, meaning.class_.name, meaning.state)


def test_message_states() -> None:
    """
    Every message_state has its stat.
    """
    assert list(range(10)) == sorted(STAT_OF)
    assert "DELIVRD" == STAT_OF[2]


def test_every_row() -> None:
    """
    Every row has words in both languages and a class that exists.
    """
    for name, table in read_tables("smpp").items():
        for key, row in table.items():
            assert row["zh"], (name, key)
            assert row["en"], (name, key)
            assert row["class"] in CLASSES, (name, key)
