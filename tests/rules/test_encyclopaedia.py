"""
Tests of L{smsgw.rules.encyclopaedia}.
"""

import attrs
import pytest

from smsgw.directory import Channel
from smsgw.protocols.codes import CLASSES
from smsgw.protocols.codes.tables import read_tables
from smsgw.rules.blame import WORDS
from smsgw.rules.encyclopaedia import (
    ADVICE,
    PROTOCOLS,
    Encyclopaedia,
    Override,
    chapters,
    meaning_of,
)


def channel(name: str, protocol: str, **settings: str) -> Channel:
    """
    One that speaks a protocol.
    """
    return Channel(
        name, name, "mobile", protocol, "tcp:h:1", "sp", "", settings=settings
    )


CHANNELS = {
    "cm": channel("cm", "cmpp"),
    "cu": channel("cu", "sgip"),
    "ct": channel("ct", "smgp"),
    "old": channel("old", "smgp", status_table="old"),
    "odd": channel("odd", "smgp", status_table="none"),
    "intl": channel("intl", "smpp"),
    "web": channel("web", "http"),
}


@pytest.mark.parametrize(
    ("where", "code", "receipt", "class_", "who", "counted", "known"),
    [
        ("cm", "9", False, "ported", "platform", True, True),
        ("cm", "69", False, "blacklist", "policy", False, True),
        ("cm", "MA:0001", True, "blacklist", "policy", False, True),
        ("cm", "MA:0051", True, "carrier_fault", "carrier", False, True),
        ("cm", "MK:0012", True, "permanent", "subscriber", True, True),
        ("cm", "MI:0008", True, "handset_temp", "handset", False, True),
        ("cm", "DELIVRD", True, "success", "", True, True),
        ("cm", "WHATEVER", True, "permanent", "unknown", True, False),
        ("cm", "4711", False, "permanent", "unknown", True, False),
        ("cm", "x", False, "permanent", "unknown", True, False),
        ("cu", "6", False, "permanent", "subscriber", True, True),
        ("cu", "IB:0011", True, "carrier_fault", "carrier", False, True),
        ("cu", "DELIVRD", True, "success", "", True, True),
        ("ct", "39", False, "ported", "platform", True, True),
        ("ct", "UNDELIV/005", True, "blacklist", "policy", False, True),
        ("ct", "UNDELIV", True, "permanent", "subscriber", True, True),
        ("ct", "XX:0001", True, "permanent", "unknown", True, False),
        ("odd", "39", False, "ported", "platform", True, True),
        ("intl", "0x58", False, "throttle", "platform", True, True),
        ("intl", "88", False, "throttle", "platform", True, True),
        ("intl", "EXPIRED", True, "handset_temp", "handset", False, True),
        ("intl", "UNDELIV/001", True, "permanent", "subscriber", True, True),
        ("web", "MA:0051", True, "carrier_fault", "carrier", False, True),
        ("gone", "UNDELIV", True, "permanent", "subscriber", True, True),
    ],
)
def test_an_entry(
    where: str,
    code: str,
    receipt: bool,
    class_: str,
    who: str,
    counted: bool,
    known: bool,
) -> None:
    """
    Each protocol's codes of answers and of receipts; unknown ones fail nothing.
    """
    found = Encyclopaedia.of(CHANNELS).entry(where, code, receipt)

    assert (class_, who, counted, known) == (
        found.class_.name,
        found.responsible,
        found.counts,
        found.known,
    )
    assert found.zh
    assert found.en


def test_a_number_has_several_uses() -> None:
    """
    An old SMGP gateway's table is not the standard's.
    """
    book = Encyclopaedia.of(CHANNELS)

    assert book.entry("ct", "1", False).zh != book.entry("old", "1", False).zh


def test_an_override() -> None:
    """
    A channel's own meaning wins there, and nowhere else; a class that is none
    changes nothing.
    """
    book = Encyclopaedia.of(
        CHANNELS,
        [
            Override("web", "E7", "carrier_fault", "上游拥塞", "upstream is full"),
            Override("cm", "9", "config"),
            Override("ct", "39", "no such class"),
        ],
    )
    entry = book.entry("web", "E7", True)

    assert ("上游拥塞", "carrier", False, True, True) == (
        entry.zh,
        entry.responsible,
        entry.counts,
        entry.known,
        entry.overridden,
    )
    assert "carrier_fault" == book.class_of("web", "E7", True)
    assert "config" == book.class_of("cm", "9", False, "ported")
    assert "本网关不负责服务此计费号码" == book.entry("cm", "9", False).zh
    assert "ported" == book.class_of("ct", "39", False)
    assert "throttle" == book.class_of("cm", "E7", True, "throttle")
    assert "permanent" == book.class_of("cm", "E7", True)


def test_what_contracts_say() -> None:
    """
    Classes in a vendor's contract or an SMPP channel's settings; a row wins.
    """
    vendor = {"answer": {"classes": {"E1": "quota", "E2": "config", "*": "content"}}}
    web = attrs.evolve(CHANNELS["web"], vendor=vendor)
    intl = channel("intl", "smpp", status_classes="0x45=carrier_fault 1=blacklist x")
    channels = {"web": web, "intl": intl}
    book = Encyclopaedia.of(channels, [Override("web", "E2", "ported")])

    assert ("quota", True) == (
        book.class_of("web", "E1", True),
        book.entry("web", "E1", False).known,
    )
    assert "ported" == book.class_of("web", "E2", True)
    assert not book.entry("web", "E3", False).known
    assert "carrier_fault" == book.class_of("intl", "0x45", False)
    assert "提交失败" == book.entry("intl", "0x45", False).zh
    assert "blacklist" == book.class_of("intl", "0x01", False)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_row_is_there(protocol: str) -> None:
    """
    No row of a table is lost, and each has all there is to say.
    """
    tables = {k: v for k, v in read_tables(protocol).items() if k != "classes"}
    found = chapters(protocol)

    assert {name: list(rows) for name, rows in tables.items()} == {
        name: list(rows) for name, rows in found.items()
    }
    for rows in found.values():
        for entry in rows.values():
            assert entry.zh
            assert entry.en
            assert entry.responsible in {"", *WORDS}
            assert all(entry.advice)


def test_advice_for_every_class() -> None:
    """
    The words are those of the classes' retries, all of them and no more.
    """
    assert set(ADVICE) == {one.retry for one in CLASSES.values()}


def test_meanings_do_not_need_a_channel() -> None:
    """
    A code alone, as an operator asks.
    """
    assert "流量控制错" == meaning_of("cmpp", "8", False).zh
    assert "未知代码" == meaning_of("nonsense", "?", False).zh
