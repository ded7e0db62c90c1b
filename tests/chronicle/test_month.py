"""
Tests for L{smsgw.chronicle.month}.
"""

from collections import Counter

from smsgw.chronicle.curves import DAY
from smsgw.chronicle.month import Month, Stretch
from smsgw.directory import Account, Channel, Directory, Group, Rule
from smsgw.ids import milliseconds_of
from smsgw.message import FINAL, Chunk, Fact
from smsgw.simulator.chance import Chance
from smsgw.storage.fold import read_stretch

END = 1_795_406_400.0  # 2026-11-23 12:00 in China, a Monday
CATEGORIES = ("appointment", "otp", "report", "marketing")
DIRECTORY = Directory(
    accounts={
        one: Account(one, one, "main", "示范医院", one, f"0{n}")
        for n, one in enumerate(CATEGORIES)
    },
    channels={
        one: Channel(one, one, one, "cmpp", "", "", "", access_number="1069")
        for one in ("mobile", "unicom")
    },
    groups={"all": Group("all", ())},
    rules=(Rule("everything", 1, "all"),),
)


def days(seed: int = 1) -> list[Stretch]:
    """
    Three days, Saturday to Monday noon.
    """
    return list(Month(DIRECTORY, Chance(seed), END, 3, 800).stretches())


def told(stretches: list[Stretch]) -> tuple[list[Chunk], list[Fact]]:
    """
    Everything in it.
    """
    read = [read_stretch(one.items) for one in stretches]
    chunks = [chunk for one in read for chunk in one.chunks]
    return chunks, [fact for one in read for fact in one.facts]


def test_the_same_again() -> None:
    """
    A seed and an end make one past only.
    """
    assert days() == days()
    assert days() != days(2)


def test_each_message_ends() -> None:
    """
    Within the time, in order, each exactly once and never before it was accepted.
    """
    chunks, facts = told(days())
    ids = [one for chunk in chunks for one in chunk.ids]
    assert sorted(ids) == ids
    assert len(set(ids)) == len(ids) == sum(one.accepted for one in days())
    assert all(milliseconds_of(one) <= END * 1000 for one in ids)
    times = [one.at for one in facts]
    assert sorted(times) == times
    assert END >= times[-1]
    ends = Counter(one.message for one in facts if one.state in FINAL)
    assert set(ids) == set(ends)
    assert {1} == set(ends.values())


def test_facts_follow_what_they_are_about() -> None:
    """
    No stretch tells of a message that none before has brought.
    """
    known: set[str] = set()
    for one in days():
        read = read_stretch(one.items)
        known |= read.fresh()
        assert read.wanted() <= known


def test_weekends_are_quiet() -> None:
    """
    Half a Monday brings more than half of a Saturday; both have their batches.
    """
    chunks, facts = told(days())
    by_day = Counter(int((END + DAY / 2 - one.accepted_at) // DAY) for one in chunks)
    assert by_day[0] > by_day[2] / 2
    assert any(len(one.ids) > 20 for one in chunks)
    assert any(one.kind == "inbound" for one in facts)


def test_who_opted_out_is_left_alone() -> None:
    """
    What comes after is stopped with our own code, but for codes.
    """
    some = Month(DIRECTORY, Chance(1), END, 6, 3_000)
    chunks, facts = told(list(some.stretches()))
    owners = {one: chunk.account for chunk in chunks for one in chunk.ids}
    blocked = [one for one in facts if one.kind == "rejected"]
    assert blocked
    assert {"4101"} == {one.code for one in blocked}
    assert "otp" not in {owners[one.message] for one in blocked}
